// Spreads Pods over topology domains: required constraints filter, preferred ones score.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/{filtering,scoring}.go
import type { TopologySpreadConstraint } from "../../../api/types.ts";
import { type Cycle, fits, maxNodeScore, type Plugin, rejected, skipped } from "../framework.ts";
import { countSpreadPods } from "../matchCounts.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import type { NodeMemo } from "../nodeMemory.ts";
import type { PodInfo } from "../podInfo.ts";
import {
  defaultSpreadConstraints,
  hasAllTopologies,
  isSpreadOver,
  type SpreadConstraint,
  spreadConstraintsOf,
} from "../spreadConstraints.ts";
import { SpreadDomains } from "../spreadDomains.ts";

const skewed = rejected("node(s) didn't match pod topology spread constraints");
const unlabelled = rejected.forGood(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);
const hostname = "kubernetes.io/hostname";

export interface PodTopologySpreadArgs {
  /** For Pods without constraints of their own, together with their Services and controllers. */
  readonly defaultConstraints: readonly TopologySpreadConstraint[];
  /** True for the built-in defaults, which forgive nodes that lack a zone. */
  readonly isSystemDefault: boolean;
}

/** Source: systemDefaultConstraints, podtopologyspread/plugin.go */
export const systemDefaultSpread: PodTopologySpreadArgs = {
  isSystemDefault: true,
  defaultConstraints: [
    { topologyKey: hostname, whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
    {
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "ScheduleAnyway",
      maxSkew: 5,
    },
  ],
};

interface RequiredSpread {
  readonly constraint: SpreadConstraint;
  readonly domains: SpreadDomains;
  /** 1 if the Pod matches its own selector. */
  readonly self: number;
}

interface ScoreState {
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

export function podTopologySpread(
  args: PodTopologySpreadArgs,
): Plugin<readonly RequiredSpread[], ScoreState> {
  return {
    name: "PodTopologySpread",
    retryOn: [
      "AssignedPod/Add",
      "AssignedPod/Delete",
      "AssignedPod/UpdateLabel",
      "Pod/UpdateLabel",
      "Node/Add",
      "Node/Delete",
      "Node/UpdateLabel",
      "Node/UpdateTaint",
    ],
    preFilter(cycle) {
      const constraints = constraintsOf(cycle, "DoNotSchedule", args);
      if (constraints.length === 0) return { verdict: skipped };
      return { state: countRequired(cycle, constraints) };
    },
    filter: checkSkew,
    cloneState: (state) => state.map((each) => ({ ...each, domains: each.domains.clone() })),
    addPod: (cycle, state, pod, node) => update(cycle, state, { pod, node, change: 1 }),
    removePod: (cycle, state, pod, node) => update(cycle, state, { pod, node, change: -1 }),
    preScore(cycle, nodes) {
      const constraints = constraintsOf(cycle, "ScheduleAnyway", args);
      if (constraints.length === 0) return { verdict: skipped };
      const isOwn = (cycle.pod.pod.spec.topologySpreadConstraints?.length ?? 0) > 0;
      const mustHaveAll = isOwn || !args.isSystemDefault;
      return { state: countPreferred(cycle, constraints, { nodes, mustHaveAll }) };
    },
    score: (_cycle, node, state) => scoreNode(node, state),
    normalize: normalizeReversed,
  };
}

function constraintsOf(
  { pod, snapshot }: Cycle,
  action: TopologySpreadConstraint["whenUnsatisfiable"],
  { defaultConstraints }: PodTopologySpreadArgs,
): readonly SpreadConstraint[] {
  const own = pod.pod.spec.topologySpreadConstraints ?? [];
  return own.length > 0
    ? spreadConstraintsOf(pod, own, action)
    : defaultSpreadConstraints(pod, defaultConstraints, { action, objects: snapshot.objects });
}

function countRequired(
  { pod, snapshot }: Cycle,
  constraints: readonly SpreadConstraint[],
): RequiredSpread[] {
  const eligible = snapshot.nodes.filter((node) => hasAllTopologies(node, constraints));
  return constraints.map((constraint) => {
    const { selector, topologyKey } = constraint;
    const domains = new SpreadDomains(snapshot.topology(topologyKey));
    const counts = countSpreadPods(snapshot.memory, pod.namespace, selector);
    for (const node of eligible)
      if (isSpreadOver(node, pod, constraint))
        domains.add(node, selector.isEmpty ? 0 : counts.of(node));
    domains.findCriticalPaths();
    return { constraint, domains, self: selector.matches(pod.labels) ? 1 : 0 };
  });
}

/** skew = matching Pods in the domain + the Pod itself − the fewest in any domain. */
function checkSkew(_cycle: Cycle, node: NodeInfo, state: readonly RequiredSpread[]) {
  for (const { constraint, domains, self } of state) {
    const { topologyKey, minDomains, maxSkew } = constraint;
    if (node.labels[topologyKey] === undefined) return unlabelled;
    const fewest = domains.size < minDomains ? 0 : domains.fewest;
    if (domains.at(node) + self - fewest > maxSkew) return skewed;
  }
  return fits;
}

interface Update {
  readonly pod: PodInfo;
  readonly node: NodeInfo;
  readonly change: 1 | -1;
}

/** Counts a Pod that is added or removed in thought; whether it is terminating is not asked here. */
function update(
  { pod: incoming }: Cycle,
  state: readonly RequiredSpread[],
  { pod, node, change }: Update,
): void {
  if (pod.namespace !== incoming.namespace) return;
  if (
    !hasAllTopologies(
      node,
      state.map(({ constraint }) => constraint),
    )
  )
    return;
  for (const { constraint, domains } of state)
    if (constraint.selector.matches(pod.labels) && isSpreadOver(node, incoming, constraint))
      domains.change(node, change);
}

function countPreferred(
  { pod, snapshot }: Cycle,
  constraints: readonly SpreadConstraint[],
  { nodes, mustHaveAll }: { nodes: readonly NodeInfo[]; mustHaveAll: boolean },
): ScoreState {
  const isIgnored = new Uint8Array(Math.max(0, ...nodes.map(({ slot }) => slot + 1)));
  const scored = nodes.filter((node) => {
    const isLeftOut = mustHaveAll && !hasAllTopologies(node, constraints);
    if (isLeftOut) isIgnored[node.slot] = 1;
    return !isLeftOut;
  });
  const soft = constraints.map((constraint): SoftSpread => {
    const { selector, topologyKey } = constraint;
    const { domainOf, domains } = snapshot.topology(topologyKey);
    const nodeCounts = countSpreadPods(snapshot.memory, pod.namespace, selector);
    if (topologyKey === hostname)
      return {
        constraint,
        nodeCounts,
        domainOf,
        domainCounts: undefined,
        weight: Math.log(scored.length + 2),
      };
    // A missing label counts as a domain of its own here.
    const present = new Uint8Array(domains + 1);
    for (const { slot } of scored) present[(domainOf[slot] ?? -1) + 1] = 1;
    const domainCounts = new Float64Array(domains);
    for (const node of snapshot.nodes) {
      const domain = domainOf[node.slot] ?? -1;
      if (domain < 0 || present[domain + 1] === 0) continue;
      if (mustHaveAll && !hasAllTopologies(node, constraints)) continue;
      if (!isSpreadOver(node, pod, constraint)) continue;
      domainCounts[domain] = (domainCounts[domain] ?? 0) + nodeCounts.of(node);
    }
    const size = present.reduce((sum, each) => sum + each, 0);
    return { constraint, nodeCounts, domainOf, domainCounts, weight: Math.log(size + 2) };
  });
  return { soft, isIgnored };
}

/** The more matching Pods around, the higher: normalizing turns it round. */
function scoreNode(node: NodeInfo, { soft, isIgnored }: ScoreState): number {
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

function normalizeReversed(
  scores: Float64Array,
  nodes: readonly NodeInfo[],
  { isIgnored }: ScoreState,
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
