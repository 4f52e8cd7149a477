// PersistentVolumeClaim: what someone asks of storage, and the volume that was found for it.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PersistentVolumeClaim as PersistentVolumeClaimObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { claimWarnings } from "./persistentVolume/warnings.ts";
import { accessModesText } from "./persistentVolumeClaim/accessModes.ts";
import { normalizeDataSources } from "./persistentVolumeClaim/dataSources.ts";
import {
  validateClaimStatusUpdate,
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimUpdate,
} from "./persistentVolumeClaim/validation.ts";
import { storageClassNameOf } from "./storageClass/className.ts";
import { setClaimDefaults } from "./workload/defaults.ts";

export const PersistentVolumeClaim = defineKind<PersistentVolumeClaimObject>({
  gvk: gvk("", "v1", "PersistentVolumeClaim"),
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  namespaced: true,
  subresources: ["status"],
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    column(
      "Status",
      "string",
      ({ metadata, status }) =>
        metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""),
      { field: "core.v1.PersistentVolumeClaimStatus.phase" },
    ),
    column("Volume", "string", ({ spec }) => spec.volumeName ?? "", {
      field: "core.v1.PersistentVolumeClaimSpec.volumeName",
    }),
    column(
      "Capacity",
      "string",
      ({ spec, status }) => (spec.volumeName ? (status?.capacity?.storage ?? "0") : ""),
      { field: "core.v1.PersistentVolumeClaimStatus.capacity" },
    ),
    column(
      "Access Modes",
      "string",
      ({ spec, status }) => (spec.volumeName ? accessModesText(status?.accessModes) : ""),
      { field: "core.v1.PersistentVolumeClaimStatus.accessModes" },
    ),
    column("StorageClass", "string", storageClassNameOf, {
      description: "StorageClass of the pvc",
    }),
    column(
      "VolumeAttributesClass",
      "string",
      ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
      { description: "VolumeAttributesClass of the pvc" },
    ),
    ageColumn,
    column("VolumeMode", "string", ({ spec }) => spec.volumeMode ?? "<unset>", {
      priority: 1,
      field: "core.v1.PersistentVolumeClaimSpec.volumeMode",
    }),
  ],
  setDefaults: setClaimDefaults,
  prepareForCreate(claim) {
    claim.status = { phase: "Pending" };
    normalizeDataSources(claim.spec, undefined);
  },
  prepareForUpdate(claim, old) {
    normalizeDataSources(claim.spec, old.spec);
  },
  validate: validatePersistentVolumeClaim,
  validateUpdate: validatePersistentVolumeClaimUpdate,
  validateStatusUpdate: validateClaimStatusUpdate,
  warningsOnCreate: claimWarnings,
  warningsOnUpdate: claimWarnings,
});
