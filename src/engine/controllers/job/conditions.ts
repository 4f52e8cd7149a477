// Conditions of a Job as its controller writes them. Source: pkg/controller/job/job_controller.go, 1.34.
import type { JobConditionType } from "../../../api/kinds/job/conditions.ts";
import type { JobCondition } from "../../../api/types.ts";
import { formatTime, type Instant } from "../../../base/time.ts";
import { findCondition, replaceCondition } from "../conditions.ts";

export interface Reason {
  readonly reason: string;
  readonly message: string;
}

export function jobCondition(
  type: JobConditionType,
  status: "True" | "False",
  { reason, message }: Reason,
  now: Instant,
): JobCondition {
  const time = formatTime(now);
  return {
    type,
    status,
    lastProbeTime: time,
    lastTransitionTime: time,
    ...(reason === "" ? {} : { reason }),
    ...(message === "" ? {} : { message }),
  };
}

/**
 * The list with the condition in it; the same list if that is no news. From nothing to False is none.
 * Source: ensureJobConditionStatus.
 */
export function ensureCondition(
  conditions: readonly JobCondition[],
  condition: JobCondition,
): readonly JobCondition[] {
  const known = findCondition(conditions, condition.type);
  if (!known) return condition.status === "False" ? conditions : [...conditions, condition];
  const isSame =
    known.status === condition.status &&
    known.reason === condition.reason &&
    known.message === condition.message;
  return isSame ? conditions : replaceCondition(conditions, condition);
}
