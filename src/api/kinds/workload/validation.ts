// Rules that workloads share. Source: pkg/apis/apps/validation, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { labelSelectorOf, type Selector } from "../../selector.ts";
import type { IntOrString, LabelSelector } from "../../types.ts";
import { checkNonNegative } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { percentRule } from "../../validation/texts.ts";

const operators = ["In", "NotIn", "Exists", "DoesNotExist"];

/** A selector that must be there and must select something in particular. */
export function validateSelector(
  selector: LabelSelector | undefined,
  path: FieldPath,
  emptyWords: string,
): FieldError[] {
  if (!selector) return [required(path)];
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const isEmpty = Object.keys(matchLabels).length + matchExpressions.length === 0;
  return [
    ...validateLabelSelector(selector, path),
    ...(isEmpty ? [invalid(path, selector, emptyWords)] : []),
  ];
}

/** The selector ready for use, or undefined if its requirements make no sense. */
export function compileSelector(selector: LabelSelector | undefined): Selector | undefined {
  const isSound = (selector?.matchExpressions ?? []).every(({ operator, values = [] }) => {
    if (!operators.includes(operator)) return false;
    return operator === "In" || operator === "NotIn" ? values.length > 0 : values.length === 0;
  });
  if (!isSound || validateLabelSelector(selector, FieldPath.root).length > 0) return undefined;
  return labelSelectorOf(selector);
}

export function validatePositiveIntOrPercent(
  value: IntOrString | undefined,
  path: FieldPath,
): FieldError[] {
  if (typeof value === "string")
    return percentRule(value).map((words) => invalid(path, value, words));
  return checkNonNegative(value, path);
}

export function validateNotMoreThan100Percent(
  value: IntOrString | undefined,
  path: FieldPath,
): FieldError[] {
  return (percentOf(value) ?? 0) > 100
    ? [invalid(path, value, "must not be greater than 100%")]
    : [];
}

/** The number, or the percentage's number; 0 for what is neither. */
export function intOrPercentValue(value: IntOrString | undefined): number {
  return typeof value === "number" ? value : (percentOf(value) ?? 0);
}

function percentOf(value: IntOrString | undefined): number | undefined {
  return typeof value === "string" && percentRule(value).length === 0
    ? Number(value.slice(0, -1))
    : undefined;
}
