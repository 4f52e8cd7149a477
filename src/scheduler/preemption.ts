// Preemption: which nodes would take the Pod if less important Pods left, and which of them costs
// least. Source: kubernetes v1.34 pkg/scheduler/framework/preemption/preemption.go and
// pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go
import type { PreemptionCriterion } from "../api/schedulingExplanation.ts";
import { labelSelectorOf } from "../api/selector.ts";
import type { PodDisruptionBudget } from "../api/types.ts";
import { fitErrorText } from "./fitError.ts";
import {
  type Cycle,
  type FilterTrial,
  fits,
  type PostFilterInput,
  type PostFilterResult,
  type PreemptionCandidate,
  rejected,
  type Status,
} from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import { NodeStatuses } from "./nodeStatuses.ts";
import type { PodInfo } from "./podInfo.ts";

export interface PreemptionArgs {
  /** Share of the nodes in question that are tried, in percent … */
  readonly minCandidateNodesPercentage: number;
  /** … but at least so many. */
  readonly minCandidateNodesAbsolute: number;
}

const neverPreempts = rejected("not eligible due to preemptionPolicy=Never.");
const waitsForVictims = rejected("not eligible due to a terminating pod on the nominated node.");
const noVictims = rejected.forGood("No preemption victims found for incoming pod");
const notHelpful = rejected.forGood("Preemption is not helpful for scheduling");

/** Finds the node to free and the Pods to evict from it; evicts nothing. */
export function preempt(
  cycle: Cycle,
  input: PostFilterInput,
  args: PreemptionArgs,
): PostFilterResult {
  const ineligible = whyIneligible(cycle, input);
  if (ineligible) return { verdict: ineligible };
  const { nodes } = cycle.snapshot;
  const { candidates, statuses } = findCandidates(cycle, input, args);
  const { best, decidedBy } = cheapest(candidates);
  const report = { candidates, statuses, best, decidedBy };
  const [chosen] = best;
  if (chosen) {
    const { node, victims } = chosen;
    return { verdict: fits, nominatedNode: node, victims, report };
  }
  statuses.absent = notHelpful;
  const verdict = rejected(fitErrorText({ nodes: nodes.length, statuses }));
  return { verdict, nominatedNode: "", report };
}

/** Pods that may not preempt, or have done so and wait for their victims to go. */
function whyIneligible({ pod, snapshot }: Cycle, { statuses }: PostFilterInput) {
  if (pod.pod.spec.preemptionPolicy === "Never") return neverPreempts;
  const nominated = pod.pod.status?.nominatedNodeName;
  if (!nominated || statuses.get(nominated).code === "UnschedulableAndUnresolvable")
    return undefined;
  const isWaiting = snapshot
    .node(nominated)
    ?.pods.some((other) => mayEvict(pod, other) && isBeingPreempted(other));
  return isWaiting ? waitsForVictims : undefined;
}

function mayEvict(pod: PodInfo, victim: PodInfo): boolean {
  return victim.priority < pod.priority;
}

function isBeingPreempted({ isTerminating, pod }: PodInfo): boolean {
  const target = pod.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  return isTerminating && target?.status === "True" && target.reason === "PreemptionByScheduler";
}

/** Tries the nodes whose rejection the removal of Pods may undo. */
function findCandidates(
  cycle: Cycle,
  { statuses, trial }: PostFilterInput,
  args: PreemptionArgs,
): { candidates: PreemptionCandidate[]; statuses: NodeStatuses } {
  const nodes = cycle.snapshot.nodes.filter(
    ({ name }) => statuses.get(name).code === "Unschedulable",
  );
  const tried = new NodeStatuses();
  const clean: PreemptionCandidate[] = [];
  const violating: PreemptionCandidate[] = [];
  const budgets = [...cycle.snapshot.objects.poddisruptionbudgets.values()];
  const offset = nodes.length === 0 ? 0 : cycle.random.below(nodes.length);
  const enough = candidatesToFind(nodes.length, args);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length];
    if (!node) continue;
    const result = selectVictims(cycle.pod, node, { trial: trial(), budgets });
    if ("code" in result) tried.add(node.name, result.plugin, result);
    else (result.pdbViolations === 0 ? clean : violating).push(result);
    if (clean.length > 0 && clean.length + violating.length >= enough) break;
  }
  return { candidates: [...clean, ...violating], statuses: tried };
}

function candidatesToFind(nodes: number, args: PreemptionArgs): number {
  const share = Math.trunc((nodes * args.minCandidateNodesPercentage) / 100);
  return Math.min(Math.max(share, args.minCandidateNodesAbsolute), nodes);
}

interface Trial {
  readonly trial: FilterTrial;
  readonly budgets: readonly PodDisruptionBudget[];
}

/**
 * The fewest Pods to evict from a node: all less important ones are taken off in thought, then put
 * back one by one as long as the Pod still fits; those whose eviction a budget forbids come first.
 */
function selectVictims(
  pod: PodInfo,
  node: NodeInfo,
  { trial, budgets }: Trial,
): PreemptionCandidate | Status {
  const potential = node.pods.filter((other) => mayEvict(pod, other));
  if (potential.length === 0) return noVictims;
  let freed = node;
  for (const victim of potential) {
    freed = freed.withoutPod(victim.id);
    trial.removePod(victim, freed);
  }
  const status = trial.test(freed);
  if (status !== fits) return status;
  const { violating, others } = splitByBudget([...potential].sort(byImportance), budgets);
  const victims: PodInfo[] = [];
  const reprieve = (victim: PodInfo): void => {
    const fuller = freed.withPod(victim);
    trial.addPod(victim, fuller);
    if (trial.test(fuller) === fits) freed = fuller;
    else {
      trial.removePod(victim, freed);
      victims.push(victim);
    }
  };
  violating.forEach(reprieve);
  const pdbViolations = victims.length;
  others.forEach(reprieve);
  if (victims.length === 0)
    return {
      code: "Error",
      reasons: [`expected at least one victim pod on node ${JSON.stringify(node.name)}`],
    };
  return { node: node.name, victims: victims.sort(byImportance), pdbViolations };
}

/** Higher priority first, then who has run longer. Source: util.MoreImportantPod */
function byImportance(a: PodInfo, b: PodInfo): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.startTime === b.startTime ? 0 : a.startTime - b.startTime;
}

/** Pods whose eviction would go beyond a disruption budget, in the order given. */
function splitByBudget(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { violating: PodInfo[]; others: PodInfo[] } {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    let isViolated = false;
    budgets.forEach((budget, i) => {
      if (!covers(budget, pod)) return;
      const left = (allowed[i] ?? 0) - 1;
      allowed[i] = left;
      if (left < 0) isViolated = true;
    });
    (isViolated ? violating : others).push(pod);
  }
  return { violating, others };
}

/** Evictions that the API server has already counted don't count again. */
function covers({ metadata, spec, status }: PodDisruptionBudget, pod: PodInfo): boolean {
  if ((metadata.namespace ?? "") !== pod.namespace) return false;
  if (Object.keys(pod.labels).length === 0) return false;
  const selector = labelSelectorOf(spec?.selector);
  if (selector.isEmpty || !selector.matches(pod.labels)) return false;
  return status?.disruptedPods?.[pod.name] === undefined;
}

/** Each priority counts with so much more that fewer victims are always cheaper. */
const priorityBase = 2 ** 31;

/** The criteria in order; the lower, the better. Source: pickOneNodeForPreemption */
const costs: readonly (readonly [
  PreemptionCriterion,
  (candidate: PreemptionCandidate) => number,
])[] = [
  ["fewestDisruptionBudgetViolations", ({ pdbViolations }) => pdbViolations],
  ["lowestHighestPriority", ({ victims }) => victims[0]?.priority ?? 0],
  [
    "lowestSumOfPriorities",
    ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + priorityBase, 0),
  ],
  ["fewestVictims", ({ victims }) => victims.length],
  ["latestStart", (candidate) => -earliestStart(candidate)],
];

/** The candidates that tie after all criteria, and the criterion after which only they were left. */
function cheapest(candidates: readonly PreemptionCandidate[]): {
  readonly best: readonly PreemptionCandidate[];
  readonly decidedBy: PreemptionCriterion;
} {
  let best = candidates;
  let decidedBy: PreemptionCriterion = candidates.length > 1 ? "firstFound" : "onlyCandidate";
  for (const [criterion, cost] of costs) {
    const lowest = Math.min(...best.map(cost));
    const left = best.filter((candidate) => cost(candidate) === lowest);
    if (left.length === 1 && best.length > 1) decidedBy = criterion;
    best = left;
  }
  return { best, decidedBy };
}

/** When the first of the most important victims was started. */
function earliestStart({ victims }: PreemptionCandidate): number {
  const highest = victims[0]?.priority;
  const starts = victims.filter(({ priority }) => priority === highest);
  return Math.min(...starts.map(({ startTime }) => startTime));
}
