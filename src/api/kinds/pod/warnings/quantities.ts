// Amounts of bytes that are no whole number. Source: pkg/api/pod/warnings.go and
// pkg/api/persistentvolumeclaim/util.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import { canonicalText, isQuantityError, milliValueOf, parseQuantity } from "../../../quantity.ts";
import type { Quantity } from "../../../types.ts";

export function fractionalByteWarnings(
  amounts: Readonly<Record<string, Quantity>> | undefined,
  path: FieldPath,
  resources: readonly string[],
): string[] {
  return resources.flatMap((resource) => {
    const quantity = amounts?.[resource];
    const amount = quantity === undefined ? undefined : parseQuantity(quantity);
    if (!amount || isQuantityError(amount) || milliValueOf(amount) % 1000 === 0) return [];
    const text = JSON.stringify(canonicalText(amount));
    return [`${path.key(resource)}: fractional byte value ${text} is invalid, must be an integer`];
  });
}
