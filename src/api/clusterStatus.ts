// How the components of a simulated cluster are doing, as numbers: what the tree shows.

import type { Instant } from "../base/time.ts";
import type { SetUp } from "./clusterSpec.ts";
import type { Fault } from "./fault.ts";
import type { Verb } from "./traceEvent.ts";

/** What the engine's core knows of itself. */
export interface ComponentStatuses {
  readonly now: Instant;
  readonly faults: readonly Fault[];
  readonly components: readonly ComponentState[];
  /** Machines of which the API knows nothing (yet). */
  readonly unregistered: readonly UnregisteredMachine[];
  /** How the cluster came to be there. */
  readonly setUp: SetUp;
  readonly etcd: EtcdStatus;
  readonly apiServer: ApiServerStatus;
  readonly scheduler: SchedulerStatus;
  readonly controllers: readonly ControllerStatus[];
}

/** The control plane's processes. */
export type ComponentName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler";

export interface UnregisteredMachine {
  readonly name: string;
  readonly isControlPlane: boolean;
}

export interface ComponentState {
  readonly name: ComponentName;
  /** False while it is stopped, cannot start, or waits for its restart. */
  readonly isRunning: boolean;
  /** What it wrote last. */
  readonly lastLine?: string;
}

export interface SimulatorStatus extends ComponentStatuses {
  readonly paused: boolean;
  readonly speed: number;
  /** True while the engine cannot keep up with the speed asked for. */
  readonly behind: boolean;
}

export interface EtcdStatus {
  readonly revision: number;
  readonly compactRevision: number;
  readonly keys: number;
  readonly members: readonly EtcdMemberStatus[];
  /** Where it is kept, e.g. a file; absent if only in memory. */
  readonly path?: string;
  /** Bytes of that file. */
  readonly size?: number;
}

/** What `etcdctl endpoint status` says of a member. */
export interface EtcdMemberStatus {
  readonly name: string;
  readonly role: "leader" | "follower" | "candidate" | "stopped";
  /** Nobody hears it, and it hears nobody. */
  readonly isCutOff: boolean;
  readonly term: number;
  /** The last entry of its log, and the last that it carried out. */
  readonly raftIndex: number;
  readonly appliedIndex: number;
  /** Of its copy of the store. */
  readonly revision: number;
}

export interface ApiServerStatus {
  readonly reads: number;
  readonly writes: number;
  readonly failures: number;
  readonly watches: number;
}

/** A Pod that waits for the scheduler. */
export interface QueueEntry {
  /** "namespace/name". */
  readonly pod: string;
  readonly place: "active" | "backoff" | "unschedulable" | "gated";
  readonly attempts: number;
  /** Who rejected it last time: only what may change their mind wakes it. */
  readonly plugins: readonly string[];
  /** When its back-off ends. */
  readonly until?: Instant;
}

export interface SchedulerStatus {
  readonly running: boolean;
  readonly active: number;
  readonly backoff: number;
  readonly unschedulable: number;
  readonly gated: number;
  /** The first of those that wait, in the order of their turn. */
  readonly queue: readonly QueueEntry[];
  readonly attempts: number;
  readonly bound: number;
}

export interface ControllerStatus {
  /** kube-controller-manager's own name, e.g. "replicaset-controller". */
  readonly name: string;
  readonly running: boolean;
  readonly queued: number;
  readonly reconciles: number;
  readonly writes: number;
  readonly lastError?: string;
  readonly lastKey?: string;
  readonly lastAt?: Instant;
  /** Its last runs, the newest first. */
  readonly recent: readonly ReconcileSummary[];
}

/** One run of a controller: why it looked at an object, and what it did. */
export interface ReconcileSummary {
  readonly at: Instant;
  /** "namespace/name"; "" for a periodic run. */
  readonly key: string;
  readonly reason: ReconcileReason;
  /** What it wrote, counted by verb and kind. */
  readonly writes: readonly WriteCount[];
  readonly error?: string;
}

export type ReconcileReason =
  /** An object that it watches changed. */
  | {
      readonly type: "added" | "changed" | "deleted";
      readonly kind: string;
      /** "namespace/name". */
      readonly key: string;
    }
  /** It had asked to come back, or had failed before. */
  | { readonly type: "again" }
  /** It looks every so often. */
  | { readonly type: "period" };

export interface WriteCount {
  readonly verb: Verb;
  readonly kind: string;
  readonly count: number;
}
