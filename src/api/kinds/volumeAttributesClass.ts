// VolumeAttributesClass: settings of volumes that may change while they are in use.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { VolumeAttributesClass as VolumeAttributesClassObject } from "../types.ts";
import { ageColumn } from "./columns.ts";
import { nameAndDefault } from "./storageClass.ts";
import {
  validateVolumeAttributesClass,
  validateVolumeAttributesClassUpdate,
} from "./volumeAttributesClass/validation.ts";

export const VolumeAttributesClass = defineKind<VolumeAttributesClassObject>({
  gvk: gvk("storage.k8s.io", "v1", "VolumeAttributesClass"),
  plural: "volumeattributesclasses",
  shortNames: ["vac"],
  namespaced: false,
  returnsDeletedObject: true,
  columns: [
    nameAndDefault("volumeattributesclass.alpha.kubernetes.io/is-default-class"),
    column("DriverName", "string", ({ driverName }) => driverName, {
      field: "storage.v1.VolumeAttributesClass.driverName",
    }),
    ageColumn,
  ],
  validate: validateVolumeAttributesClass,
  validateUpdate: validateVolumeAttributesClassUpdate,
});
