// The taints by which the control plane keeps Pods off a node that isn't well. Pure.
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, kubernetes v1.34.
import type { Node, Taint } from "../../../api/types.ts";
import { formatTime, type Instant } from "../../../base/time.ts";

type TaintKind = Pick<Taint, "key" | "effect">;

const prefix = "node.kubernetes.io/";
export const notReadyNoExecute: TaintKind = { key: `${prefix}not-ready`, effect: "NoExecute" };
export const unreachableNoExecute: TaintKind = { key: `${prefix}unreachable`, effect: "NoExecute" };
const unschedulableKey = `${prefix}unschedulable`;

/** Which status of which condition stands for which taint. */
const conditionTaints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: `${prefix}not-ready`, Unknown: `${prefix}unreachable` },
  MemoryPressure: { True: `${prefix}memory-pressure` },
  DiskPressure: { True: `${prefix}disk-pressure` },
  NetworkUnavailable: { True: `${prefix}network-unavailable` },
  PIDPressure: { True: `${prefix}pid-pressure` },
};

const managedKeys = new Set([
  unschedulableKey,
  ...Object.values(conditionTaints).flatMap((keys) => Object.values(keys)),
]);

export interface TaintChange {
  readonly add: readonly TaintKind[];
  readonly remove: readonly TaintKind[];
}

/** How the NoSchedule taints must change to say what the node's conditions and spec say. */
export function noScheduleChange(node: Node): TaintChange {
  const wanted = (node.status?.conditions ?? []).flatMap(({ type, status }) => {
    const key = conditionTaints[type]?.[status];
    return key === undefined ? [] : [noSchedule(key)];
  });
  if (node.spec?.unschedulable) wanted.push(noSchedule(unschedulableKey));
  const present = (node.spec?.taints ?? []).filter(
    ({ key, effect }) => effect === "NoSchedule" && managedKeys.has(key),
  );
  return {
    add: wanted.filter((taint) => !present.some((other) => isSame(taint, other))),
    remove: present.filter((taint) => !wanted.some((other) => isSame(taint, other))),
  };
}

export function hasTaint(node: Node, taint: TaintKind): boolean {
  return (node.spec?.taints ?? []).some((other) => isSame(other, taint));
}

/** The node's taints after the change; undefined if they stay as they are. */
export function changedTaints(
  node: Node,
  { add, remove }: TaintChange,
  now: Instant,
): readonly Taint[] | undefined {
  const present = node.spec?.taints ?? [];
  const kept = present.filter((taint) => !remove.some((other) => isSame(taint, other)));
  const added = add
    .filter((taint) => !hasTaint(node, taint))
    .map(({ key, effect }) => ({ key, effect, timeAdded: formatTime(now) }));
  return added.length === 0 && kept.length === present.length ? undefined : [...kept, ...added];
}

function noSchedule(key: string): TaintKind {
  return { key, effect: "NoSchedule" };
}

function isSame(a: TaintKind, b: TaintKind): boolean {
  return a.key === b.key && a.effect === b.effect;
}
