// Everything that plugins think of a Pod and every node, where a decision stops at the first "no".
import type { NodeExplanation, SchedulingExplanation } from "../api/schedulingExplanation.ts";
import { FilterRun } from "./filterRun.ts";
import { type Cycle, fits, type Plugin, type Status } from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import { type PodInfo, podInfoOf } from "./podInfo.ts";
import { resourceNeeds } from "./resourceNeeds.ts";
import {
  outsideRestriction,
  type PreFilterOutcome,
  preFiltersAlone,
  type Runtime,
  runPreFilters,
  runtimeOf,
} from "./runtime.ts";
import { type AttemptInput, type Outcome, scheduleOne } from "./schedule.ts";
import { type Scores, scoreNodes, topNodes } from "./scoring.ts";

/**
 * Explains what an attempt with the same input decides. Nominated Pods count in `rejection`, as in
 * the attempt, but not in `verdicts`. Costs every filter on every node: not for the hot path.
 */
export function explainPod(input: AttemptInput): SchedulingExplanation {
  const { pod, snapshot, profile, random } = input;
  const runtime = runtimeOf(profile);
  const cycle: Cycle = { pod: podInfoOf(pod), snapshot, random };
  const preFilter = runPreFilters(runtime, cycle);
  const alone = filtersAlone(runtime, cycle);
  const rejections = snapshot.nodes.map((node) => rejectionOf(node, preFilter));
  const feasible = snapshot.nodes.filter((_node, i) => rejections[i] === fits);
  const nominee = feasible.find(({ name }) => name === pod.status?.nominatedNodeName);
  const scores =
    feasible.length > 0 && !nominee
      ? scoreNodes(runtime, preFilter.run, feasible, { keepRaw: true })
      : undefined;
  const table = scores && "totals" in scores ? scores : undefined;
  const outcome = scheduleOne(input);
  const { namespace, name } = cycle.pod;
  const uid = pod.metadata.uid;
  return {
    pod: { kind: "Pod", namespace, name, ...(uid === undefined ? {} : { uid }) },
    filterPlugins: runtime.filter.map((plugin) => plugin.name),
    scorePlugins: runtime.score.map(({ plugin }) => plugin.name),
    skippedPlugins: skippedPlugins(runtime, preFilter, table),
    nodes: snapshot.nodes.map((node, i) =>
      explainNode(node, { pod: cycle.pod, rejection: rejections[i] ?? fits, alone, table }),
    ),
    top: topNames(outcome, table),
    ...preemptionOf(outcome),
    ...(outcome.type === "scheduled" ? { chosen: outcome.node } : { message: outcome.message }),
  };
}

/** All nodes count here; the attempt may have stopped earlier, or taken the nominated node at once. */
function topNames(outcome: Outcome, scores: Scores | undefined): readonly string[] {
  if (outcome.type !== "scheduled") return [];
  return scores && !outcome.isNominated ? topNodes(scores).map(({ name }) => name) : outcome.top;
}

function preemptionOf(outcome: Outcome): Pick<SchedulingExplanation, "preemption"> {
  const report = outcome.type === "unschedulable" ? outcome.postFilter?.report : undefined;
  const chosen = outcome.type === "unschedulable" ? outcome.postFilter?.nominatedNode : undefined;
  if (!report || !chosen) return {};
  const candidates = report.candidates.map(({ node, victims, pdbViolations }) => ({
    node,
    victims: victims.map(({ key, priority }) => ({ pod: key, priority })),
    disruptionBudgetViolations: pdbViolations,
  }));
  return { preemption: { candidates, chosen, decidedBy: report.decidedBy } };
}

/** Filters whose PreFilter neither left itself out nor rejected the Pod, whatever others did. */
function filtersAlone(runtime: Runtime, cycle: Cycle): FilterRun {
  const results = preFiltersAlone(runtime, cycle);
  const filters: Plugin[] = [];
  const states: unknown[] = [];
  for (const plugin of runtime.filter) {
    const result = results.get(plugin.name);
    if (result && "verdict" in result) continue;
    filters.push(plugin);
    states.push(result?.state);
  }
  return new FilterRun(cycle, filters, states);
}

function rejectionOf(node: NodeInfo, preFilter: PreFilterOutcome): Status {
  if (preFilter.status !== fits) return preFilter.status;
  const { run, nodes } = preFilter;
  // The Pod's own nominated node is tried even if it is left out.
  const isNominated = run.cycle.pod.pod.status?.nominatedNodeName === node.name;
  if (nodes && !nodes.has(node.name) && !isNominated) return outsideRestriction(preFilter);
  return run.test(node);
}

interface NodeFindings {
  readonly pod: PodInfo;
  readonly rejection: Status;
  readonly alone: FilterRun;
  readonly table: Scores | undefined;
}

function explainNode(
  node: NodeInfo,
  { pod, rejection, alone, table }: NodeFindings,
): NodeExplanation {
  const verdicts = alone.plugins.map((plugin) => {
    const { code, reasons } = alone.verdictOf(plugin, node);
    return { plugin: plugin.name, code, reasons };
  });
  const { plugin = "", code, reasons } = rejection;
  const isFeasible = rejection === fits;
  const row = table ? table.nodes.indexOf(node) : -1;
  return {
    node: node.name,
    feasible: isFeasible,
    ...(isFeasible ? {} : { rejection: { plugin, code, reasons } }),
    verdicts,
    resources: resourceNeeds(pod, node),
    scores: table && row >= 0 ? scoresOf(table, row) : [],
    total: table?.totals[row] ?? 0,
  };
}

function scoresOf({ columns }: Scores, row: number): NodeExplanation["scores"] {
  return columns.map(({ plugin, weight, raw, normalized }) => {
    const score = normalized[row] ?? 0;
    return { plugin, raw: raw[row] ?? 0, normalized: score, weight, weighted: score * weight };
  });
}

function skippedPlugins(
  runtime: Runtime,
  { skipped }: PreFilterOutcome,
  scores: Scores | undefined,
): string[] {
  const scored = scores?.columns.map(({ plugin }) => plugin);
  const unscored = runtime.score.filter(({ plugin }) => scored?.includes(plugin.name) === false);
  return [...new Set([...skipped, ...unscored.map(({ plugin }) => plugin.name)])];
}
