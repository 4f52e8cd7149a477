// PersistentVolumeClaims. Source: pkg/apis/core/validation ValidatePersistentVolumeClaim, 1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { amountOf, compareAmounts } from "../../quantity.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../types.ts";
import { sortedEntries } from "../../validation/fields.ts";
import { checkBasicQuantity } from "../../validation/quantities.ts";
import { validateClaimSpec } from "./spec.ts";

const path = FieldPath.of("spec");

export function validatePersistentVolumeClaim({ spec }: PersistentVolumeClaim): FieldError[] {
  return validateClaimSpec(spec, path);
}

/** Once made, a claim may be bound, given a class, and grown while it is bound. */
export function validatePersistentVolumeClaimUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): FieldError[] {
  const isBound = claim.status?.phase === "Bound";
  return [
    ...validatePersistentVolumeClaim(claim),
    ...(dequal(fixedPart(claim.spec, old.spec, isBound), fixedPart(old.spec, old.spec, isBound))
      ? []
      : [
          forbidden(
            path,
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n",
          ),
        ]),
    ...validateSize(claim, old),
    ...(claim.spec.volumeMode === old.spec.volumeMode
      ? []
      : [invalid(FieldPath.of("volumeMode"), claim.spec.volumeMode ?? null, "field is immutable")]),
  ];
}

/** Source: ValidatePersistentVolumeClaimStatusUpdate. */
export function validateClaimStatusUpdate({ status = {} }: PersistentVolumeClaim): FieldError[] {
  return (["capacity", "allocatedResources"] as const).flatMap((field) =>
    sortedEntries(status[field]).flatMap(([name, quantity]) =>
      checkBasicQuantity(quantity, FieldPath.of("status", field).key(name)),
    ),
  );
}

function fixedPart(
  {
    volumeName,
    storageClassName,
    resources,
    volumeAttributesClassName,
    ...rest
  }: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec,
  isBound: boolean,
): unknown {
  return {
    ...rest,
    volumeName: old.volumeName ? volumeName : undefined,
    storageClassName: old.storageClassName === undefined ? undefined : storageClassName,
    ...(isBound ? { limits: resources?.limits } : { resources, volumeAttributesClassName }),
  };
}

function validateSize(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const now = claim.spec.resources?.requests?.storage;
  const before = old.spec.resources?.requests?.storage;
  if (now === undefined || before === undefined) return [];
  if (compareAmounts(amountOf(now), amountOf(before)) >= 0) return [];
  const capacity = old.status?.capacity?.storage;
  return capacity !== undefined && compareAmounts(amountOf(now), amountOf(capacity)) > 0
    ? []
    : [
        forbidden(
          path.child("resources", "requests", "storage"),
          "field can not be less than status.capacity",
        ),
      ];
}
