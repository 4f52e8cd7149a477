// Scores nodes by how few matching Pods are around, for preferred topology spread constraints.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/scoring.go
import { type Cycle, maxNodeScore } from "./framework.ts";
import { countSpreadPods } from "./matchCounts.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeMemo } from "./nodeMemory.ts";
import type { SpreadConstraint } from "./spreadConstraints.ts";
import type { Topology } from "./topology.ts";

export const hostname = "kubernetes.io/hostname";

export interface SpreadScores {
  readonly soft: readonly SoftSpread[];
  /** By slot: nodes that lack a label and score 0. */
  readonly isIgnored: Uint8Array;
}

interface SoftSpread {
  readonly constraint: SpreadConstraint;
  /** Matching Pods by domain; undefined for hosts, which are counted one by one. */
  readonly domainCounts: Float64Array | undefined;
  readonly nodeCounts: NodeMemo<number>;
  readonly domainOf: Int32Array;
  /** Lets small topologies weigh as much as large ones: ln(domains + 2). */
  readonly weight: number;
}

/** Counts matching Pods where the nodes that fit are; those that lack a label are ignored. */
export function countPreferred(
  cycle: Cycle,
  constraints: readonly SpreadConstraint[],
  { nodes, mustHaveAll }: { nodes: readonly NodeInfo[]; mustHaveAll: boolean },
): SpreadScores {
  const topologies = constraints.map(({ topologyKey }) => cycle.snapshot.topology(topologyKey));
  const slots = topologies[0]?.domainOf.length ?? 0;
  const isIgnored = new Uint8Array(slots);
  if (mustHaveAll)
    for (const { domainOf } of topologies)
      for (let slot = 0; slot < slots; slot++) if ((domainOf[slot] ?? -1) < 0) isIgnored[slot] = 1;
  const scored = nodes.filter(({ slot }) => isIgnored[slot] !== 1);
  const soft = constraints.map((constraint, i) =>
    countSoft(cycle, constraint, { topology: topologies[i] as Topology, isIgnored, scored }),
  );
  return { soft, isIgnored };
}

interface Scope {
  readonly topology: Topology;
  readonly isIgnored: Uint8Array;
  /** Nodes that fit and are not ignored. */
  readonly scored: readonly NodeInfo[];
}

function countSoft(
  { pod, snapshot }: Cycle,
  constraint: SpreadConstraint,
  { topology: { domainOf, domains, key }, isIgnored, scored }: Scope,
): SoftSpread {
  const nodeCounts = countSpreadPods(snapshot.memory, pod.namespace, constraint.selector);
  const spread = { constraint, nodeCounts, domainOf };
  if (key === hostname)
    return { ...spread, domainCounts: undefined, weight: Math.log(scored.length + 2) };
  // A missing label counts as a domain of its own here.
  const present = new Uint8Array(domains + 1);
  for (const { slot } of scored) present[(domainOf[slot] ?? -1) + 1] = 1;
  const domainCounts = new Float64Array(domains);
  for (const node of snapshot.nodes) {
    const domain = domainOf[node.slot] ?? -1;
    if (domain < 0 || present[domain + 1] === 0 || isIgnored[node.slot] === 1) continue;
    if (constraint.counts && !constraint.counts(node)) continue;
    domainCounts[domain] = (domainCounts[domain] ?? 0) + nodeCounts.of(node);
  }
  const size = present.reduce((sum, each) => sum + each, 0);
  return { ...spread, domainCounts, weight: Math.log(size + 2) };
}

/** The more matching Pods around, the higher: normalizing turns it round. */
export function scoreSpread(node: NodeInfo, { soft, isIgnored }: SpreadScores): number {
  if (isIgnored[node.slot] === 1) return 0;
  let score = 0;
  for (const { constraint, domainCounts, nodeCounts, domainOf, weight } of soft) {
    const domain = domainOf[node.slot] ?? -1;
    if (domain < 0) continue;
    const matching = constraint.selector.isEmpty
      ? 0
      : domainCounts
        ? (domainCounts[domain] ?? 0)
        : nodeCounts.of(node);
    score += matching * weight + (constraint.maxSkew - 1);
  }
  return Math.round(score);
}

/** The fewer matching Pods around, the better; ignored nodes get 0. In place. */
export function normalizeSpread(
  scores: Float64Array,
  nodes: readonly NodeInfo[],
  { isIgnored }: SpreadScores,
): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let i = 0; i < scores.length; i++) {
    if (isIgnored[nodes[i]?.slot ?? 0] === 1) continue;
    const score = scores[i] ?? 0;
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  for (let i = 0; i < scores.length; i++) {
    if (isIgnored[nodes[i]?.slot ?? 0] === 1) scores[i] = 0;
    else if (highest === 0) scores[i] = maxNodeScore;
    else scores[i] = Math.trunc((maxNodeScore * (highest + lowest - (scores[i] ?? 0))) / highest);
  }
}
