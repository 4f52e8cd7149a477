// Conditions of flow control's objects: each type once.
// Source: pkg/apis/flowcontrol/validation ValidateFlowSchemaStatus, kubernetes v1.34.
import { duplicate, type FieldError, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { each } from "../../validation/fields.ts";

export function validateConditionTypes(
  conditions: readonly { readonly type?: string }[] | undefined,
): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, FieldPath.of("status", "conditions"), ({ type = "" }, at) => {
    const errors = seen.has(type) ? [duplicate(at.child("type"), type)] : [];
    seen.add(type);
    if (type === "") errors.push(required(at.child("type"), "must not be empty"));
    return errors;
  });
}
