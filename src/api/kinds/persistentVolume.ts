// PersistentVolume: a piece of storage that the cluster has.
import { formatTime } from "../../base/time.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PersistentVolume as PersistentVolumeObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setPersistentVolumeDefaults,
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from "./persistentVolume/validation.ts";
import { persistentVolumeWarnings } from "./persistentVolume/warnings.ts";
import { accessModesText } from "./persistentVolumeClaim/accessModes.ts";
import { storageClassNameOf } from "./storageClass/className.ts";

export const PersistentVolume = defineKind<PersistentVolumeObject>({
  gvk: gvk("", "v1", "PersistentVolume"),
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  subresources: ["status"],
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    column("Capacity", "string", ({ spec }) => spec.capacity?.storage ?? "0", {
      field: "core.v1.PersistentVolumeSpec.capacity",
    }),
    column("Access Modes", "string", ({ spec }) => accessModesText(spec.accessModes), {
      field: "core.v1.PersistentVolumeSpec.accessModes",
    }),
    column("Reclaim Policy", "string", ({ spec }) => spec.persistentVolumeReclaimPolicy ?? "", {
      field: "core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy",
    }),
    column(
      "Status",
      "string",
      ({ metadata, status }) =>
        metadata.deletionTimestamp ? "Terminating" : (status?.phase ?? ""),
      { field: "core.v1.PersistentVolumeStatus.phase" },
    ),
    column("Claim", "string", claimText, { field: "core.v1.PersistentVolumeSpec.claimRef" }),
    column("StorageClass", "string", storageClassNameOf, { description: "StorageClass of the pv" }),
    column(
      "VolumeAttributesClass",
      "string",
      ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
      { description: "VolumeAttributesClass of the pv" },
    ),
    column("Reason", "string", ({ status }) => status?.reason ?? "", {
      field: "core.v1.PersistentVolumeStatus.reason",
    }),
    ageColumn,
    column("VolumeMode", "string", ({ spec }) => spec.volumeMode ?? "<unset>", {
      priority: 1,
      field: "core.v1.PersistentVolumeSpec.volumeMode",
    }),
  ],
  setDefaults: setPersistentVolumeDefaults,
  prepareForCreate(volume, { now }) {
    volume.status = { phase: "Pending", lastPhaseTransitionTime: formatTime(now) };
  },
  /** The server notes when the phase changed, unless the writer did. */
  prepareForSubresource(_subresource, { status }, old, { now }) {
    if (!status) return;
    const before = old.status?.lastPhaseTransitionTime;
    const at = status.lastPhaseTransitionTime;
    if (status.phase !== old.status?.phase) {
      if (at === undefined || at === before) status.lastPhaseTransitionTime = formatTime(now);
    } else if (at === undefined && before !== undefined) status.lastPhaseTransitionTime = before;
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  warningsOnCreate: persistentVolumeWarnings,
  warningsOnUpdate: persistentVolumeWarnings,
});

function claimText({ spec: { claimRef } }: PersistentVolumeObject): string {
  return claimRef ? `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}` : "";
}
