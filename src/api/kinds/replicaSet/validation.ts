// ReplicaSets. Source: pkg/apis/apps/validation ValidateReplicaSetSpec, kubernetes v1.34.
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ReplicaSet } from "../../types.ts";
import { checkImmutable, checkNonNegative } from "../../validation/fields.ts";
import { validateWorkloadTemplate } from "../pod/validation/template.ts";
import { checkAtMost, checkCounts } from "../workload/status.ts";
import { compileSelector, validateSelector } from "../workload/validation.ts";

const path = FieldPath.of("spec");

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  const selector = compileSelector(spec.selector);
  const selectorPath = path.child("selector");
  return [
    ...checkNonNegative(spec.replicas, path.child("replicas")),
    ...checkNonNegative(spec.minReadySeconds, path.child("minReadySeconds")),
    ...validateSelector(spec.selector, selectorPath, "empty selector is invalid for deployment"),
    ...(selector
      ? validateWorkloadTemplate(
          { template: spec.template, selector, kind: "ReplicaSet" },
          path.child("template"),
        )
      : [invalid(selectorPath, spec.selector, "invalid label selector")]),
  ];
}

/** The server checks the new set twice, on its own and against the old one. */
export function validateReplicaSetUpdate(replicaSet: ReplicaSet, old: ReplicaSet): FieldError[] {
  return [
    ...validateReplicaSet(replicaSet),
    ...validateReplicaSet(replicaSet),
    ...checkImmutable(replicaSet.spec.selector, old.spec.selector, path.child("selector")),
  ];
}

/** Source: ValidateReplicaSetStatus. */
export function validateReplicaSetStatusUpdate({ status }: ReplicaSet): FieldError[] {
  if (!status) return [];
  return [
    ...checkCounts(status, [
      "replicas",
      "fullyLabeledReplicas",
      "readyReplicas",
      "availableReplicas",
      "observedGeneration",
      "terminatingReplicas",
    ]),
    ...checkAtMost(
      status,
      ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
      status.replicas,
      "cannot be greater than status.replicas",
    ),
    ...checkAtMost(
      status,
      ["availableReplicas"],
      status.readyReplicas,
      "cannot be greater than readyReplicas",
    ),
  ];
}
