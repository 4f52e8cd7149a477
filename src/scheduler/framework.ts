// The interfaces that scheduler plugins implement, and the verdicts they give. Nothing here runs
// anything. Source: kubernetes v1.34 staging/src/k8s.io/kube-scheduler/framework/interface.go
import type { PreemptionCriterion, VerdictCode } from "../api/schedulingExplanation.ts";
import type { Node, Pod } from "../api/types.ts";
import type { Random } from "../base/random.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeStatuses } from "./nodeStatuses.ts";
import type { PodInfo } from "./podInfo.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a plugin says of a Pod, or of a Pod on a node. */
export interface Verdict {
  readonly code: VerdictCode;
  /** kube-scheduler's own words. Empty unless the verdict is a rejection or an error. */
  readonly reasons: readonly string[];
}

/** A verdict with the plugin that gave it; the framework's own verdicts have none. */
export interface Status extends Verdict {
  readonly plugin?: string;
}

/** The one verdict of success: compare with `===`. */
export const fits: Verdict = { code: "Success", reasons: [] };
/** The plugin has nothing to say of this Pod: the rest of it is not run. */
export const skipped: Verdict = { code: "Skip", reasons: [] };

/** Rejections. `rejected(...)` may be undone by preemption, `rejected.forGood(...)` may not. */
export const rejected = Object.assign(
  (...reasons: string[]): Verdict => ({ code: "Unschedulable", reasons }),
  {
    forGood: (...reasons: string[]): Verdict => ({
      code: "UnschedulableAndUnresolvable",
      reasons,
    }),
  },
);

/** An error: the attempt ends. */
export function failed(message: string): Verdict {
  return { code: "Error", reasons: [message] };
}

export function isRejection({ code }: Verdict): boolean {
  return code === "Unschedulable" || code === "UnschedulableAndUnresolvable";
}

/** What a scheduling cycle is about. */
export interface Cycle {
  readonly pod: PodInfo;
  readonly snapshot: Snapshot;
  /** Draws of this cycle. */
  readonly random: Random;
}

/** Changes in the cluster that may let a rejected Pod through: "Resource/Action". */
export type ClusterEvent =
  | "Node/Add"
  | "Node/Delete"
  | "Node/UpdateAllocatable"
  | "Node/UpdateLabel"
  | "Node/UpdateTaint"
  | "AssignedPod/Add"
  | "AssignedPod/Delete"
  | "AssignedPod/UpdateLabel"
  | "AssignedPod/ScaleDown"
  | "Pod/UpdateLabel"
  | "Pod/UpdateToleration"
  | "Pod/ScaleDown"
  | "Pod/EliminateSchedulingGates"
  | "Namespace/Update"
  | "CSINode/Add"
  | "CSINode/Update"
  | "CSIDriver/Update"
  | "CSIStorageCapacity/Add"
  | "CSIStorageCapacity/Update"
  | "PersistentVolume/Add"
  | "PersistentVolume/Update"
  | "PersistentVolumeClaim/Add"
  | "PersistentVolumeClaim/Update"
  | "PersistentVolumeClaim/Delete"
  | "StorageClass/Add"
  | "StorageClass/Update"
  | "VolumeAttachment/Delete";

/** A change of the cluster that a hint is asked about. One of the members says what changed. */
export interface ClusterChange {
  readonly event: ClusterEvent;
  readonly node?: { readonly old?: Node; readonly now?: Node };
  readonly pod?: { readonly old?: Pod; readonly now?: Pod };
}

/** PreFilter's answer: what Filter will need, or why the plugin is left out or the Pod rejected. */
export type PreFilterResult<State> =
  | { readonly state: State; readonly nodes?: ReadonlySet<string> }
  | { readonly verdict: Verdict };

/**
 * PreScore's answer: what Score will need; or the score that all nodes get, so that they need not be
 * asked one by one; or that the plugin is left out; or an error.
 */
export type PreScoreResult<State> =
  | { readonly state: State }
  | { readonly state: State; readonly same: number }
  | { readonly verdict: Verdict };

/** Runs the filters again on nodes that are changed in thought, as preemption does. */
export interface FilterTrial {
  /** Whether the Pod fits a node as it is given, nominated Pods included. */
  test(node: NodeInfo): Status;
  /** Tells the filters that a Pod has gone from, or come back to, the node. */
  removePod(pod: PodInfo, node: NodeInfo): void;
  addPod(pod: PodInfo, node: NodeInfo): void;
}

/** PostFilter's part of the cycle. */
export interface PostFilterInput {
  readonly statuses: NodeStatuses;
  /** False if a PreFilter plugin ended the cycle before the later ones were run. */
  readonly preFilterCompleted: boolean;
  /** A trial of its own for each node that is tried. */
  trial(): FilterTrial;
}

export interface PreemptionCandidate {
  readonly node: string;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  readonly pdbViolations: number;
}

/** What preemption found; kept for explanations. */
export interface PreemptionReport {
  readonly candidates: readonly PreemptionCandidate[];
  /** Nodes that were tried in vain. */
  readonly statuses: NodeStatuses;
  /** Candidates that no criterion tells apart. */
  readonly best: readonly PreemptionCandidate[];
  readonly decidedBy: PreemptionCriterion;
}

export interface PostFilterResult {
  readonly verdict: Verdict;
  /** A node's name, "" to clear the Pod's nomination; absent to leave it as it is. */
  readonly nominatedNode?: string;
  readonly victims?: readonly PodInfo[];
  readonly report?: PreemptionReport;
}

/** A change that a plugin asks the caller to make before the Pod is bound. */
export type BindingStep =
  | { readonly type: "bindVolume"; readonly claim: string; readonly volume: string }
  | { readonly type: "provisionVolume"; readonly claim: string; readonly node: string }
  | { readonly type: "bindPod"; readonly node: string };

export interface QueuedPod {
  readonly pod: PodInfo;
  /** When the Pod entered the queue, in milliseconds. */
  readonly queuedAt: number;
}

/**
 * A plugin is a record of functions, one for each extension point where it has something to say.
 * They are pure: what they decide is what they return. FilterState is made by preFilter and handed
 * to filter, ScoreState is made by preScore and handed to score and normalize.
 */
export interface Plugin<FilterState = unknown, ScoreState = unknown> {
  readonly name: string;
  /** Which changes make another attempt worth while for a Pod that this plugin rejected. */
  readonly retryOn?: readonly ClusterEvent[];
  /**
   * Whether such a change may really help the Pod; absent if every one of them may.
   * Source: the plugins' QueueingHintFns, 1.34.
   */
  hint?(pod: PodInfo, change: ClusterChange): boolean;
  preEnqueue?(pod: PodInfo): Verdict;
  /** Negative if `a` is to be scheduled before `b`. */
  compare?(a: QueuedPod, b: QueuedPod): number;

  preFilter?(cycle: Cycle): PreFilterResult<FilterState>;
  /** False if filter would let the Pod on every node of the snapshot: it need not run then. */
  concerns?(cycle: Cycle): boolean;
  filter?(cycle: Cycle, node: NodeInfo, state: FilterState): Verdict;
  /** A state of its own for a trial that adds and removes Pods. Absent if there are no such. */
  cloneState?(state: FilterState): FilterState;
  addPod?(cycle: Cycle, state: FilterState, pod: PodInfo, node: NodeInfo): void;
  removePod?(cycle: Cycle, state: FilterState, pod: PodInfo, node: NodeInfo): void;
  postFilter?(cycle: Cycle, input: PostFilterInput): PostFilterResult;

  preScore?(
    cycle: Cycle,
    nodes: readonly NodeInfo[],
    filterState: FilterState | undefined,
  ): PreScoreResult<ScoreState>;
  score?(cycle: Cycle, node: NodeInfo, state: ScoreState): number;
  /** Brings the scores to 0 … 100 in place; absent if they are. */
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[], state: ScoreState): void;

  /** What must be written before the Pod is bound to the chosen node, in order. */
  reserve?(cycle: Cycle, node: NodeInfo, state: FilterState | undefined): readonly BindingStep[];
  permit?(cycle: Cycle, node: NodeInfo): Verdict;
  preBind?(cycle: Cycle, node: NodeInfo): Verdict;
  bind?(cycle: Cycle, node: NodeInfo): readonly BindingStep[];
  postBind?(cycle: Cycle, node: NodeInfo): void;
}

export const maxNodeScore = 100;
