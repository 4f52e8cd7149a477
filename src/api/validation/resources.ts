// Requests and limits of containers and Pods. Source: pkg/apis/core/validation
// validateResourceRequirements, kubernetes v1.34.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  required,
} from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import {
  amountOf,
  compareAmounts,
  exactValue,
  isQuantityError,
  parseQuantity,
} from "../quantity.ts";
import type { Quantity, ResourceClaim, ResourceRequirements } from "../types.ts";
import { checkDnsLabel, sortedEntries } from "./fields.ts";
import { amountText, checkResourceQuantity } from "./quantities.ts";
import {
  hugePageSize,
  isHugePages,
  isOvercommitAllowed,
  type ResourceNameCheck,
} from "./resourceNames.ts";

export interface ResourceContext {
  readonly checkName: ResourceNameCheck;
  /** Names in the Pod's `resourceClaims`. */
  readonly claimNames: readonly string[];
}

export function validateResourceRequirements(
  requirements: ResourceRequirements,
  path: FieldPath,
  { checkName, claimNames }: ResourceContext,
): FieldError[] {
  const { limits = {}, requests = {}, claims = [] } = requirements;
  const errors: FieldError[] = [];
  for (const [name, quantity] of sortedEntries(limits)) {
    const at = path.child("limits").key(name);
    errors.push(
      ...checkName(name, at),
      ...checkResourceQuantity(name, quantity, at),
      ...validateHugePages(name, quantity, at),
    );
  }
  for (const [name, quantity] of sortedEntries(requests)) {
    const at = path.child("requests").key(name);
    errors.push(
      ...checkName(name, at),
      ...checkResourceQuantity(name, quantity, at),
      ...validateAgainstLimit(name, quantity, limits[name], path),
      ...validateHugePages(name, quantity, at),
    );
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === "cpu" || name === "memory"))
    errors.push(forbidden(path, "HugePages require cpu or memory"));
  return [...errors, ...validateClaims(claims, claimNames, path.child("claims"))];
}

function validateAgainstLimit(
  name: string,
  request: Quantity,
  limit: Quantity | undefined,
  path: FieldPath,
): FieldError[] {
  const at = path.child("requests");
  if (limit === undefined)
    return isOvercommitAllowed(name)
      ? []
      : [required(path.child("limits"), "Limit must be set for non overcommitable resources")];
  const order = compareAmounts(amountOf(request), amountOf(limit));
  const bound = `${name} limit of ${amountText(limit)}`;
  if (order !== 0 && !isOvercommitAllowed(name))
    return [invalid(at, amountText(request), `must be equal to ${bound}`)];
  return order > 0
    ? [invalid(at, amountText(request), `must be less than or equal to ${bound}`)]
    : [];
}

function validateHugePages(name: string, quantity: Quantity, path: FieldPath): FieldError[] {
  if (!isHugePages(name)) return [];
  const size = parseQuantity(hugePageSize(name));
  if (!isQuantityError(size)) {
    const pageSize = exactValue(size);
    if (pageSize > 0n && exactValue(amountOf(quantity)) % pageSize === 0n) return [];
  }
  const text = amountText(quantity);
  return [invalid(path, text, `${text} is not positive integer multiple of ${name}`)];
}

function validateClaims(
  claims: readonly ResourceClaim[],
  claimNames: readonly string[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { name, request }] of (claims as readonly ClaimReference[]).entries()) {
    const at = path.index(i);
    if (!name) {
      errors.push(required(at));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(at, name));
    else {
      if (request) errors.push(...checkDnsLabel(request, at.child("request")));
      const key = request ? `${name}/${request}` : name;
      if (seen.has(key)) errors.push(duplicate(at, key));
      else if (!request)
        errors.push(
          ...[...seen]
            .filter((other) => other.startsWith(`${name}/`))
            .map(() => duplicate(at, name)),
        );
      seen.add(key);
    }
    if (!claimNames.includes(name)) errors.push(unknownClaim(at, name, claimNames));
  }
  return errors;
}

interface ClaimReference {
  readonly name?: string;
  readonly request?: string;
}

function unknownClaim(path: FieldPath, name: string, claimNames: readonly string[]): FieldError {
  const error = notFound(path, name);
  const known =
    claimNames.length === 0 ? " which is empty" : `: ${[...claimNames].sort().join(", ")}`;
  return {
    ...error,
    detail: `${error.detail}: must be one of the names in pod.spec.resourceClaims${known}`,
  };
}
