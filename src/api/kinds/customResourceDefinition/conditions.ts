// The conditions of a definition. Source: apiextensions-apiserver pkg/apihelpers/helpers.go, 1.34.
import { formatTime, type Instant } from "../../../base/time.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from "../../types.ts";

export type ConditionType = "NamesAccepted" | "Established" | "Terminating";

export function findCondition(
  { status }: CustomResourceDefinition,
  type: ConditionType,
): CustomResourceDefinitionCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(crd: CustomResourceDefinition, type: ConditionType): boolean {
  return findCondition(crd, type)?.status === "True";
}

/** The conditions with one set. Its time of transition moves with its status only. */
export function withCondition(
  conditions: readonly CustomResourceDefinitionCondition[],
  condition: CustomResourceDefinitionCondition,
  now: Instant,
): readonly CustomResourceDefinitionCondition[] {
  const { type, status, reason, message } = condition;
  const known = conditions.find((each) => each.type === type);
  const isSame = known?.status === status && known.lastTransitionTime !== undefined;
  const made: CustomResourceDefinitionCondition = {
    type,
    status,
    lastTransitionTime: isSame ? (known.lastTransitionTime ?? "") : formatTime(now),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
  return known ? conditions.map((each) => (each === known ? made : each)) : [...conditions, made];
}
