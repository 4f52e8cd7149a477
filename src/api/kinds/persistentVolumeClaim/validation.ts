// PersistentVolumeClaims. Source: pkg/apis/core/validation ValidatePersistentVolumeClaim, 1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { amountOf, compareAmounts } from "../../quantity.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec as Spec } from "../../types.ts";
import { sortedEntries } from "../../validation/fields.ts";
import { internalDiff } from "../../validation/internalDiff.ts";
import { checkBasicQuantity } from "../../validation/quantities.ts";
import { withField } from "../../validation/withField.ts";
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
  return [
    ...validatePersistentVolumeClaim(claim),
    ...validateFixedPart(claim, old.spec),
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

function validateFixedPart(claim: PersistentVolumeClaim, old: Spec): FieldError[] {
  const before = old.volumeName ? old : withField(old, "volumeName", claim.spec.volumeName);
  const now = withoutFreeChanges(claim, old);
  if (dequal(now, before)) return [];
  const words =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  const diff = internalDiff("core.v1.PersistentVolumeClaimSpec", before, now);
  return [forbidden(path, `${words}\n${diff}`)];
}

/** A class may come late; a bound claim may ask for more, or for other attributes. */
function withoutFreeChanges({ spec, status }: PersistentVolumeClaim, old: Spec): Spec {
  const classed =
    old.storageClassName === undefined ? withField(spec, "storageClassName", undefined) : spec;
  if (status?.phase !== "Bound") return classed;
  const { resources = {}, volumeAttributesClassName } = classed;
  const storage = old.resources?.requests?.storage;
  const requests = resources.requests && withField(resources.requests, "storage", storage);
  const sized = withField(classed, "resources", withField(resources, "requests", requests));
  return volumeAttributesClassName === undefined
    ? sized
    : withField(sized, "volumeAttributesClassName", old.volumeAttributesClassName);
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
