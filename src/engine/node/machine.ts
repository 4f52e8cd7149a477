// A machine of the cluster as data, and the Node that its kubelet registers for it.
// Source: pkg/kubelet/kubelet_node_status.go initialNode and nodestatus/setters.go, kubernetes v1.34.

import { type MachineSpec, usualSize } from "../../api/clusterSpec.ts";
import type { PressedResource } from "../../api/fault.ts";
import { isKubeletLabel } from "../../api/kinds/node/kubeletLabels.ts";
import { amountOf, quantityText, wholeAmount, wholeValueOf } from "../../api/quantity.ts";
import type { Node, NodeSystemInfo, Quantity, Taint } from "../../api/types.ts";
import { digestOf } from "./imageStore.ts";

export const kubeletVersion = "v1.34.1";
const kubeletPort = 10_250;
const evictionMemory = amountBytes("100Mi");
/** nodefs.available<10%. */
const evictionStorageShare = 0.1;

/** Images that a machine has from the start, as kubeadm pulls them. */
export function preloadedImages({ role }: MachineSpec): readonly string[] {
  const onAll = [`registry.k8s.io/kube-proxy:${kubeletVersion}`, "registry.k8s.io/pause:3.10.1"];
  if (role === "worker") return onAll;
  return [
    ...onAll,
    "registry.k8s.io/etcd:3.6.4-0",
    `registry.k8s.io/kube-apiserver:${kubeletVersion}`,
    `registry.k8s.io/kube-controller-manager:${kubeletVersion}`,
    `registry.k8s.io/kube-scheduler:${kubeletVersion}`,
    "registry.k8s.io/coredns/coredns:v1.12.1",
  ];
}

/** The machine that somebody means who makes a Node by hand; what the Node does not say is usual. */
export function machineOf({ metadata, spec, status }: Node): MachineSpec {
  const { labels = {}, name } = metadata;
  const {
    cpu = usualSize.cpu,
    memory = usualSize.memory,
    pods,
    "ephemeral-storage": storage,
  } = status?.capacity ?? {};
  const zone = labels["topology.kubernetes.io/zone"];
  const region = labels["topology.kubernetes.io/region"];
  return {
    name,
    role: "worker",
    cpu,
    memory,
    ...(storage === undefined ? {} : { ephemeralStorage: storage }),
    ...(pods === undefined ? {} : { pods: Number(pods) }),
    ...(zone === undefined ? {} : { zone }),
    ...(region === undefined ? {} : { region }),
    ...(spec.taints ? { taints: spec.taints } : {}),
  };
}

/** The Node without its status. */
export function initialNode(machine: MachineSpec): Node {
  const taints = taintsOf(machine);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: machine.name,
      labels: labelsOf(machine),
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: taints.length > 0 ? { taints } : {},
  };
}

/** Labels that the kubelet sets, and keeps right: those of the machine that kubelets may set. */
export function labelsOf({ name, zone, region, labels = {} }: MachineSpec) {
  return {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    ...(region === undefined ? {} : { "topology.kubernetes.io/region": region }),
    ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
    ...Object.fromEntries(Object.entries(labels).filter(([key]) => isKubeletLabel(key))),
  };
}

/** The other labels: whoever lets the machine join sets them, as kubeadm's mark-control-plane does. */
export function administratorLabels({
  role,
  labels = {},
}: MachineSpec): Readonly<Record<string, string>> {
  return {
    ...(role === "control-plane" ? controlPlaneLabels : {}),
    ...Object.fromEntries(Object.entries(labels).filter(([key]) => !isKubeletLabel(key))),
  };
}

const controlPlaneLabels = {
  "node-role.kubernetes.io/control-plane": "",
  "node.kubernetes.io/exclude-from-external-load-balancers": "",
};

function taintsOf({ role, taints = [], isUntainted }: MachineSpec): readonly Taint[] {
  if (role === "worker" || isUntainted) return taints;
  return [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }, ...taints];
}

/** Everything that the machine has. */
export function capacityOf(machine: MachineSpec): Readonly<Record<string, Quantity>> {
  return {
    cpu: machine.cpu,
    "ephemeral-storage": binary(storageBytes(machine)),
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: binary(amountBytes(machine.memory)),
    pods: String(machine.pods ?? 110),
  };
}

/** What Pods may have of it: without system reservations, all but the hard eviction thresholds. */
export function allocatableOf(machine: MachineSpec): Readonly<Record<string, Quantity>> {
  const storage = storageBytes(machine);
  return {
    ...capacityOf(machine),
    "ephemeral-storage": binary(storage - Math.floor(storage * evictionStorageShare)),
    memory: binary(Math.max(0, amountBytes(machine.memory) - evictionMemory)),
  };
}

/** What there is of a resource, and how much is left when the kubelet begins to evict, in bytes. */
export function limitsOf(
  machine: MachineSpec,
  resource: PressedResource,
): { readonly capacity: number; readonly threshold: number } {
  if (resource === "memory")
    return { capacity: amountBytes(machine.memory), threshold: evictionMemory };
  const capacity = storageBytes(machine);
  return { capacity, threshold: Math.floor(capacity * evictionStorageShare) };
}

/** @param bootID tells one boot of the machine from the next */
export function nodeInfoOf({ name }: MachineSpec, bootID: string): NodeSystemInfo {
  return {
    architecture: "amd64",
    bootID,
    containerRuntimeVersion: "containerd://2.1.4",
    kernelVersion: "6.8.0-79-generic",
    kubeProxyVersion: "",
    kubeletVersion,
    machineID: digestOf(`machine ${name}`).slice(0, 32),
    operatingSystem: "linux",
    osImage: "Ubuntu 24.04.3 LTS",
    systemUUID: uuidOf(`system ${name}`),
  };
}

export const daemonEndpoints = { kubeletEndpoint: { Port: kubeletPort } };

export const runtimeHandlers = ["", "runc"].map((name) => ({
  name,
  features: { recursiveReadOnlyMounts: true, userNamespaces: true },
}));

function storageBytes({ ephemeralStorage = "100Gi" }: MachineSpec): number {
  return amountBytes(ephemeralStorage);
}

function amountBytes(quantity: Quantity): number {
  return wholeValueOf(amountOf(quantity));
}

/** As the API prints it: "4Gi", "3996Mi". */
function binary(bytes: number): string {
  return quantityText(wholeAmount(bytes, "BinarySI"));
}

function uuidOf(text: string): string {
  const hex = digestOf(text);
  return [0, 8, 12, 16, 20].map((at, i) => hex.slice(at, [8, 12, 16, 20, 32][i])).join("-");
}
