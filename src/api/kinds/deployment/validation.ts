// Deployments. Source: pkg/apis/apps/validation ValidateDeploymentSpec, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Deployment, DeploymentStrategy } from "../../types.ts";
import { checkImmutable, checkNonNegative } from "../../validation/fields.ts";
import { validateWorkloadTemplate } from "../pod/validation/template.ts";
import { checkAtMost, checkCollisions, checkCounts } from "../workload/status.ts";
import {
  compileSelector,
  intOrPercentValue,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateSelector,
} from "../workload/validation.ts";

const path = FieldPath.of("spec");

export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds } = spec;
  const selector = compileSelector(spec.selector);
  const selectorPath = path.child("selector");
  const deadlinePath = path.child("progressDeadlineSeconds");
  return [
    ...checkNonNegative(spec.replicas, path.child("replicas")),
    ...validateSelector(spec.selector, selectorPath, "empty selector is invalid for deployment"),
    ...(selector
      ? validateWorkloadTemplate(
          { template: spec.template, selector, kind: "ReplicaSet" },
          path.child("template"),
        )
      : [invalid(selectorPath, spec.selector, "invalid label selector")]),
    ...validateStrategy(spec.strategy ?? {}, path.child("strategy")),
    ...checkNonNegative(minReadySeconds, path.child("minReadySeconds")),
    ...checkNonNegative(spec.revisionHistoryLimit, path.child("revisionHistoryLimit")),
    ...checkNonNegative(progressDeadlineSeconds, deadlinePath),
    ...(progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds
      ? [invalid(deadlinePath, progressDeadlineSeconds, "must be greater than minReadySeconds")]
      : []),
  ];
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment): FieldError[] {
  return [
    ...validateDeployment(deployment),
    ...checkImmutable(deployment.spec.selector, old.spec.selector, path.child("selector")),
  ];
}

function validateStrategy(
  { type, rollingUpdate }: DeploymentStrategy,
  at: FieldPath,
): FieldError[] {
  const rollingPath = at.child("rollingUpdate");
  if (type === "Recreate")
    return rollingUpdate
      ? [forbidden(rollingPath, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  if (type !== "RollingUpdate")
    return [notSupported(at.child("type"), type ?? "", ["Recreate", "RollingUpdate"])];
  if (!rollingUpdate) return [required(rollingPath, "this should be defaulted and never be nil")];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const unavailablePath = rollingPath.child("maxUnavailable");
  const isStuck = intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0;
  return [
    ...validatePositiveIntOrPercent(maxUnavailable, unavailablePath),
    ...validatePositiveIntOrPercent(maxSurge, rollingPath.child("maxSurge")),
    ...(isStuck
      ? [invalid(unavailablePath, maxUnavailable ?? 0, "may not be 0 when `maxSurge` is 0")]
      : []),
    ...validateNotMoreThan100Percent(maxUnavailable, unavailablePath),
  ];
}

/** Source: ValidateDeploymentStatusUpdate. */
export function validateDeploymentStatusUpdate(
  { status = {} }: Deployment,
  old: Deployment,
): FieldError[] {
  const { replicas, readyReplicas } = status;
  return [
    ...checkCounts(status, [
      "observedGeneration",
      "replicas",
      "updatedReplicas",
      "readyReplicas",
      "availableReplicas",
      "unavailableReplicas",
      "terminatingReplicas",
      "collisionCount",
    ]),
    ...checkAtMost(
      status,
      ["updatedReplicas", "readyReplicas", "availableReplicas"],
      replicas,
      "cannot be greater than status.replicas",
    ),
    ...checkAtMost(
      status,
      ["availableReplicas"],
      readyReplicas,
      "cannot be greater than readyReplicas",
    ),
    ...checkCollisions(status, old.status),
  ];
}
