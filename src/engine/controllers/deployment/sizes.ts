// The arithmetic of a rollout: how large each ReplicaSet is to be next. Pure.
// Source: pkg/controller/deployment/{rolling,sync}.go and util NewRSNewReplicas, GetReplicaSetProportion,
// kubernetes v1.34.
import type { Deployment, ReplicaSet } from "../../../api/types.ts";
import { maxAtLastScale } from "./annotations.ts";
import { desiredReplicas, fenceposts, isRollingUpdate } from "./fenceposts.ts";
import {
  activeOrLatest,
  allSets,
  byCreation,
  isSaturated,
  isSized,
  type Revisions,
  sizeOf,
  sum,
  totalSize,
} from "./replicaSets.ts";

/** Gives a set a size. Steps are taken in order; a set may appear twice. */
export interface Resize {
  readonly set: ReplicaSet;
  readonly size: number;
}

/** The size of the current set in a rollout: as large as the surge allows beside the old ones. */
export function newReplicasFor(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  current: ReplicaSet,
): number {
  const desired = desiredReplicas(deployment);
  const size = sizeOf(current);
  if (!isRollingUpdate(deployment) || size > desired) return desired;
  const room = desired + fenceposts(deployment).maxSurge - totalSize(all);
  return size + Math.max(0, Math.min(room, desired - size));
}

/**
 * What may be taken from the old sets: unhealthy Pods first, which cost no availability, then healthy
 * ones as far as enough Pods stay available. Nothing while a set's status still counts Pods that its
 * size has given up: they would be taken for available.
 */
export function shrinkOldSets(
  deployment: Deployment,
  { current, old }: { readonly current: ReplicaSet; readonly old: readonly ReplicaSet[] },
): readonly Resize[] {
  const active = old.filter(isSized).sort(byCreation);
  const minAvailable = desiredReplicas(deployment) - fenceposts(deployment).maxUnavailable;
  const currentUnavailable = sizeOf(current) - availableIn(current);
  const spare = totalSize([...active, current]) - minAvailable - currentUnavailable;
  const lags = active.some((set) => availableIn(set) > sizeOf(set));
  if (active.length === 0 || spare <= 0 || lags) return [];
  const unhealthy = takeFrom(active, spare, (set, size) => size - availableIn(set));
  const sizes = new Map(unhealthy.map(({ set, size }) => [set, size]));
  const left = active.map((set) => ({ set, size: sizes.get(set) ?? sizeOf(set) }));
  const available = sum([...active, current], availableIn);
  const healthy = takeFromSized(left, available - minAvailable, (_set, size) => size);
  return [...unhealthy, ...healthy];
}

/**
 * The sizes after the number of replicas was changed, or while the Deployment is paused: the only
 * active set follows; a current set that stands lets the old ones go; in between all keep their part.
 */
export function sizesAfterScaling(deployment: Deployment, revisions: Revisions): readonly Resize[] {
  const desired = desiredReplicas(deployment);
  const only = activeOrLatest(revisions);
  if (only) return sizeOf(only) === desired ? [] : [{ set: only, size: desired }];
  if (isSaturated(deployment, revisions.current))
    return revisions.old.filter(isSized).map((set) => ({ set, size: 0 }));
  return isRollingUpdate(deployment) ? proportionalSizes(deployment, revisions) : [];
}

/**
 * Spreads a change of size over all sets in proportion while a rollout is under way or paused, so
 * that scaling neither speeds the rollout up nor undoes it.
 */
function proportionalSizes(deployment: Deployment, revisions: Revisions): readonly Resize[] {
  const desired = desiredReplicas(deployment);
  const sets = allSets(revisions).filter(isSized);
  const allowed = desired > 0 ? desired + fenceposts(deployment).maxSurge : 0;
  const toAdd = allowed - totalSize(sets);
  if (toAdd > 0) sets.sort((a, b) => sizeOf(b) - sizeOf(a) || byCreation(b, a));
  if (toAdd < 0) sets.sort((a, b) => sizeOf(b) - sizeOf(a) || byCreation(a, b));
  let added = 0;
  const resized = sets.map((set) => {
    const part = proportionOf(set, deployment, toAdd, added);
    added += part;
    return { set, size: sizeOf(set) + part };
  });
  // What rounding left over goes to the largest set.
  const leftover = toAdd - added;
  return resized.map(({ set, size }, i) => ({
    set,
    size: i === 0 ? Math.max(0, size + leftover) : size,
  }));
}

/** The part of `toAdd` (negative when scaling down) that falls to a set when `added` are given out. */
function proportionOf(
  set: ReplicaSet,
  deployment: Deployment,
  toAdd: number,
  added: number,
): number {
  if (sizeOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  const rest = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, rest) : Math.max(fraction, rest);
}

/** How much the set must change to keep its share of the whole. */
function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const desired = desiredReplicas(deployment);
  const size = sizeOf(set);
  if (desired === 0) return -size;
  const before = maxAtLastScale(set) || deployment.status?.replicas || 0;
  if (before === 0) return 0;
  return Math.round((size * (desired + fenceposts(deployment).maxSurge)) / before) - size;
}

function availableIn({ status }: ReplicaSet): number {
  return status?.availableReplicas ?? 0;
}

/** Takes up to `count` replicas in all, at most `mayGive` of each set, from the first on. */
function takeFrom(
  sets: readonly ReplicaSet[],
  count: number,
  mayGive: (set: ReplicaSet, size: number) => number,
): readonly Resize[] {
  const sized = sets.map((set) => ({ set, size: sizeOf(set) }));
  return takeFromSized(sized, count, mayGive);
}

function takeFromSized(
  sets: readonly Resize[],
  count: number,
  mayGive: (set: ReplicaSet, size: number) => number,
): readonly Resize[] {
  let left = count;
  return sets.flatMap(({ set, size }) => {
    const given = Math.min(left, mayGive(set, size));
    if (given <= 0) return [];
    left -= given;
    return [{ set, size: size - given }];
  });
}
