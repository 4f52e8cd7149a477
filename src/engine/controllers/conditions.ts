// Conditions of a status: a list with one entry per type.
import { formatTime, type Instant } from "../../base/time.ts";

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function findCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function withoutCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): readonly C[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

/** The list with `condition` in the place of the one of its type, or at the end. */
export function replaceCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  condition: C,
): readonly C[] {
  const list = [...(conditions ?? [])];
  const at = list.findIndex(({ type }) => type === condition.type);
  if (at < 0) list.push(condition);
  else list[at] = condition;
  return list;
}

/** `condition` with its time: `now`, or that of `old` if the status is still the same. */
export function transitioned<C extends Condition>(
  condition: C,
  old: C | undefined,
  now: Instant,
): C {
  const isSame = old?.status === condition.status && old.lastTransitionTime !== undefined;
  return { ...condition, lastTransitionTime: isSame ? old.lastTransitionTime : formatTime(now) };
}
