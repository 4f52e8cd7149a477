// One attempt to place a Pod: which node, or why none. Pure: the caller keeps the queue, carries out
// the outcome and owns the randomness. Source: kubernetes v1.34 pkg/scheduler/schedule_one.go
import type { Pod } from "../api/types.ts";
import type { Random } from "../base/random.ts";
import { fitErrorText, noNodesMessage } from "./fitError.ts";
import {
  type BindingStep,
  type Cycle,
  fits,
  isRejection,
  type PostFilterResult,
} from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import { NodeStatuses } from "./nodeStatuses.ts";
import { podInfoOf } from "./podInfo.ts";
import type { Profile } from "./profile.ts";
import {
  findFeasible,
  nodesToFind,
  outsideRestriction,
  type PreFilterOutcome,
  type Runtime,
  runPostFilters,
  runPreFilters,
  runtimeOf,
} from "./runtime.ts";
import { scoreNodes, topNodes } from "./scoring.ts";
import type { Snapshot } from "./snapshot.ts";

export interface AttemptInput {
  readonly pod: Pod;
  readonly snapshot: Snapshot;
  readonly profile: Profile;
  /** Draws the node among those that score best, and where preemption starts to look. */
  readonly random: Random;
  /** Where the search over the nodes starts: what the attempt before gave as `nextStart`. */
  readonly start?: number;
}

interface Counts {
  /** How many nodes fit, as far as the search went. */
  readonly feasibleNodes: number;
  /** How many nodes were filtered. */
  readonly evaluatedNodes: number;
  readonly nextStart: number;
}

export interface Scheduled extends Counts {
  readonly type: "scheduled";
  readonly node: string;
  /** The nodes among which the choice was drawn. */
  readonly top: readonly string[];
  /** True if the Pod's nominated node fitted, so that no other was looked at. */
  readonly isNominated: boolean;
  /** What to write, in order; the last one binds the Pod. */
  readonly steps: readonly BindingStep[];
  /** Nodes that were found not to fit on the way. */
  readonly statuses: NodeStatuses;
}

export interface Unschedulable extends Counts {
  readonly type: "unschedulable";
  /** The FailedScheduling text, word for word. */
  readonly message: string;
  readonly statuses: NodeStatuses;
  /** The plugins whose events may help. */
  readonly plugins: readonly string[];
  /** What preemption came to. Absent if there are no nodes at all. */
  readonly postFilter?: PostFilterResult;
}

export interface Errored extends Counts {
  readonly type: "error";
  readonly message: string;
}

export type Outcome = Scheduled | Unschedulable | Errored;

/** Decides where a Pod goes; stops looking at a node at its first rejection. */
export function scheduleOne({ pod, snapshot, profile, random, start = 0 }: AttemptInput): Outcome {
  const runtime = runtimeOf(profile);
  const cycle: Cycle = { pod: podInfoOf(pod), snapshot, random };
  const counts = { feasibleNodes: 0, evaluatedNodes: 0, nextStart: start };
  const statuses = new NodeStatuses();
  if (snapshot.nodes.length === 0)
    return { type: "unschedulable", message: noNodesMessage, statuses, plugins: [], ...counts };
  const preFilter = runPreFilters(runtime, cycle);
  const { status } = preFilter;
  if (status !== fits) {
    if (!isRejection(status))
      return { type: "error", message: status.reasons.join(", "), ...counts };
    statuses.absent = status;
    const message = status.reasons.join(", ");
    const named = new Set(preFilter.restrictedBy);
    if (status.plugin !== undefined) named.add(status.plugin);
    return unschedulable(runtime, preFilter, { statuses, counts, plugins: named, message });
  }
  return search(runtime, preFilter, { statuses, start });
}

interface SearchState {
  readonly statuses: NodeStatuses;
  readonly start: number;
}

function search(
  runtime: Runtime,
  preFilter: PreFilterOutcome,
  { statuses, start }: SearchState,
): Outcome {
  const { run, restrictedBy } = preFilter;
  const { pod, snapshot } = run.cycle;
  const nominee = snapshot.node(pod.pod.status?.nominatedNodeName ?? "");
  const first = nominee && run.test(nominee);
  if (nominee && first === fits) {
    const counts = { feasibleNodes: 1, evaluatedNodes: 1, nextStart: start };
    return scheduled(runtime, preFilter, { node: nominee, top: [nominee], statuses, counts });
  }
  const nodes = nodesInQuestion(snapshot, preFilter);
  if (preFilter.nodes) statuses.absent = outsideRestriction(preFilter);
  const enough = nodesToFind(runtime.profile.percentageOfNodesToScore, nodes.length);
  const { feasible, evaluated, error } = findFeasible(run, nodes, { start, enough, statuses });
  const isLeftOut = nominee && preFilter.nodes && !preFilter.nodes.has(nominee.name);
  if (isLeftOut && first) statuses.add(nominee.name, first.plugin, first);
  const counts = {
    feasibleNodes: feasible.length,
    evaluatedNodes: evaluated,
    nextStart: (start + feasible.length + statuses.size) % snapshot.nodes.length,
  };
  if (error) return { type: "error", message: error.reasons.join(", "), ...counts };
  const [only] = feasible;
  if (!only) {
    const plugins = new Set([...restrictedBy, ...statuses.rejectingPlugins()]);
    return unschedulable(runtime, preFilter, { statuses, counts, plugins });
  }
  if (feasible.length === 1)
    return scheduled(runtime, preFilter, { node: only, top: feasible, statuses, counts });
  const scores = scoreNodes(runtime, run, feasible);
  if ("code" in scores) return { type: "error", message: scores.reasons.join(", "), ...counts };
  const top = topNodes(scores);
  const node = top[run.cycle.random.below(top.length)] ?? only;
  return scheduled(runtime, preFilter, { node, top, statuses, counts });
}

/** All nodes, or those that PreFilter left, in the order of the names it gave. */
function nodesInQuestion(
  snapshot: Snapshot,
  { nodes }: Pick<PreFilterOutcome, "nodes">,
): readonly NodeInfo[] {
  if (!nodes) return snapshot.nodes;
  return [...nodes].flatMap((name) => snapshot.node(name) ?? []);
}

interface Choice {
  readonly node: NodeInfo;
  readonly top: readonly NodeInfo[];
  readonly statuses: NodeStatuses;
  readonly counts: Counts;
}

function scheduled(
  runtime: Runtime,
  { run }: PreFilterOutcome,
  { node, top, statuses, counts }: Choice,
): Scheduled {
  const steps: BindingStep[] = [];
  for (const plugin of runtime.reserve)
    steps.push(...(plugin.reserve?.(run.cycle, node, run.stateOf(plugin)) ?? []));
  for (const plugin of runtime.bind) steps.push(...(plugin.bind?.(run.cycle, node) ?? []));
  const isNominated = run.cycle.pod.pod.status?.nominatedNodeName === node.name;
  const names = top.map(({ name }) => name);
  return {
    type: "scheduled",
    node: node.name,
    top: names,
    isNominated,
    steps,
    statuses,
    ...counts,
  };
}

interface Failure {
  readonly statuses: NodeStatuses;
  readonly counts: Counts;
  readonly plugins: ReadonlySet<string>;
  /** What PreFilter said, if it rejected the Pod as a whole. */
  readonly message?: string;
}

function unschedulable(
  runtime: Runtime,
  preFilter: PreFilterOutcome,
  { statuses, counts, plugins, message: preFilterMessage = "" }: Failure,
): Unschedulable {
  const { snapshot } = preFilter.run.cycle;
  const postFilter = runPostFilters(runtime, preFilter, statuses);
  const message = fitErrorText({
    nodes: snapshot.nodes.length,
    statuses,
    preFilterMessage,
    postFilterMessage: postFilter.verdict.reasons.join(", "),
  });
  const sorted = [...plugins].sort();
  return { type: "unschedulable", message, statuses, plugins: sorted, postFilter, ...counts };
}
