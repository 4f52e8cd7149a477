// A cluster as the views see it, embedded or remote.
import type { MachineSpec, NewCluster } from "../api/clusterSpec.ts";
import type { ComponentName, SimulatorStatus } from "../api/clusterStatus.ts";
import type {
  EtcdFolder,
  EtcdKeyPage,
  EtcdKeyQuery,
  EtcdMemberCount,
  EtcdRevision,
} from "../api/etcdKeys.ts";
import type { Fault, NodeService } from "../api/fault.ts";
import type { ForwardTarget } from "../api/forwardTarget.ts";
import type { KubeObject } from "../api/object.ts";
import type { ProxyRuleForm } from "../api/proxyRuleForm.ts";
import type { RequestTrace, TraceRequest } from "../api/requestTrace.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import type { Disposable } from "../base/disposable.ts";
import type { Event } from "../base/emitter.ts";
import type { Millis } from "../base/time.ts";
import type { OpenDoor } from "./engineContract.ts";
import type { ResourceClient } from "./resourceClient.ts";

export interface Cluster extends Disposable {
  readonly name: string;
  readonly client: ResourceClient;
  readonly timeline: TimelineSource;
  /** Absent on a remote cluster: the controls are hidden then. */
  readonly simulator?: Simulator;
}

export interface TimelineSource {
  /** Everything kept from event `from` on (1 for all), then what happens, in batches, until aborted. */
  events(from: number, signal: AbortSignal): AsyncIterable<readonly TraceEvent[]>;
  /** The matrix behind a `schedule` event; undefined once its revision is compacted. */
  explain(scheduleEventId: number): Promise<SchedulingExplanation | undefined>;
}

/** What only a simulated cluster can do. */
export interface Simulator {
  /** The state at this moment; `onStatus` fires a few times a second while anything changes. */
  readonly status: SimulatorStatus;
  readonly onStatus: Event<SimulatorStatus>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** 0.1 to 600 times wall time. */
  setSpeed(speed: number): Promise<void>;
  /** Runs `span` of cluster time at once; the next task alone if it is absent. */
  step(span?: Millis): Promise<void>;
  /** kube-scheduler's policy, a KubeSchedulerConfiguration in YAML. */
  schedulerConfiguration(): Promise<string>;
  /** Resolves to what is wrong with it; to nothing if kube-scheduler runs by it now. */
  setSchedulerConfiguration(text: string): Promise<readonly string[]>;
  readonly etcd: EtcdControl;
  readonly machines: MachineControl;
  readonly files: ClusterFiles;
  readonly network: NetworkTools;
  /** The newest lines that a component of the control plane has written, oldest first. */
  componentLog(name: ComponentName): Promise<readonly string[]>;
  /** What kubeadm wrote when it set the cluster up; nothing if it did not. */
  kubeadmTranscript(): Promise<readonly string[]>;
  /** The same of an agent of a machine. */
  agentLog(node: string, service: NodeService): Promise<readonly string[]>;
  inject(fault: Fault): Promise<void>;
  heal(fault: Fault): Promise<void>;
  /** Lets kubectl and Helm in, at `port` of the loopback address or any if it is 0. */
  listen(port: number): Promise<OpenDoor>;
}

/** A look into etcd, and how many members it has. */
export interface EtcdControl {
  /** Rejects with etcd's words if a majority does not agree. */
  setMembers(count: EtcdMemberCount): Promise<void>;
  folders(): Promise<readonly EtcdFolder[]>;
  keys(query: EtcdKeyQuery): Promise<EtcdKeyPage>;
  /** The kept changes of a key, newest first. */
  history(key: string): Promise<readonly EtcdRevision[]>;
  /** What a key held at a revision; undefined if it did not exist. Rejects if that is compacted. */
  value(key: string, revision: number): Promise<unknown>;
}

/** A look into the cluster's network. */
export interface NetworkTools {
  /** Follows a request hop by hop without sending it. Rejects if its source or target is not there. */
  trace(request: TraceRequest): Promise<RequestTrace>;
  /** The rules of a node's kube-proxy, as `iptables-save -c` or `nft list table` print them. */
  rules(node: string, form: ProxyRuleForm): Promise<string>;
  /** A port of the loopback address that leads to the target, open as long as the cluster is. */
  forward(target: ForwardTarget): Promise<number>;
}

/** Which machines the cluster has. */
export interface MachineControl {
  /** Rejects with what is wrong with it, or if there is one of that name. */
  add(machine: MachineSpec): Promise<void>;
  /** Takes it away at once, or once its Pods have left. Rejects if it runs the control plane. */
  remove(node: string, how: "drain" | "pullThePlug"): Promise<void>;
}

/** The cluster as something that can be carried away, brought back, and begun anew. */
export interface ClusterFiles {
  /** What people made, without what the cluster adds, in an order in which it can be applied. */
  exportObjects(): Promise<readonly KubeObject[]>;
  /** Writes everything, history included, to a file; one that is there is replaced. */
  exportSnapshot(path: string): Promise<void>;
  /** Puts a snapshot in the place of everything. The engine stops for it and has to be opened again. */
  importSnapshot(path: string): Promise<void>;
  /** Puts a new cluster in the place of everything. The engine stops for it and has to be opened again. */
  create(spec: NewCluster): Promise<void>;
  /** Forgets everything. The engine stops for it and has to be opened again. */
  reset(): Promise<void>;
}

export type { ControllerStatus, SimulatorStatus } from "../api/clusterStatus.ts";
