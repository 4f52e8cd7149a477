// What a cluster reports of its own doings: facts, not log lines. The timeline is drawn from them.
// A remote cluster's events and watches are turned into the same shape.
import type { Instant, Millis } from "../base/time.ts";
import type { Fault } from "./fault.ts";
import type { ObjectRef } from "./object.ts";

export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection";

/** A write that reached kube-apiserver (reads are not traced). */
export interface RequestEvent {
  readonly type: "request";
  /** Who sent it, e.g. "system:kube-scheduler", "kubernetes-admin". */
  readonly user: string;
  readonly verb: Verb;
  readonly target: ObjectRef;
  readonly subresource?: string;
  /** HTTP status code of the answer. */
  readonly code: number;
  /** Why it failed, in the server's words. */
  readonly message?: string;
  /** The store's revision that the write made; absent if nothing changed. */
  readonly revision?: number;
  /**
   * From its arrival to the answer, of the wall's clock. Absent for the cluster's own requests, which take
   * no time of its clock.
   */
  readonly latencyMs?: Millis;
}

/** One attempt of kube-scheduler to place a Pod. The matrix behind it is asked for by `id`. */
export interface ScheduleEvent {
  readonly type: "schedule";
  readonly pod: ObjectRef;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly outcome: "scheduled" | "unschedulable" | "error";
  readonly node?: string;
  /** The FailedScheduling text. */
  readonly message?: string;
  readonly feasibleNodes: number;
  readonly evaluatedNodes: number;
  /** The store's revision that the scheduler had seen when it decided. */
  readonly revision: number;
}

/** A controller looked at one object and acted. Runs without a write are counted, not reported. */
export interface ReconcileEvent {
  readonly type: "reconcile";
  readonly controller: string;
  readonly key: string;
  readonly writes: number;
  readonly error?: string;
}

/** A step of a kubelet with a Pod's container. */
export interface ContainerEvent {
  readonly type: "container";
  readonly node: string;
  readonly pod: ObjectRef;
  /** Absent for steps of the Pod as a whole. */
  readonly container?: string;
  readonly step: ContainerStep;
  readonly message: string;
}

export type ContainerStep =
  | "pulling"
  | "pulled"
  | "created"
  | "started"
  | "ready"
  | "unready"
  | "exited"
  | "failed"
  | "backOff"
  | "killing"
  | "removed";

/** A kubelet's periodic report: its Lease, or its Node status. */
export interface ReportEvent {
  readonly type: "report";
  readonly node: string;
  readonly report: "lease" | "status";
  /** Fields of the status that differ from the report before, e.g. "conditions[Ready].status". */
  readonly changed: readonly string[];
}

export interface FaultEvent {
  readonly type: "fault";
  readonly fault: Fault;
  readonly healed: boolean;
}

/** A member of etcd has become the leader of the others. */
export interface ElectionEvent {
  readonly type: "election";
  readonly member: string;
  /** Elections are numbered. */
  readonly term: number;
}

export type TraceFact =
  | RequestEvent
  | ScheduleEvent
  | ReconcileEvent
  | ContainerEvent
  | ReportEvent
  | FaultEvent
  | ElectionEvent;

export type TraceEvent = TraceFact & {
  readonly id: number;
  /** The event that led to this one. */
  readonly cause?: number;
  readonly at: Instant;
};
