// The condition that says whether a budget allows anything. Source: pkg/controller/disruption and
// component-helpers pdb UpdateDisruptionAllowedCondition, ConditionsAreUpToDate, kubernetes v1.34.
import { formatTime, type Instant } from "../../../base/time.ts";
import type { Condition, PodDisruptionBudgetStatus } from "../../types.ts";

const type = "DisruptionAllowed";

export type DisruptionReason = "InsufficientPods" | "SufficientPods" | "SyncFailed";

/** The conditions of a status after it says that; the transition's time stays if nothing turned. */
export function withDisruptionCondition(
  { conditions = [], observedGeneration }: PodDisruptionBudgetStatus,
  reason: DisruptionReason,
  message: string,
  now: Instant,
): readonly Condition[] {
  const status = reason === "SufficientPods" ? "True" : "False";
  const known = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : formatTime(now);
  const condition: Condition = {
    type,
    status,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime,
    reason,
    message,
  };
  return known
    ? conditions.map((each) => (each === known ? condition : each))
    : [...conditions, condition];
}

/** What the count of allowed disruptions says. */
export function reasonFor({ disruptionsAllowed }: PodDisruptionBudgetStatus): DisruptionReason {
  return disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods";
}

export function isConditionCurrent(status: PodDisruptionBudgetStatus): boolean {
  const condition = disruptionCondition(status);
  return (
    condition?.observedGeneration === status.observedGeneration &&
    condition?.reason === reasonFor(status)
  );
}

export function disruptionCondition({
  conditions = [],
}: PodDisruptionBudgetStatus): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
