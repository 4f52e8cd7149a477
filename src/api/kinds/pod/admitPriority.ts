// Priority: turns a Pod's priorityClassName into its priority and preemption policy.
// Source: plugin/pkg/admission/priority, kubernetes v1.34.

import type { Draft } from "../../../base/draft.ts";
import type { Pod, PriorityClass } from "../../types.ts";

/**
 * Sets `spec.priority` and `spec.preemptionPolicy` of a new Pod, in place.
 * @returns why the Pod is forbidden, in the admission plugin's words; undefined if it is not.
 */
export function admitPriority(
  pod: Draft<Pod>,
  classes: Iterable<PriorityClass>,
): string | undefined {
  const { spec } = pod;
  const named = spec.priorityClassName;
  const chosen = named ? find(classes, named) : globalDefault(classes);
  if (named && !chosen) return `no PriorityClass with name ${named} was found`;
  const priority = chosen?.value ?? 0;
  // Stored classes always have a policy; without one the Pod's own word counts.
  const policy =
    (chosen ? chosen.preemptionPolicy : undefined) ??
    (chosen && spec.preemptionPolicy) ??
    "PreemptLowerPriority";
  const computed = "priority admission controller computed";
  if (spec.priority !== undefined && spec.priority !== priority)
    return `the integer value of priority (${spec.priority}) must not be provided in pod spec; ${computed} ${priority} from the given PriorityClass name`;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ${computed} ${policy} from the given PriorityClass name`;
  if (chosen) spec.priorityClassName = chosen.metadata.name;
  spec.priority = priority;
  spec.preemptionPolicy = policy;
  return undefined;
}

function find(classes: Iterable<PriorityClass>, name: string): PriorityClass | undefined {
  for (const each of classes) if (each.metadata.name === name) return each;
  return undefined;
}

/** Of several global defaults the one with the lowest value counts. */
function globalDefault(classes: Iterable<PriorityClass>): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const each of classes)
    if (each.globalDefault && (!lowest || each.value < lowest.value)) lowest = each;
  return lowest;
}
