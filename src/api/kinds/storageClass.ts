// StorageClass: a way of making volumes, by name.
import { type Column, column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ObjectMeta, StorageClass as StorageClassObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setStorageClassDefaults,
  validateStorageClass,
  validateStorageClassUpdate,
} from "./storageClass/validation.ts";
import { storageClassWarnings } from "./storageClass/warnings.ts";

export const StorageClass = defineKind<StorageClassObject>({
  gvk: gvk("storage.k8s.io", "v1", "StorageClass"),
  plural: "storageclasses",
  shortNames: ["sc"],
  namespaced: false,
  returnsDeletedObject: true,
  columns: [
    nameAndDefault(
      "storageclass.kubernetes.io/is-default-class",
      "storageclass.beta.kubernetes.io/is-default-class",
    ),
    column("Provisioner", "string", ({ provisioner }) => provisioner, {
      field: "storage.v1.StorageClass.provisioner",
    }),
    column("ReclaimPolicy", "string", ({ reclaimPolicy }) => reclaimPolicy ?? "Delete", {
      field: "storage.v1.StorageClass.reclaimPolicy",
    }),
    column(
      "VolumeBindingMode",
      "string",
      ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate",
      {
        field: "storage.v1.StorageClass.volumeBindingMode",
      },
    ),
    column(
      "AllowVolumeExpansion",
      "string",
      ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
      { field: "storage.v1.StorageClass.allowVolumeExpansion" },
    ),
    ageColumn,
  ],
  setDefaults: setStorageClassDefaults,
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warningsOnCreate: storageClassWarnings,
  warningsOnUpdate: storageClassWarnings,
});

/** The name, with "(default)" behind it if one of the annotations says so. */
export function nameAndDefault(
  ...annotations: string[]
): Column<{ readonly metadata: ObjectMeta }> {
  const isDefault = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
    annotations.some((annotation) => metadata.annotations?.[annotation] === "true");
  return {
    ...nameColumn,
    value: (object) => object.metadata.name + (isDefault(object) ? " (default)" : ""),
  };
}
