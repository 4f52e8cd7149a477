// Topology spread constraints, compiled, and the nodes they are about.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/common.go
import { labelSelectorOf, type Requirement, type Selector } from "../../api/selector.ts";
import type { TopologySpreadConstraint } from "../../api/types.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { defaultSelector } from "./defaultSelector.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import { requiredNodeAffinity } from "./nodeSelection.ts";
import type { PodInfo } from "./podInfo.ts";
import { untoleratedTaint } from "./tolerations.ts";

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Leaves out nodes that the Pod's node affinity does not allow. */
  readonly honorsAffinity: boolean;
  /** Leaves out nodes with taints that the Pod does not tolerate. */
  readonly honorsTaints: boolean;
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
    .map((constraint) => compile(constraint, selectorOf(constraint, pod)));
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
  return selector.isEmpty ? [] : chosen.map((constraint) => compile(constraint, selector));
}

/** Whether the node has all of the labels by which Pods are spread. */
export function hasAllTopologies(
  { labels }: NodeInfo,
  constraints: readonly SpreadConstraint[],
): boolean {
  for (const { topologyKey } of constraints) if (labels[topologyKey] === undefined) return false;
  return true;
}

/** Whether the Pods of a node count, and its domain with them. */
export function isSpreadOver(node: NodeInfo, { pod }: PodInfo, constraint: SpreadConstraint) {
  if (constraint.honorsAffinity && !requiredNodeAffinity(pod).matches(node)) return false;
  return !(constraint.honorsTaints && untoleratedTaint(node.taints, pod.spec.tolerations));
}

function compile(constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  const { topologyKey, maxSkew, minDomains = 1 } = constraint;
  return {
    topologyKey,
    maxSkew,
    minDomains,
    selector,
    honorsAffinity: constraint.nodeAffinityPolicy !== "Ignore",
    honorsTaints: constraint.nodeTaintsPolicy === "Honor",
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
