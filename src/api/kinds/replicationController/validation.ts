// ReplicationControllers. Source: pkg/apis/core/validation ValidateReplicationControllerSpec, 1.34.
import { type FieldError, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { Selector } from "../../selector.ts";
import type { ReplicationController } from "../../types.ts";
import { checkNonNegative } from "../../validation/fields.ts";
import { validateWorkloadTemplate } from "../pod/validation/template.ts";

const path = FieldPath.of("spec");

export function validateReplicationController({ spec = {} }: ReplicationController): FieldError[] {
  const selector = Selector.ofLabels(spec.selector ?? {});
  return [
    ...checkNonNegative(spec.minReadySeconds, path.child("minReadySeconds")),
    ...(selector.isEmpty ? [required(path.child("selector"))] : []),
    ...checkNonNegative(spec.replicas, path.child("replicas")),
    ...validateWorkloadTemplate(
      { template: spec.template, selector, kind: "ReplicationController" },
      path.child("template"),
    ),
  ];
}
