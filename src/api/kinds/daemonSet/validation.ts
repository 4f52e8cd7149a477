// DaemonSets. Source: pkg/apis/apps/validation ValidateDaemonSetSpec, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from "../../types.ts";
import { checkImmutable, checkNonNegative } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { validatePodTemplate, validateSelected } from "../pod/validation/template.ts";
import { checkCollisions, checkCounts } from "../workload/status.ts";
import {
  compileSelector,
  intOrPercentValue,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../workload/validation.ts";

const path = FieldPath.of("spec");
const templatePath = path.child("template");

export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  const selector = compileSelector(spec.selector);
  const isEmpty = spec.selector && Object.keys(matchLabels).length + matchExpressions.length === 0;
  const { restartPolicy, activeDeadlineSeconds } = spec.template.spec ?? {};
  return [
    ...validateLabelSelector(spec.selector, path.child("selector")),
    ...(selector ? validateSelected(spec.template, selector, templatePath) : []),
    ...(isEmpty
      ? [invalid(path.child("selector"), spec.selector, "empty selector is invalid for daemonset")]
      : []),
    ...validatePodTemplate(spec.template, templatePath),
    ...(restartPolicy === "Always"
      ? []
      : [
          notSupported(templatePath.child("spec", "restartPolicy"), restartPolicy ?? "", [
            "Always",
          ]),
        ]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            templatePath.child("spec", "activeDeadlineSeconds"),
            "activeDeadlineSeconds in DaemonSet is not Supported",
          ),
        ]),
    ...checkNonNegative(spec.minReadySeconds, path.child("minReadySeconds")),
    ...validateStrategy(spec.updateStrategy ?? {}, path.child("updateStrategy")),
    ...checkNonNegative(spec.revisionHistoryLimit, path.child("revisionHistoryLimit")),
  ];
}

/** The server checks the new set twice, on its own and against the old one. */
export function validateDaemonSetUpdate(daemonSet: DaemonSet, old: DaemonSet): FieldError[] {
  return [
    ...validateDaemonSet(daemonSet),
    ...validateDaemonSet(daemonSet),
    ...checkImmutable(daemonSet.spec.selector, old.spec.selector, path.child("selector")),
  ];
}

/** Source: ValidateDaemonSetStatusUpdate. */
export function validateDaemonSetStatusUpdate({ status }: DaemonSet, old: DaemonSet): FieldError[] {
  if (!status) return [];
  return [
    ...checkCounts(status, [
      "currentNumberScheduled",
      "numberMisscheduled",
      "desiredNumberScheduled",
      "numberReady",
      "observedGeneration",
      "updatedNumberScheduled",
      "numberAvailable",
      "numberUnavailable",
      "collisionCount",
    ]),
    ...checkCollisions(status, old.status),
  ];
}

const strategyShape = goShape(
  ["Type", "type", ""],
  [
    "RollingUpdate",
    "rollingUpdate",
    goShape(["MaxUnavailable", "maxUnavailable", 0], ["MaxSurge", "maxSurge", 0]),
  ],
);

function validateStrategy(strategy: DaemonSetUpdateStrategy, at: FieldPath): FieldError[] {
  if (strategy.type === "OnDelete") return [];
  if (strategy.type !== "RollingUpdate")
    return [notSupported(at, goValue(strategy, strategyShape), ["RollingUpdate", "OnDelete"])];
  const rollingPath = at.child("rollingUpdate");
  return strategy.rollingUpdate
    ? validateRollingUpdate(strategy.rollingUpdate, rollingPath)
    : [required(rollingPath)];
}

function validateRollingUpdate(
  { maxUnavailable, maxSurge }: RollingUpdateDaemonSet,
  at: FieldPath,
): FieldError[] {
  const unavailablePath = at.child("maxUnavailable");
  const surgePath = at.child("maxSurge");
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0;
  const hasSurge = intOrPercentValue(maxSurge) !== 0;
  const errors = [
    ...validatePositiveIntOrPercent(maxUnavailable, unavailablePath),
    ...validatePositiveIntOrPercent(maxSurge, surgePath),
    ...validateNotMoreThan100Percent(maxUnavailable, unavailablePath),
    ...validateNotMoreThan100Percent(maxSurge, surgePath),
  ];
  if (hasUnavailable && hasSurge)
    errors.push(invalid(surgePath, maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (!hasUnavailable && !hasSurge)
    errors.push(required(unavailablePath, "cannot be 0 when maxSurge is 0"));
  return errors;
}
