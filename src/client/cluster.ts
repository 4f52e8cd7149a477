// A cluster as the views see it, embedded or remote.
import type { ControlPlaneComponent, Fault } from "../api/fault.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { TraceEvent } from "../api/traceEvent.ts";
import type { Disposable } from "../base/disposable.ts";
import type { Event } from "../base/emitter.ts";
import type { Instant, Millis } from "../base/time.ts";
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
  inject(fault: Fault): Promise<void>;
  heal(fault: Fault): Promise<void>;
}

export interface SimulatorStatus {
  readonly now: Instant;
  readonly paused: boolean;
  readonly speed: number;
  /** True while the engine cannot keep up with the speed asked for. */
  readonly behind: boolean;
  readonly faults: readonly Fault[];
  readonly etcd: EtcdStatus;
  readonly apiServer: ApiServerStatus;
  readonly scheduler: SchedulerStatus;
  readonly controllers: readonly ControllerStatus[];
}

export interface EtcdStatus {
  readonly revision: number;
  readonly compactRevision: number;
  readonly keys: number;
  /** Where it is kept, e.g. a file; absent if only in memory. */
  readonly path?: string;
}

export interface ApiServerStatus {
  readonly reads: number;
  readonly writes: number;
  readonly failures: number;
  readonly watches: number;
}

export interface SchedulerStatus {
  readonly running: boolean;
  readonly active: number;
  readonly backoff: number;
  readonly unschedulable: number;
  readonly gated: number;
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
}

export type { ControlPlaneComponent };
