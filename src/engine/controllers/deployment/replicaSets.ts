// Which ReplicaSets of a Deployment are new, old, active, and how many Pods they make together.
// Source: pkg/controller/deployment/util/deployment_util.go, 1.34.
import type { Deployment, ReplicaSet } from "../../../api/types.ts";
import { desiredAtLastScale } from "./annotations.ts";
import { desiredReplicas } from "./fenceposts.ts";
import { isSameTemplate } from "./templateHash.ts";

/** The set of the current template, if there is one, and all others. */
export interface Revisions {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** Of several sets with the current template the oldest is taken, so that all agree on one. */
export function revisionsOf(deployment: Deployment, sets: readonly ReplicaSet[]): Revisions {
  const current = [...sets]
    .sort(byCreation)
    .find(({ spec }) => isSameTemplate(spec.template ?? {}, deployment.spec.template));
  return { current, old: sets.filter((set) => set !== current) };
}

export function allSets({ current, old }: Revisions): readonly ReplicaSet[] {
  return current ? [...old, current] : old;
}

/** What the set's spec asks for. */
export function sizeOf({ spec }: ReplicaSet): number {
  return spec.replicas ?? 1;
}

export function isSized(set: ReplicaSet): boolean {
  return sizeOf(set) > 0;
}

export function totalSize(sets: readonly ReplicaSet[]): number {
  return sum(sets, sizeOf);
}

export function sum<T>(items: readonly T[], count: (item: T) => number | undefined): number {
  return items.reduce((total, item) => total + (count(item) ?? 0), 0);
}

/**
 * The only set with replicas, or, if none has any, the newest: what a Deployment resizes outside a
 * rollout. Undefined during a rollout.
 */
export function activeOrLatest({ current, old }: Revisions): ReplicaSet | undefined {
  const active = allSets({ current, old }).filter(isSized);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return current ?? [...old].sort(byCreation).at(-1);
}

/** True once the set of the current template has all replicas, available. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const desired = desiredReplicas(deployment);
  return (
    set !== undefined &&
    sizeOf(set) === desired &&
    desiredAtLastScale(set) === desired &&
    (set.status?.availableReplicas ?? 0) === desired
  );
}

/** Oldest first; of one instant by name. */
export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [left = "", right = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
