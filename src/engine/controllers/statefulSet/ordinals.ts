// The names and numbers of a StatefulSet's Pods. Source: pkg/controller/statefulset/stateful_set_utils.go,
// kubernetes v1.34.
import type { Pod, StatefulSet } from "../../../api/types.ts";

const podName = /^(.*)-([0-9]+)$/s;
const maxInt32 = 2 ** 31 - 1;

export function podNameOf({ metadata }: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${ordinal}`;
}

/** The name of the set that the Pod's name speaks of. */
export function parentNameOf({ metadata }: Pod): string {
  return podName.exec(metadata.name)?.[1] ?? "";
}

/** -1 for a Pod whose name has no number. */
export function ordinalOf({ metadata }: Pod): number {
  const ordinal = Number(podName.exec(metadata.name)?.[2] ?? -1);
  return ordinal <= maxInt32 ? ordinal : -1;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

export function replicasOf({ spec }: StatefulSet): number {
  return spec.replicas ?? 1;
}

/** Whether the set, as it is, has a Pod of that number. */
export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set);
}

/** Pods are created and updated in order, one after the other, unless they may be in parallel. */
export function isOrdered({ spec }: StatefulSet): boolean {
  return spec.podManagementPolicy !== "Parallel";
}
