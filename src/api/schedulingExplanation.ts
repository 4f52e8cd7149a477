// How the scheduler came to a decision, as data: what the funnel shows and the command line prints.
import type { ObjectRef } from "./object.ts";
import type { Remedy } from "./remedy.ts";

/** Source: framework.Code of kube-scheduler 1.34. */
export type VerdictCode =
  | "Success"
  | "Unschedulable"
  | "UnschedulableAndUnresolvable"
  | "Error"
  | "Skip";

/** What one filter plugin says of one node. */
export interface PluginVerdict {
  readonly plugin: string;
  readonly code: VerdictCode;
  /** kube-scheduler's own words; empty if the node passes. */
  readonly reasons: readonly string[];
}

/** What one score plugin gives one node. */
export interface PluginScore {
  readonly plugin: string;
  readonly raw: number;
  /** 0 to 100, after NormalizeScore. */
  readonly normalized: number;
  readonly weight: number;
  /** normalized × weight. */
  readonly weighted: number;
}

/** One resource of a node, as the Pod in question meets it. */
export interface ResourceNeed {
  /** "cpu" in millicores, "memory" and storage in bytes, "pods" and others in units. */
  readonly resource: string;
  readonly wanted: number;
  /** allocatable − requested; below 0 on an overcommitted node. */
  readonly free: number;
  readonly allocatable: number;
  /** Who holds the rest, the largest first. */
  readonly holders: readonly { readonly pod: string; readonly amount: number }[];
}

export interface NodeExplanation {
  readonly node: string;
  readonly feasible: boolean;
  /** The verdict that took the node out: of the first plugin that rejects it. */
  readonly rejection?: PluginVerdict;
  /** Every filter plugin's verdict on its own, the real scheduler's stop at the first set aside. */
  readonly verdicts: readonly PluginVerdict[];
  /** What the Pod wants of the node, and what there is. */
  readonly resources: readonly ResourceNeed[];
  /** Empty for nodes that don't pass. */
  readonly scores: readonly PluginScore[];
  readonly total: number;
}

/** Why a node is the cheapest to free, in the order in which the criteria are tried. */
export type PreemptionCriterion =
  | "onlyCandidate"
  | "fewestDisruptionBudgetViolations"
  | "lowestHighestPriority"
  | "lowestSumOfPriorities"
  | "fewestVictims"
  | "latestStart"
  | "firstFound";

export interface PreemptionExplanation {
  readonly candidates: readonly {
    readonly node: string;
    /** "namespace/name", the most important first. */
    readonly victims: readonly { readonly pod: string; readonly priority: number }[];
    readonly disruptionBudgetViolations: number;
  }[];
  readonly chosen: string;
  /** The first criterion that leaves only the chosen node. */
  readonly decidedBy: PreemptionCriterion;
}

export interface SchedulingExplanation {
  readonly pod: ObjectRef;
  /** In the order in which they run. */
  readonly filterPlugins: readonly string[];
  readonly scorePlugins: readonly string[];
  /** Plugins whose PreFilter or PreScore said that they have nothing to say of this Pod. */
  readonly skippedPlugins: readonly string[];
  readonly nodes: readonly NodeExplanation[];
  /** The nodes with the highest total, among which the choice is drawn. */
  readonly top: readonly string[];
  readonly chosen?: string;
  /** Whose eviction would make room. */
  readonly preemption?: PreemptionExplanation;
  /** What would help, if no node fits, the smallest change first. */
  readonly remedies?: readonly Remedy[];
  /** The FailedScheduling text, word for word, if no node fits. */
  readonly message?: string;
}
