// Spreads Pods over topology domains: required constraints filter, preferred ones score.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/{filtering,scoring}.go
import type { Node, Pod, TopologySpreadConstraint } from "../../api/types.ts";
import {
  type ClusterChange,
  type Cycle,
  fits,
  type Plugin,
  rejected,
  skipped,
} from "../framework.ts";
import { countSpreadPods } from "../matchCounts.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import type { PodInfo } from "../podInfo.ts";
import {
  defaultSpreadConstraints,
  type SpreadConstraint,
  spreadConstraintsOf,
} from "../spreadConstraints.ts";
import { SpreadDomains } from "../spreadDomains.ts";
import {
  countPreferred,
  hostname,
  normalizeSpread,
  type SpreadScores,
  scoreSpread,
} from "../spreadScores.ts";

const skewed = rejected("node(s) didn't match pod topology spread constraints");
const unlabelled = rejected.forGood(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);

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

export function podTopologySpread(
  args: PodTopologySpreadArgs,
): Plugin<readonly RequiredSpread[], SpreadScores> {
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
    hint: mayEvenOut,
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
    score: (_cycle, node, state) => scoreSpread(node, state),
    normalize: normalizeSpread,
  };
}

/** Source: isSchedulableAfterPodChange and isSchedulableAfterNodeChange, podtopologyspread/plugin.go */
function mayEvenOut(pod: PodInfo, { event, node, pod: other }: ClusterChange): boolean {
  const own = pod.pod.spec.topologySpreadConstraints ?? [];
  // The defaults never reject a Pod on their own; what they depend on is not looked at here.
  if (own.length === 0 || event.startsWith("Pod/")) return true;
  const constraints = spreadConstraintsOf(pod, own, "DoNotSchedule");
  if (node) {
    const keys = constraints.map(({ topologyKey }) => topologyKey);
    const labelsOf = (each: Node | undefined) => keys.map((key) => each?.metadata.labels?.[key]);
    const [was, is] = [labelsOf(node.old), labelsOf(node.now)];
    const isDomain = (labels: readonly unknown[]) => labels.every((label) => label !== undefined);
    if (event === "Node/UpdateTaint") return isDomain(is);
    return (isDomain(was) || isDomain(is)) && was.some((label, i) => label !== is[i]);
  }
  const counts = (each: Pod | undefined): boolean =>
    each !== undefined &&
    each.metadata.namespace === pod.namespace &&
    constraints.some(({ selector }) => selector.matches(each.metadata.labels ?? {}));
  return counts(other?.old) !== counts(other?.now);
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

/** Counts matching Pods on the nodes that have all of the labels. */
function countRequired(
  { pod, snapshot }: Cycle,
  constraints: readonly SpreadConstraint[],
): RequiredSpread[] {
  const state = constraints.map((constraint): RequiredSpread => {
    const domains = new SpreadDomains(snapshot.topology(constraint.topologyKey));
    return { constraint, domains, self: constraint.selector.matches(pod.labels) ? 1 : 0 };
  });
  for (const { constraint, domains } of state) {
    const { selector, counts } = constraint;
    const matching = countSpreadPods(snapshot.memory, pod.namespace, selector);
    for (const node of snapshot.nodes)
      if (hasAllLabels(node, state) && (!counts || counts(node)))
        domains.add(node, selector.isEmpty || node.pods.length === 0 ? 0 : matching.of(node));
    domains.findCriticalPaths();
  }
  return state;
}

function hasAllLabels(node: NodeInfo, state: readonly RequiredSpread[]): boolean {
  for (const { domains } of state) if (!domains.has(node)) return false;
  return true;
}

/** skew = matching Pods in the domain + the Pod itself − the fewest in any domain. */
function checkSkew(_cycle: Cycle, node: NodeInfo, state: readonly RequiredSpread[]) {
  for (const { constraint, domains, self } of state) {
    const { minDomains, maxSkew } = constraint;
    if (!domains.has(node)) return unlabelled;
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
  if (pod.namespace !== incoming.namespace || !hasAllLabels(node, state)) return;
  for (const { constraint, domains } of state) {
    const { selector, counts } = constraint;
    if (selector.matches(pod.labels) && (!counts || counts(node))) domains.change(node, change);
  }
}
