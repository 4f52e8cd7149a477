// Amounts of resources. Source: pkg/apis/core/validation, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { amountOf, exactValue, milliValueOf, quantityText, signOf } from "../quantity.ts";
import type { Quantity } from "../types.ts";
import { isIntegerResource } from "./resourceNames.ts";

/** The amount as errors print it. */
export function amountText(quantity: Quantity): string {
  return quantityText(amountOf(quantity));
}

export function checkNonNegativeQuantity(quantity: Quantity, path: FieldPath): FieldError[] {
  return signOf(amountOf(quantity)) < 0
    ? [invalid(path, amountText(quantity), "must be greater than or equal to 0")]
    : [];
}

export function checkPositiveQuantity(quantity: Quantity, path: FieldPath): FieldError[] {
  return signOf(amountOf(quantity)) <= 0
    ? [invalid(path, amountText(quantity), "must be greater than zero")]
    : [];
}

export function checkResourceQuantity(
  resource: string,
  quantity: Quantity,
  path: FieldPath,
): FieldError[] {
  const errors = checkNonNegativeQuantity(quantity, path);
  if (isIntegerResource(resource) && milliValueOf(amountOf(quantity)) % 1000 !== 0)
    errors.push(invalid(path, amountText(quantity), "must be an integer"));
  return errors;
}

/** The older form, which shows the whole number. */
export function checkBasicQuantity(quantity: Quantity, path: FieldPath): FieldError[] {
  const value = exactValue(amountOf(quantity));
  return value < 0n ? [invalid(path, Number(value), "must be a valid resource quantity")] : [];
}
