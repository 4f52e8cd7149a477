// A scheduling decision, arranged for the eye: how many nodes each plugin left over, and which nodes
// were judged alike. Pure.
import type {
  NodeExplanation,
  PluginScore,
  PluginVerdict,
  SchedulingExplanation,
} from "../../api/schedulingExplanation.ts";

export interface FunnelStep {
  readonly plugin: string;
  readonly before: number;
  readonly leftOut: number;
  readonly after: number;
  /** Why, in kube-scheduler's words, the commonest first. */
  readonly reasons: readonly { readonly text: string; readonly nodes: number }[];
  /** Its PreFilter had nothing to say of this Pod. */
  readonly isSkipped: boolean;
}

/** Nodes of which every plugin says the same. */
export interface NodeGroup {
  readonly nodes: readonly string[];
  readonly isFeasible: boolean;
  /** Of the plugins that reject. */
  readonly rejections: ReadonlyMap<string, PluginVerdict>;
  /** The plugin that took the nodes out in the real run. */
  readonly rejectedBy: string | undefined;
}

/** Up to here each node has a column of its own. */
export const maxSingleNodes = 6;

/** The steps in the order in which the plugins run; what PreFilter took out comes first. */
export function funnelSteps(explanation: SchedulingExplanation): readonly FunnelStep[] {
  const { filterPlugins, skippedPlugins, nodes } = explanation;
  const rejected = nodes.filter(({ feasible }) => !feasible);
  const byPlugin = groupBy(rejected, ({ rejection }) => rejection?.plugin ?? "");
  const early = [...byPlugin.keys()].filter((plugin) => !filterPlugins.includes(plugin));
  let before = nodes.length;
  return [...early, ...filterPlugins].map((plugin) => {
    const out = byPlugin.get(plugin) ?? [];
    const step: FunnelStep = {
      plugin: plugin || "PreFilter",
      before,
      leftOut: out.length,
      after: before - out.length,
      reasons: countReasons(out),
      isSkipped: skippedPlugins.includes(plugin),
    };
    before = step.after;
    return step;
  });
}

function countReasons(nodes: readonly NodeExplanation[]): FunnelStep["reasons"] {
  const texts = nodes.flatMap(({ rejection }) => rejection?.reasons ?? []);
  return [...groupBy(texts, (text) => text)]
    .map(([text, { length }]) => ({ text, nodes: length }))
    .sort((a, b) => b.nodes - a.nodes || (a.text < b.text ? -1 : 1));
}

/** Groups of nodes judged alike, those that fit first, then the largest. Few nodes stay alone. */
export function groupNodes({ nodes }: SchedulingExplanation): readonly NodeGroup[] {
  const areFew = nodes.length <= maxSingleNodes;
  const groups = groupBy(nodes, (node) => (areFew ? node.node : judgement(node)));
  return [...groups.values()]
    .map((members) => groupOf(members))
    .sort((a, b) => Number(b.isFeasible) - Number(a.isFeasible) || b.nodes.length - a.nodes.length);
}

function groupOf(members: readonly NodeExplanation[]): NodeGroup {
  const first = members[0];
  return {
    nodes: members.map(({ node }) => node),
    isFeasible: first?.feasible ?? false,
    rejections: new Map(rejectionsOf(first).map((verdict) => [verdict.plugin, verdict])),
    rejectedBy: first?.rejection?.plugin,
  };
}

function judgement(node: NodeExplanation): string {
  const verdicts = rejectionsOf(node).map(({ plugin, reasons }) => [plugin, ...reasons]);
  return JSON.stringify([node.feasible, node.rejection?.plugin, verdicts]);
}

/** The verdicts that are no Success; the real run's own rejection is among them even if PreFilter's. */
function rejectionsOf(node: NodeExplanation | undefined): readonly PluginVerdict[] {
  if (!node) return [];
  const verdicts = node.verdicts.filter(({ code }) => code !== "Success" && code !== "Skip");
  const { rejection } = node;
  return rejection && !verdicts.some(({ plugin }) => plugin === rejection.plugin)
    ? [rejection, ...verdicts]
    : verdicts;
}

/** The nodes that fit, the best first; the chosen one leads those of equal total. */
export function ranking({ nodes, chosen }: SchedulingExplanation): readonly NodeExplanation[] {
  return nodes
    .filter(({ feasible }) => feasible)
    .sort((a, b) => b.total - a.total || Number(b.node === chosen) - Number(a.node === chosen));
}

export function scoreOf({ scores }: NodeExplanation, plugin: string): PluginScore | undefined {
  return scores.find((score) => score.plugin === plugin);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
