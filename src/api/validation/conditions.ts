// meta/v1 Conditions. Source: apimachinery pkg/apis/meta/v1/validation ValidateConditions, 1.34.
import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
} from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { Condition } from "../types.ts";
import { check, each } from "./fields.ts";
import { validateLabelName } from "./labels.ts";
import { byteLength, conditionReason } from "./texts.ts";

const statuses = ["False", "True", "Unknown"];
const maxReasonBytes = 1024;
const maxMessageBytes = 32 * 1024;

export function validateConditions(
  conditions: readonly Condition[] | undefined,
  path: FieldPath,
): FieldError[] {
  const types = (conditions ?? []).map(({ type }) => type);
  return each(conditions, path, (condition, at, i) => [
    ...(types.indexOf(condition.type) < i ? [duplicate(at.child("type"), condition.type)] : []),
    ...validateCondition(condition, at),
  ]);
}

function validateCondition(condition: Partial<Condition>, at: FieldPath): FieldError[] {
  const { type = "", status = "", observedGeneration = 0, lastTransitionTime } = condition;
  const { reason = "", message = "" } = condition;
  const errors = validateLabelName(type, at.child("type"));
  if (!statuses.includes(status)) errors.push(notSupported(at.child("status"), status, statuses));
  if (observedGeneration < 0)
    errors.push(
      invalid(
        at.child("observedGeneration"),
        observedGeneration,
        "must be greater than or equal to zero",
      ),
    );
  if (!lastTransitionTime) errors.push(required(at.child("lastTransitionTime"), "must be set"));
  if (reason === "") errors.push(required(at.child("reason"), "must be set"));
  else errors.push(...check(conditionReason, reason, at.child("reason")));
  if (byteLength(reason) > maxReasonBytes) errors.push(tooLong(at.child("reason"), maxReasonBytes));
  if (byteLength(message) > maxMessageBytes)
    errors.push(tooLong(at.child("message"), maxMessageBytes));
  return errors;
}
