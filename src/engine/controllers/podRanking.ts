// Which Pods of a set are deleted first when there are too many.
// Source: pkg/controller ActivePodsWithRanks, kubernetes v1.34 controller_utils.go
import { isActive, isPodReady } from "../../api/kinds/pod/kind.ts";
import type { ContainerStatus, Pod } from "../../api/types.ts";
import { type Instant, parseTime } from "../../base/time.ts";
import { readySince } from "./podAvailability.ts";

const deletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

/**
 * The `count` Pods to delete. `related` are the Pods of all sets of one owner: those doubled up on a
 * node go before those that stand alone.
 */
export function victims(
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  now: Instant,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const crowds = new Map<string, number>();
  for (const { spec, ...pod } of related)
    if (isActive({ spec, ...pod }))
      crowds.set(spec.nodeName ?? "", (crowds.get(spec.nodeName ?? "") ?? 0) + 1);
  const crowdOf = ({ spec }: Pod): number => crowds.get(spec.nodeName ?? "") ?? 0;
  return [...pods].sort((a, b) => compareVictims(a, b, crowdOf, now)).slice(0, count);
}

/** Negative if `a` is to go before `b`. The first criterion that tells them apart decides. */
export function compareVictims(
  a: Pod,
  b: Pod,
  crowdOf: (pod: Pod) => number,
  now: Instant,
): number {
  return (
    Number(isAssigned(a)) - Number(isAssigned(b)) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    crowdOf(b) - crowdOf(a) ||
    youngerFirst(a, b, readySince, now) ||
    mostRestarts(b, false) - mostRestarts(a, false) ||
    mostRestarts(b, true) - mostRestarts(a, true) ||
    youngerFirst(a, b, createdAt, now)
  );
}

/**
 * Negative if `a` is to go before `b`, for controllers that don't rank by crowds and costs.
 * Source: pkg/controller ActivePods.
 */
export function compareActivePods(a: Pod, b: Pod): number {
  return (
    Number(isAssigned(a)) - Number(isAssigned(b)) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    latestFirst(readySince(a), readySince(b)) ||
    mostRestarts(b, false) - mostRestarts(a, false) ||
    mostRestarts(b, true) - mostRestarts(a, true) ||
    latestFirst(createdAt(a), createdAt(b))
  );
}

/** No time at all comes before the latest. */
function latestFirst(a: Instant | undefined, b: Instant | undefined): number {
  return (b ?? Number.MAX_SAFE_INTEGER) - (a ?? Number.MAX_SAFE_INTEGER);
}

function isAssigned({ spec }: Pod): boolean {
  return Boolean(spec.nodeName);
}

function phaseRank({ status }: Pod): number {
  return Math.max(0, ["Pending", "Unknown", "Running"].indexOf(status?.phase ?? "Pending"));
}

function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[deletionCostAnnotation] ?? "0";
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

/** The restarts of the container that restarted most, among the sidecars or the others. */
function mostRestarts({ spec, status }: Pod, ofSidecars: boolean): number {
  const sidecars = new Set(
    (spec.initContainers ?? []).flatMap((c) => (c.restartPolicy === "Always" ? [c.name] : [])),
  );
  const statuses: readonly ContainerStatus[] = ofSidecars
    ? (status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name))
    : (status?.containerStatuses ?? []);
  return Math.max(0, ...statuses.map(({ restartCount }) => restartCount));
}

/**
 * Ages are compared by their order of magnitude in powers of two, so that the choice is random among
 * Pods of about one age. Equal ones go by uid, which is random. (LogarithmicScaleDown)
 */
function youngerFirst(
  a: Pod,
  b: Pod,
  time: (pod: Pod) => Instant | undefined,
  now: Instant,
): number {
  const [left, right] = [time(a), time(b)];
  if (left === right) return 0;
  const difference = magnitude(now, left) - magnitude(now, right);
  if (difference !== 0) return difference;
  return (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1;
}

/** Of the age in nanoseconds, as Go's durations are; -1 for no age at all. */
function magnitude(now: Instant, then: Instant | undefined): number {
  const age = then === undefined ? 0 : now - then;
  return age > 0 ? Math.floor(Math.log2(age * 1e6)) : -1;
}

function createdAt({ metadata }: Pod): Instant | undefined {
  return parseTime(metadata.creationTimestamp ?? "");
}
