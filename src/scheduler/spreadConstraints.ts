// Topology spread constraints, compiled, and the nodes they are about.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/common.go

import { requiredNodeAffinity, requiresNode } from "../api/nodeSelection.ts";
import { labelSelectorOf, type Requirement, type Selector } from "../api/selector.ts";
import type { TopologySpreadConstraint } from "../api/types.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { defaultSelector } from "./defaultSelector.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { PodInfo } from "./podInfo.ts";
import { untoleratedTaint } from "./tolerations.ts";

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /**
   * Whether the Pods of a node count, and its domain with them: by default if the Pod's node affinity
   * allows the node, whatever its taints. Absent if all nodes count.
   */
  readonly counts?: (node: NodeInfo) => boolean;
}

type Action = TopologySpreadConstraint["whenUnsatisfiable"];

/** The Pod's own constraints of one kind. */
export function spreadConstraintsOf(
  pod: PodInfo,
  constraints: readonly TopologySpreadConstraint[],
  action: Action,
): readonly SpreadConstraint[] {
  return constraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => compile(pod, constraint, selectorOf(constraint, pod)));
}

/** The cluster's constraints, about the Pods that belong together with this one; none if alone. */
export function defaultSpreadConstraints(
  pod: PodInfo,
  constraints: readonly TopologySpreadConstraint[],
  { action, objects }: { action: Action; objects: ClusterObjects },
): readonly SpreadConstraint[] {
  const chosen = constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action);
  if (chosen.length === 0) return [];
  const selector = defaultSelector(pod, objects);
  return selector.isEmpty ? [] : chosen.map((constraint) => compile(pod, constraint, selector));
}

function compile(
  pod: PodInfo,
  constraint: TopologySpreadConstraint,
  selector: Selector,
): SpreadConstraint {
  const { topologyKey, maxSkew, minDomains = 1 } = constraint;
  const counts = inclusionRule(pod, constraint);
  return { topologyKey, maxSkew, minDomains, selector, ...(counts ? { counts } : {}) };
}

function inclusionRule(
  { pod }: PodInfo,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
): ((node: NodeInfo) => boolean) | undefined {
  const affinity =
    nodeAffinityPolicy !== "Ignore" && requiresNode(pod) ? requiredNodeAffinity(pod) : undefined;
  const honorsTaints = nodeTaintsPolicy === "Honor";
  if (!affinity && !honorsTaints) return undefined;
  return (node) => {
    if (affinity && !affinity.matches(node)) return false;
    return !(honorsTaints && untoleratedTaint(node.taints, pod.spec.tolerations));
  };
}

/** Keys that admission has merged already are merged again, which changes nothing. */
function selectorOf(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  { labels }: PodInfo,
): Selector {
  const selector = labelSelectorOf(labelSelector);
  const additional = matchLabelKeys.flatMap((key): Requirement[] => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator: "In", values: [value] }];
  });
  return additional.length === 0 ? selector : selector.with(additional);
}
