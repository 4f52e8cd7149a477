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
  readonly isSkipped: boolean;
  /** Before NormalizeScore; kept only if asked for. */
  readonly raw?: Float64Array;
  readonly normalized: Float64Array;
}

export interface Scores {
  readonly nodes: readonly NodeInfo[];
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
    const normalized = new Float64Array(nodes.length);
    let raw: Float64Array | undefined;
    if (prepared) {
      fill(normalized, plugin, run, nodes, prepared.state);
      if (keepRaw) raw = normalized.slice();
      plugin.normalize?.(normalized, nodes, prepared.state);
      const outside = normalized.find((score) => score < 0 || score > maxNodeScore);
      if (outside !== undefined) return outOfRange(plugin, outside);
      for (let i = 0; i < totals.length; i++)
        totals[i] = (totals[i] ?? 0) + (normalized[i] ?? 0) * weight;
    }
    const column = { plugin: plugin.name, weight, isSkipped: !prepared, normalized };
    columns.push(keepRaw ? { ...column, raw: raw ?? normalized } : column);
  }
  return { nodes, columns, totals };
}

/** The nodes with the highest total, among which the choice is drawn. */
export function topNodes({ nodes, totals }: Scores): NodeInfo[] {
  let top: NodeInfo[] = [];
  let best = Number.NEGATIVE_INFINITY;
  nodes.forEach((node, i) => {
    const total = totals[i] ?? 0;
    if (total > best) {
      best = total;
      top = [node];
    } else if (total === best) top.push(node);
  });
  return top;
}

/** States of the plugins that score this Pod; plugins that are left out are missing. */
function runPreScores(
  runtime: Runtime,
  run: FilterRun,
  nodes: readonly NodeInfo[],
): Map<Plugin, { state: unknown }> | Verdict {
  const states = new Map<Plugin, { state: unknown }>();
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
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node) scores[i] = plugin.score?.(cycle, node, state) ?? 0;
  }
}

function outOfRange({ name }: Plugin, score: number): Verdict {
  return failed(
    `plugin ${JSON.stringify(name)} returns an invalid score ${score}, it should in the range of [0, ${maxNodeScore}] after normalizing`,
  );
}
