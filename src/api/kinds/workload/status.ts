// Rules for what controllers report of workloads. Source: pkg/apis/apps/validation, kubernetes v1.34.
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { checkNonNegative } from "../../validation/fields.ts";

const path = FieldPath.of("status");

/** The counts of a status, by field. */
type Counts<Field extends string> = { readonly [F in Field]?: number };

/** None of the counts may be negative. */
export function checkCounts<Field extends string>(
  status: Counts<Field>,
  fields: readonly Field[],
): FieldError[] {
  return fields.flatMap((field) => checkNonNegative(status[field], path.child(field)));
}

/** None of the counts may exceed the limit; `words` say which limit. */
export function checkAtMost<Field extends string>(
  status: Counts<Field>,
  fields: readonly Field[],
  limit: number | undefined,
  words: string,
): FieldError[] {
  return fields
    .filter((field) => (status[field] ?? 0) > (limit ?? 0))
    .map((field) => invalid(path.child(field), status[field] ?? 0, words));
}

interface Collisions {
  readonly collisionCount?: number;
}

/** Hash collisions only ever add up. Source: apivalidation.IsDecremented. */
export function checkCollisions(status: Collisions = {}, old: Collisions = {}): FieldError[] {
  const { collisionCount: count } = status;
  const before = old.collisionCount;
  const isDecremented = before !== undefined && (count === undefined || count < before);
  return isDecremented
    ? [invalid(path.child("collisionCount"), count ?? 0, "cannot be decremented")]
    : [];
}
