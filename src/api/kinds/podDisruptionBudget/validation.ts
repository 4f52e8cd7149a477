// PodDisruptionBudgets. Source: pkg/apis/policy/validation, kubernetes v1.34.
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { IntOrString, PodDisruptionBudget } from "../../types.ts";
import { validateConditions } from "../../validation/conditions.ts";
import { checkChoice } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { checkCounts } from "../workload/status.ts";
import {
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../workload/validation.ts";

const path = FieldPath.of("spec");
const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];
const specShape = goShape(
  ["MinAvailable", "minAvailable", null],
  ["Selector", "selector", null],
  ["MaxUnavailable", "maxUnavailable", null],
  ["UnhealthyPodEvictionPolicy", "unhealthyPodEvictionPolicy", null],
);

export function validatePodDisruptionBudget({ spec = {} }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec;
  const isDouble = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(isDouble
      ? [
          invalid(
            path,
            goValue(spec, specShape),
            "minAvailable and maxUnavailable cannot be both set",
          ),
        ]
      : []),
    ...validateAmount(minAvailable, path.child("minAvailable")),
    ...validateAmount(maxUnavailable, path.child("maxUnavailable")),
    ...validateLabelSelector(spec.selector, path.child("selector")),
    ...(policy === undefined
      ? []
      : checkChoice(policy, evictionPolicies, path.child("unhealthyPodEvictionPolicy"))),
  ];
}

function validateAmount(amount: IntOrString | undefined, at: FieldPath): FieldError[] {
  return [
    ...validatePositiveIntOrPercent(amount, at),
    ...validateNotMoreThan100Percent(amount, at),
  ];
}

/** Source: ValidatePodDisruptionBudgetStatusUpdate. */
export function validatePodDisruptionBudgetStatusUpdate({
  status,
}: PodDisruptionBudget): FieldError[] {
  if (!status) return [];
  return [
    ...validateConditions(status.conditions, FieldPath.of("status", "conditions")),
    ...checkCounts(status, [
      "disruptionsAllowed",
      "currentHealthy",
      "desiredHealthy",
      "expectedPods",
    ]),
  ];
}
