// Leases. Source: pkg/apis/coordination/validation ValidateLeaseSpec, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Lease } from "../../types.ts";
import { checkNonNegative, checkQualifiedName } from "../../validation/fields.ts";

const path = FieldPath.of("spec");

export function validateLease({ spec = {} }: Lease): FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions, strategy, preferredHolder } = spec;
  return [
    ...(duration !== undefined && duration <= 0
      ? [invalid(path.child("leaseDurationSeconds"), duration, "must be greater than 0")]
      : []),
    ...checkNonNegative(leaseTransitions, path.child("leaseTransitions")),
    ...(strategy === undefined ? [] : validateStrategy(strategy, path.child("strategy"))),
    ...(preferredHolder && !strategy
      ? [forbidden(path.child("preferredHolder"), "may only be specified if `strategy` is defined")]
      : []),
  ];
}

function validateStrategy(strategy: string, at: FieldPath): FieldError[] {
  if (strategy.includes("/")) return checkQualifiedName(strategy, at.child("strategy"));
  return strategy === "OldestEmulationVersion"
    ? []
    : [notSupported(at.child("strategy"), strategy, ["OldestEmulationVersion"])];
}
