// CSIStorageCapacity: how much a storage driver can still give, for a class and a set of nodes.
import { defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CSIStorageCapacity as CSIStorageCapacityObject } from "../types.ts";
import { createdAtColumn, nameColumn } from "./columns.ts";
import { validateStorageCapacity, validateStorageCapacityUpdate } from "./csi/storageCapacity.ts";
import { storageCapacityWarnings } from "./storageClass/warnings.ts";

export const CSIStorageCapacity = defineKind<CSIStorageCapacityObject>({
  gvk: gvk("storage.k8s.io", "v1", "CSIStorageCapacity"),
  plural: "csistoragecapacities",
  namespaced: true,
  columns: [nameColumn, createdAtColumn],
  validate: validateStorageCapacity,
  validateUpdate: validateStorageCapacityUpdate,
  warningsOnCreate: storageCapacityWarnings,
  warningsOnUpdate: storageCapacityWarnings,
});
