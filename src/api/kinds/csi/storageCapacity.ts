// CSIStorageCapacities. Source: pkg/apis/storage/validation ValidateCSIStorageCapacity, 1.34.
import type { FieldError } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CSIStorageCapacity } from "../../types.ts";
import { check, checkImmutable } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { checkNonNegativeQuantity } from "../../validation/quantities.ts";
import { dnsSubdomain } from "../../validation/texts.ts";

const topologyPath = FieldPath.of("nodeTopology");
const classPath = FieldPath.of("storageClassName");

export function validateStorageCapacity(object: CSIStorageCapacity): FieldError[] {
  const { nodeTopology, storageClassName = "", capacity, maximumVolumeSize } = object;
  return [
    ...validateLabelSelector(nodeTopology, topologyPath),
    ...check(dnsSubdomain, storageClassName, classPath),
    ...(capacity === undefined ? [] : checkNonNegativeQuantity(capacity, FieldPath.of("capacity"))),
    ...(maximumVolumeSize === undefined
      ? []
      : checkNonNegativeQuantity(maximumVolumeSize, FieldPath.of("maximumVolumeSize"))),
  ];
}

/** What the driver was asked for stays; only its answer changes. */
export function validateStorageCapacityUpdate(
  { nodeTopology, storageClassName }: CSIStorageCapacity,
  old: CSIStorageCapacity,
): FieldError[] {
  return [
    ...checkImmutable(nodeTopology ?? null, old.nodeTopology ?? null, topologyPath),
    ...checkImmutable(storageClassName, old.storageClassName, classPath),
  ];
}
