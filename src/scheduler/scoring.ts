// Scores the nodes that fit. Source: RunPreScorePlugins and RunScorePlugins, kubernetes v1.34
// pkg/scheduler/framework/runtime/framework.go
import type { FilterRun } from "./filterRun.ts";
import { failed, maxNodeScore, type Plugin, type Verdict } from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { Runtime } from "./runtime.ts";

/** One plugin's scores, aligned with the nodes. */
export interface ScoreColumn {
  readonly plugin: string;
  readonly weight: number;
  /** Before NormalizeScore, if that was asked for; else the same as `normalized`. */
  readonly raw: Float64Array;
  readonly normalized: Float64Array;
}

export interface Scores {
  readonly nodes: readonly NodeInfo[];
  /** Plugins that have nothing to say of the Pod are left out: they count 0. */
  readonly columns: readonly ScoreColumn[];
  /** Sum of normalized × weight, by node. */
  readonly totals: Float64Array;
}

/** @returns the scores, or the error that ends the attempt */
export function scoreNodes(
  runtime: Runtime,
  run: FilterRun,
  nodes: readonly NodeInfo[],
  { keepRaw = false } = {},
): Scores | Verdict {
  const states = runPreScores(runtime, run, nodes);
  if (!(states instanceof Map)) return states;
  const columns: ScoreColumn[] = [];
  const totals = new Float64Array(nodes.length);
  for (const { plugin, weight } of runtime.score) {
    const prepared = states.get(plugin);
    if (!prepared) continue;
    const normalized = new Float64Array(nodes.length);
    if (prepared.same === undefined) fill(normalized, plugin, run, nodes, prepared.state);
    else normalized.fill(prepared.same);
    const raw = keepRaw ? normalized.slice() : normalized;
    plugin.normalize?.(normalized, nodes, prepared.state);
    const outside = addWeighted(totals, normalized, weight);
    if (outside !== undefined) return outOfRange(plugin, outside);
    columns.push({ plugin: plugin.name, weight, raw, normalized });
  }
  return { nodes, columns, totals };
}

/** @returns a score that is out of range, if there is one */
function addWeighted(totals: Float64Array, scores: Float64Array, weight: number) {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score < 0 || score > maxNodeScore) return score;
    totals[i] = (totals[i] as number) + score * weight;
  }
  return undefined;
}

/** The nodes with the highest total, among which the choice is drawn. */
export function topNodes({ nodes, totals }: Scores): NodeInfo[] {
  let top: NodeInfo[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < nodes.length; i++) {
    const total = totals[i] as number;
    if (total < best) continue;
    if (total > best) top = [];
    best = total;
    top.push(nodes[i] as NodeInfo);
  }
  return top;
}

interface Prepared {
  readonly state: unknown;
  /** What every node scores. */
  readonly same?: number;
}

/** States of the plugins that score this Pod; plugins that are left out are missing. */
function runPreScores(
  runtime: Runtime,
  run: FilterRun,
  nodes: readonly NodeInfo[],
): Map<Plugin, Prepared> | Verdict {
  const states = new Map<Plugin, Prepared>();
  for (const { plugin } of runtime.score) {
    const result = plugin.preScore?.(run.cycle, nodes, run.stateOf(plugin));
    if (!result) states.set(plugin, { state: undefined });
    else if ("state" in result) states.set(plugin, result);
    else if (result.verdict.code !== "Skip")
      return failed(
        `running PreScore plugin ${JSON.stringify(plugin.name)}: ${result.verdict.reasons.join(", ")}`,
      );
  }
  return states;
}

function fill(
  scores: Float64Array,
  plugin: Plugin,
  { cycle }: FilterRun,
  nodes: readonly NodeInfo[],
  state: unknown,
): void {
  const { score } = plugin;
  if (!score) return;
  for (let i = 0; i < nodes.length; i++) scores[i] = score(cycle, nodes[i] as NodeInfo, state);
}

function outOfRange({ name }: Plugin, score: number): Verdict {
  return failed(
    `plugin ${JSON.stringify(name)} returns an invalid score ${score}, it should in the range of [0, ${maxNodeScore}] after normalizing`,
  );
}
