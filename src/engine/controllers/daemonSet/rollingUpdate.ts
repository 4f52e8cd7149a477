// Which Pods of an old revision go next, and where new ones come beside them. Pure.
// Source: pkg/controller/daemon/update.go rollingUpdate, kubernetes v1.34.
import type { DaemonSet, Node, Pod } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { isPodAvailable } from "../podAvailability.ts";
import { type PodsByNode, pairOf } from "./daemonPods.ts";
import { nodeFit } from "./nodeFit.ts";
import { daemonLimits } from "./strategy.ts";

export interface DaemonWork {
  /** Nodes that get a Pod. */
  readonly create: readonly string[];
  readonly delete: readonly Pod[];
}

export interface DaemonState {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly pods: PodsByNode;
  /** Of the current revision. */
  readonly hash: string;
  readonly now: Instant;
}

export function rollingUpdate(state: DaemonState): DaemonWork {
  const { set, nodes, pods } = state;
  const wanted = nodes.filter((node) => nodeFit(set, node).shouldRun);
  const { maxSurge, maxUnavailable } = daemonLimits(set, wanted.length);
  const names = new Set([...pods.keys(), ...wanted.map(({ metadata }) => metadata.name)]);
  const groups = [...names].sort().map((name) => ({ name, pods: pods.get(name) ?? [] }));
  return maxSurge === 0
    ? replaceInPlace(state, groups, maxUnavailable)
    : surge(state, groups, { maxSurge, wanted: wanted.length });
}

interface NodeGroup {
  readonly name: string;
  readonly pods: readonly Pod[];
}

/** Deletes old Pods, those that aren't available first; new ones come when they are gone. */
function replaceInPlace(
  { set, hash, now }: DaemonState,
  groups: readonly NodeGroup[],
  maxUnavailable: number,
): DaemonWork {
  const isAvailable = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const { pods } of groups) {
    const pair = pairOf(pods, hash);
    const { current, old } = pair ?? {};
    // None, two or too many: that is for the placement to mend.
    if (!pair || Boolean(current) === Boolean(old)) unavailable++;
    else if (current && !isAvailable(current)) unavailable++;
    else if (old && !isAvailable(old)) {
      broken.push(old);
      unavailable++;
    } else if (old && unavailable < maxUnavailable) candidates.push(old);
  }
  const more = Math.max(0, maxUnavailable - unavailable);
  return { create: [], delete: [...broken, ...candidates.slice(0, more)] };
}

/** Makes new Pods beside old ones, which go once the new are available. */
function surge(
  { set, nodes, hash, now }: DaemonState,
  groups: readonly NodeGroup[],
  { maxSurge, wanted }: { readonly maxSurge: number; readonly wanted: number },
): DaemonWork {
  const isAvailable = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  const shouldRun = new Set(
    nodes.filter((node) => nodeFit(set, node).shouldRun).map(({ metadata }) => metadata.name),
  );
  const doomed: Pod[] = [];
  const misplaced: Pod[] = [];
  const urgent: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  let available = 0;
  for (const { name, pods } of groups) {
    const pair = pairOf(pods, hash);
    if (!pair) {
      surging++;
      continue;
    }
    const { current, old } = pair;
    const shown = old ?? current;
    if (shown && isAvailable(shown)) available++;
    if (!old) continue;
    if (current) {
      if (isAvailable(current)) doomed.push(old);
      else surging++;
    } else if (!shouldRun.has(name)) (isAvailable(old) ? misplaced : doomed).push(old);
    else if (!isAvailable(old)) urgent.push(name);
    else if (surging < maxSurge) candidates.push(name);
  }
  const spare = Math.max(0, available - wanted);
  const more = Math.max(0, maxSurge - surging);
  return {
    create: [...urgent, ...candidates.slice(0, more)],
    delete: [...doomed, ...misplaced.slice(0, spare)],
  };
}
