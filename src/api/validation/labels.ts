// Labels, annotations and label selectors. Source: apimachinery pkg/apis/meta/v1/validation, 1.34.
import { type FieldError, forbidden, invalid, required, tooLong } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../types.ts";
import { check, checkQualifiedName, each, sortedEntries } from "./fields.ts";
import { byteLength, labelValueRule, qualifiedName } from "./texts.ts";

type StringMap = Readonly<Record<string, string>>;

const maxAnnotationBytes = 256 * 1024;

export function validateLabelName(name: string, path: FieldPath): FieldError[] {
  return checkQualifiedName(name, path);
}

export function validateLabels(labels: StringMap | undefined, path: FieldPath): FieldError[] {
  return sortedEntries(labels).flatMap(([key, value]) => [
    ...validateLabelName(key, path),
    ...check(labelValueRule, value, path),
  ]);
}

/** Keys of annotations may have upper case in their prefix. */
export function validateAnnotations(
  annotations: StringMap | undefined,
  path: FieldPath,
): FieldError[] {
  let bytes = 0;
  const errors: FieldError[] = [];
  for (const [key, value] of sortedEntries(annotations)) {
    bytes += byteLength(key) + byteLength(value);
    for (const detail of qualifiedName(key.toLowerCase())) errors.push(invalid(path, key, detail));
  }
  if (bytes > maxAnnotationBytes) errors.push(tooLong(path, maxAnnotationBytes));
  return errors;
}

export interface SelectorOptions {
  /** True where values of expressions were never checked, and still are not. */
  readonly allowsAnyValue?: boolean;
}

export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: FieldPath,
  options: SelectorOptions = {},
): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, path.child("matchLabels")),
    ...each(selector.matchExpressions, path.child("matchExpressions"), (expression, at) =>
      validateLabelRequirement(expression, at, options),
    ),
  ];
}

export function validateLabelRequirement(
  { key, operator, values = [] }: LabelSelectorRequirement,
  path: FieldPath,
  { allowsAnyValue = false }: SelectorOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(
        required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"),
      );
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(
        forbidden(
          path.child("values"),
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      );
  } else
    errors.push(invalid(path.child("operator"), operator ?? "", "not a valid selector operator"));
  errors.push(...validateLabelName(key ?? "", path.child("key")));
  if (!allowsAnyValue)
    errors.push(
      ...each(values, path.child("values"), (value, at) => check(labelValueRule, value, at)),
    );
  return errors;
}
