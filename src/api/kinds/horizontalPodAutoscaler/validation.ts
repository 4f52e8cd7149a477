// HorizontalPodAutoscalers. Source: pkg/apis/autoscaling/validation, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { HorizontalPodAutoscaler, HPAScalingPolicy, HPAScalingRules } from "../../types.ts";
import { checkChoice, each } from "../../validation/fields.ts";
import { checkCounts } from "../workload/status.ts";
import { validateMetric } from "./metrics.ts";
import { validateReference } from "./reference.ts";

const path = FieldPath.of("spec");
const maxPeriodSeconds = 1800;
const maxStabilizationSeconds = 3600;

export function validateHorizontalPodAutoscaler(autoscaler: HorizontalPodAutoscaler): FieldError[] {
  return validateSpec(autoscaler, 1);
}

function validateSpec({ spec }: HorizontalPodAutoscaler, fewest: number): FieldError[] {
  if (!spec) return [];
  const { minReplicas, maxReplicas = 0, metrics = [], behavior } = spec;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < fewest)
    errors.push(
      invalid(path.child("minReplicas"), minReplicas, `must be greater than or equal to ${fewest}`),
    );
  if (maxReplicas < 1)
    errors.push(invalid(path.child("maxReplicas"), maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(
      invalid(
        path.child("maxReplicas"),
        maxReplicas,
        "must be greater than or equal to `minReplicas`",
      ),
    );
  const scalesToZero = minReplicas === 0;
  const countsOutside = metrics.some(({ type }) => type === "Object" || type === "External");
  return [
    ...errors,
    ...validateReference(spec.scaleTargetRef ?? {}, path.child("scaleTargetRef")),
    ...each(metrics, path.child("metrics"), validateMetric),
    ...(scalesToZero && !countsOutside
      ? [
          forbidden(
            path.child("metrics"),
            "must specify at least one Object or External metric to support scaling to zero replicas",
          ),
        ]
      : []),
    ...validateRules(behavior?.scaleUp, path.child("behavior", "scaleUp")),
    ...validateRules(behavior?.scaleDown, path.child("behavior", "scaleDown")),
  ];
}

function validateRules(rules: HPAScalingRules | undefined, at: FieldPath): FieldError[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  const windowPath = at.child("stabilizationWindowSeconds");
  const errors: FieldError[] = [];
  if (window !== undefined && window < 0)
    errors.push(invalid(windowPath, window, "must be greater than or equal to zero"));
  if (window !== undefined && window > maxStabilizationSeconds)
    errors.push(
      invalid(windowPath, window, `must be less than or equal to ${maxStabilizationSeconds}`),
    );
  if (selectPolicy !== undefined)
    errors.push(...checkChoice(selectPolicy, ["Disabled", "Max", "Min"], at.child("selectPolicy")));
  if (policies.length === 0)
    errors.push(required(at.child("policies"), "must specify at least one Policy"));
  return [...errors, ...each(policies, at.child("policies"), validatePolicy)];
}

function validatePolicy(
  { type, value = 0, periodSeconds = 0 }: HPAScalingPolicy,
  at: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const periodPath = at.child("periodSeconds");
  if (type !== "Pods" && type !== "Percent")
    errors.push(notSupported(at.child("type"), type ?? "", ["Percent", "Pods"]));
  if (value <= 0) errors.push(invalid(at.child("value"), value, "must be greater than zero"));
  if (periodSeconds <= 0)
    errors.push(invalid(periodPath, periodSeconds, "must be greater than zero"));
  if (periodSeconds > maxPeriodSeconds)
    errors.push(
      invalid(periodPath, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`),
    );
  return errors;
}

/** Scaling to zero stays possible where it was. Source: ValidateHorizontalPodAutoscalerUpdate. */
export function validateHorizontalPodAutoscalerUpdate(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
): FieldError[] {
  return validateSpec(autoscaler, old.spec?.minReplicas === 0 ? 0 : 1);
}

/** Source: ValidateHorizontalPodAutoscalerStatusUpdate. */
export function validateHorizontalPodAutoscalerStatusUpdate({
  status,
}: HorizontalPodAutoscaler): FieldError[] {
  return checkCounts(status ?? {}, ["currentReplicas", "desiredReplicas"]);
}
