// What a simulated cluster begins with: its machines, and how its control plane comes to be there.
import type { Quantity, Taint } from "./types.ts";

export interface MachineSpec {
  readonly name: string;
  readonly role: "control-plane" | "worker";
  readonly cpu: Quantity;
  readonly memory: Quantity;
  /** "100Gi" if absent. */
  readonly ephemeralStorage?: Quantity;
  /** How many Pods the kubelet takes; 110 if absent, as maxPods. */
  readonly pods?: number;
  readonly zone?: string;
  readonly region?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** A control plane's machine that takes all Pods, as kind has it in clusters without workers. */
  readonly isUntainted?: boolean;
}

export type SetUp =
  /** Its components are static Pods of its machine, kube-proxy is a DaemonSet, nodes join by a token. */
  | "kubeadm"
  /** Its components are services of its machine, and so is kube-proxy on each: no Pod is there. */
  | "services"
  /** As services, none of which runs at the start: everything is started by hand, one after the other. */
  | "byHand";

export interface ClusterSpec {
  readonly machines: readonly MachineSpec[];
  /** How the control plane comes to be there; "services" if absent. */
  readonly setUp?: SetUp;
  /** Whether there is a default StorageClass with a provisioner; true if absent. */
  readonly hasDefaultStorage?: boolean;
  /** Whether metrics-server answers for metrics.k8s.io; false if absent. */
  readonly hasMetricsServer?: boolean;
  /** Whether kubeadm installs kube-proxy; true if absent. */
  readonly hasKubeProxy?: boolean;
}

/** A cluster that is to be made: what it does not say is as usual. */
export type NewCluster = Partial<ClusterSpec>;

/** Of a machine of which nothing else is said. */
export const usualSize = { cpu: "4", memory: "8Gi" } as const;
