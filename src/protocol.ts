// Every message between the extension and its webviews: types only. A webview is a client that calls
// the extension and reads its streams; it keeps nothing that it can't ask for again after a reload.
import type { Fault } from "./api/fault.ts";
import type { ObjectRef } from "./api/object.ts";
import type { SchedulingExplanation } from "./api/schedulingExplanation.ts";
import type { TraceEvent } from "./api/traceEvent.ts";
import type { Instant, Millis } from "./base/time.ts";

/** What the extension serves to the timeline, over base/rpc.ts. Calls reject with a plain Error. */
export interface TimelineContract {
  calls: {
    /** The first call after each load. Answered once there is a cluster. */
    init(): TimelineInit;
    /** The matrix behind a `schedule` event; undefined once its revision is compacted. */
    explain(scheduleEventId: number): ExplainedDecision | undefined;
    pause(): void;
    resume(): void;
    /** 0.1 to 600 times wall time. */
    setSpeed(speed: number): void;
    /** Runs `span` of cluster time at once; the next task alone if it is absent. */
    step(span?: Millis): void;
    /** Shows the object in an editor. */
    openObject(ref: ObjectRef): void;
  };
  streams: {
    /** Kept events from `from` on (1 for all), then what happens. Ends when the cluster is gone. */
    events(from: number): TraceEvent[];
    /** The present status, then each new one, a few times a second while anything changes. */
    status(): TimelineStatus[];
    /** Ids of events that the user wants to see, e.g. by a command on a Pending Pod. */
    reveal(): number[];
  };
}

/** The matrix, and what it says in sentences of the user's language. */
export interface ExplainedDecision extends SchedulingExplanation {
  /** About the decision, then about each node that was left out. */
  readonly sentences: readonly string[];
  /** What would help, each a change that was proven to. */
  readonly help: readonly string[];
}

/**
 * The theme is not part of it: VS Code keeps `data-vscode-theme-kind` and the `--vscode-*` variables
 * of the webview's page up to date by itself.
 */
export interface TimelineInit {
  readonly clusterName: string;
  /** Every text of the view in the editor's language, with "{0}", "{1}" for what is put in. */
  readonly strings: Readonly<Record<StringId, string>>;
  readonly status: TimelineStatus;
  /** False on a remote cluster: its clock can't be controlled. */
  readonly hasSimulator: boolean;
}

export interface TimelineStatus {
  readonly now: Instant;
  readonly paused: boolean;
  readonly speed: number;
  /** True while the engine cannot keep up with the speed asked for. */
  readonly behind: boolean;
  readonly faults: readonly Fault[];
  readonly nodes: readonly TimelineNode[];
}

export interface TimelineNode {
  readonly name: string;
  readonly isControlPlane: boolean;
  /** Spans in which the Ready condition was not True, as far as they are known; the last may be open. */
  readonly notReady: readonly NotReadySpan[];
}

export interface NotReadySpan {
  readonly from: Instant;
  readonly to?: Instant;
  /** "False" or "Unknown". */
  readonly status: string;
  readonly reason?: string;
}

/** What the webview keeps by `setState`, and gets back when it is shown again. */
export interface TimelineViewState {
  readonly version: 1;
  readonly follow: boolean;
  readonly from: Instant;
  readonly to: Instant;
  readonly filters: TimelineFilters;
  readonly selectedEvent?: number;
  readonly isTextShown: boolean;
  readonly inspectorSize?: number;
}

export interface TimelineFilters {
  readonly heartbeats: boolean;
  /** The writes of Event objects, which accompany most of what happens. */
  readonly eventObjects: boolean;
  /** Whose API requests are shown. */
  readonly requestsBy: readonly ActorGroup[];
  /** Words, each of which has to appear in the namespace, name, kind, node or component. */
  readonly text: string;
}

export type ActorGroup = "clients" | "scheduler" | "controllers" | "kubelets";

/** The texts of the timeline, in English and Korean in webview/timeline/strings.json. */
export type StringId =
  | "title"
  | "connection.lost"
  | "empty.title"
  | "empty.text"
  | "axis.clusterTime"
  | "chart.role"
  | "chart.label"
  | "chart.keys"
  | "announce.summary"
  | "more"
  | "toolbar.label"
  | "toolbar.clock"
  | "toolbar.pause"
  | "toolbar.resume"
  | "toolbar.step"
  | "toolbar.speed"
  | "toolbar.behind"
  | "toolbar.behindShort"
  | "toolbar.follow"
  | "toolbar.followShort"
  | "toolbar.zoomIn"
  | "toolbar.zoomOut"
  | "toolbar.showAll"
  | "toolbar.text"
  | "toolbar.textShort"
  | "toolbar.help"
  | "filter.label"
  | "filter.active"
  | "filter.show"
  | "filter.heartbeats"
  | "filter.eventObjects"
  | "filter.requestsBy"
  | "filter.clients"
  | "filter.scheduler"
  | "filter.controllers"
  | "filter.kubelets"
  | "filter.text"
  | "filter.textHint"
  | "lane.api"
  | "lane.scheduler"
  | "lane.controllers"
  | "lane.controlPlane"
  | "lane.worker"
  | "lane.gone"
  | "lane.notReady"
  | "lane.poweredOff"
  | "lane.stopped"
  | "band.notReady"
  | "band.poweredOff"
  | "band.stopped"
  | "tooltip.took"
  | "cluster.count"
  | "cluster.alarms"
  | "cluster.zoom"
  | "label.nowhere"
  | "component.fault"
  | "type.request"
  | "type.schedule"
  | "type.reconcile"
  | "type.container"
  | "type.report"
  | "type.election"
  | "type.fault"
  | "sentence.read"
  | "sentence.create"
  | "sentence.update"
  | "sentence.patch"
  | "sentence.delete"
  | "sentence.bind"
  | "sentence.status"
  | "sentence.scale"
  | "sentence.evict"
  | "sentence.refused"
  | "sentence.scheduled"
  | "sentence.unschedulable"
  | "sentence.scheduleError"
  | "sentence.reconcile"
  | "sentence.reconcileError"
  | "sentence.lease"
  | "sentence.nodeStatus"
  | "sentence.nodeStatusChanged"
  | "sentence.powerOff"
  | "sentence.powerOn"
  | "sentence.componentStopped"
  | "sentence.election"
  | "sentence.memberConnected"
  | "sentence.memberCutOff"
  | "sentence.memberStarted"
  | "sentence.memberStopped"
  | "sentence.componentStarted"
  | "sentence.nodeServiceStarted"
  | "sentence.nodeServiceStopped"
  | "sentence.nodeCutOff"
  | "sentence.nodeConnected"
  | "sentence.heartbeatsLost"
  | "sentence.heartbeatsArrive"
  | "sentence.heartbeatsDelayed"
  | "sentence.heartbeatsInTime"
  | "sentence.memoryTaken"
  | "sentence.memoryFreed"
  | "sentence.diskTaken"
  | "sentence.diskFreed"
  | "sentence.clockSkewed"
  | "sentence.clockRight"
  | "sentence.packetsLost"
  | "sentence.packetsArrive"
  | "sentence.registriesStopped"
  | "sentence.registriesStarted"
  | "sentence.containerKilled"
  | "step.pulling"
  | "step.pulled"
  | "step.created"
  | "step.started"
  | "step.ready"
  | "step.unready"
  | "step.exited"
  | "step.failed"
  | "step.backOff"
  | "step.killing"
  | "step.removed"
  | "inspector.label"
  | "inspector.close"
  | "inspector.resize"
  | "inspector.because"
  | "inspector.ledTo"
  | "open.object"
  | "fact.time"
  | "fact.ago"
  | "fact.component"
  | "fact.by"
  | "fact.request"
  | "fact.latency"
  | "fact.revision"
  | "fact.sawRevision"
  | "fact.message"
  | "fact.attempt"
  | "fact.feasible"
  | "fact.feasibleOf"
  | "decision.help"
  | "funnel.title"
  | "funnel.asking"
  | "funnel.gone"
  | "funnel.allNodes"
  | "funnel.reason"
  | "funnel.letPass"
  | "funnel.skipped"
  | "funnel.feasible"
  | "funnel.noneFits"
  | "funnel.chosen"
  | "funnel.chosenAmong"
  | "verdicts.title"
  | "verdicts.plugin"
  | "verdicts.fits"
  | "verdicts.chosen"
  | "verdicts.rejected"
  | "verdicts.skipped"
  | "verdicts.wouldToo"
  | "verdicts.nodes"
  | "verdicts.example"
  | "verdicts.moreGroups"
  | "verdicts.allPlugins"
  | "verdicts.onlyRejecting"
  | "scores.title"
  | "scores.winner"
  | "scores.tied"
  | "scores.tie"
  | "scores.formula"
  | "scores.total"
  | "text.label"
  | "text.time"
  | "text.component"
  | "text.what"
  | "text.because"
  | "text.problem"
  | "text.earlier"
  | "text.later"
  | "text.latest"
  | "text.range"
  | "legend.title"
  | "legend.create"
  | "legend.update"
  | "legend.patch"
  | "legend.delete"
  | "legend.bind"
  | "legend.refused"
  | "legend.scheduled"
  | "legend.unschedulable"
  | "legend.reconcile"
  | "legend.pulled"
  | "legend.created"
  | "legend.started"
  | "legend.ready"
  | "legend.unready"
  | "legend.exited"
  | "legend.backOff"
  | "legend.killing"
  | "legend.removed"
  | "legend.reports"
  | "legend.election"
  | "legend.fault"
  | "keys.title"
  | "keys.marks"
  | "keys.lanes"
  | "keys.select"
  | "keys.causes"
  | "keys.zoom"
  | "keys.pan"
  | "keys.all"
  | "keys.follow"
  | "keys.clear"
  | "keys.measure";
