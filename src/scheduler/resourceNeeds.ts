// What a Pod wants of a node, what there is, and who has the rest: the numbers behind "Insufficient cpu".
import type { ResourceNeed } from "../api/schedulingExplanation.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { PodInfo } from "./podInfo.ts";
import { type Resources, resourceValue } from "./resources.ts";

export function resourceNeeds(pod: PodInfo, node: NodeInfo): readonly ResourceNeed[] {
  const needs = namesOf(pod.wanted).map((resource) => {
    const allocatable = resourceValue(node.allocatable, resource);
    return {
      resource,
      wanted: resourceValue(pod.wanted, resource),
      free: allocatable - resourceValue(node.requested, resource),
      allocatable,
      holders: holdersOf(node, (holder) => resourceValue(holder.requested, resource)),
    };
  });
  const { allowedPods, pods } = node;
  const places: ResourceNeed = {
    resource: "pods",
    wanted: 1,
    free: allowedPods - pods.length,
    allocatable: allowedPods,
    holders: holdersOf(node, () => 1),
  };
  return [...needs, places];
}

function namesOf(wanted: Resources): readonly string[] {
  const ordinary = ["cpu", "memory", "ephemeral-storage"];
  return [
    ...ordinary.filter((name) => resourceValue(wanted, name) > 0),
    ...[...wanted.scalars.keys()].filter((name) => resourceValue(wanted, name) > 0).sort(),
  ];
}

function holdersOf(
  { pods }: NodeInfo,
  amountOf: (pod: PodInfo) => number,
): ResourceNeed["holders"] {
  return pods
    .map((pod) => ({ pod: pod.key, amount: amountOf(pod) }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount);
}
