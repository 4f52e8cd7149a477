// CSIDriver: what the cluster must know of a storage driver before it uses it.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CSIDriver as CSIDriverObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { setCsiDriverDefaults, validateCsiDriver, validateCsiDriverUpdate } from "./csi/driver.ts";

export const CSIDriver = defineKind<CSIDriverObject>({
  gvk: gvk("storage.k8s.io", "v1", "CSIDriver"),
  plural: "csidrivers",
  namespaced: false,
  allowsUnconditionalUpdate: false,
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    column("AttachRequired", "boolean", ({ spec }) => spec.attachRequired ?? true, {
      field: "storage.v1.CSIDriverSpec.attachRequired",
    }),
    column("PodInfoOnMount", "boolean", ({ spec }) => spec.podInfoOnMount ?? false, {
      field: "storage.v1.CSIDriverSpec.podInfoOnMount",
    }),
    column("StorageCapacity", "boolean", ({ spec }) => spec.storageCapacity ?? false, {
      field: "storage.v1.CSIDriverSpec.storageCapacity",
    }),
    column(
      "TokenRequests",
      "string",
      ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(",") ?? "<unset>",
      { field: "storage.v1.CSIDriverSpec.tokenRequests" },
    ),
    column("RequiresRepublish", "boolean", ({ spec }) => spec.requiresRepublish ?? false, {
      field: "storage.v1.CSIDriverSpec.requiresRepublish",
    }),
    column("Modes", "string", ({ spec }) => spec.volumeLifecycleModes?.join(",") || "<none>", {
      field: "storage.v1.CSIDriverSpec.volumeLifecycleModes",
    }),
    ageColumn,
  ],
  /** A generation begins with the first change of what may change. Source: csidriver strategy. */
  prepareForUpdate({ spec, metadata }, old) {
    const mutable = ({ tokenRequests, requiresRepublish, seLinuxMount }: typeof old.spec): string =>
      JSON.stringify([tokenRequests ?? [], requiresRepublish, seLinuxMount]);
    if (mutable(spec) !== mutable(old.spec))
      metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  setDefaults: setCsiDriverDefaults,
  validate: validateCsiDriver,
  validateUpdate: validateCsiDriverUpdate,
});
