// DeviceClass: a kind of devices that claims may ask for by name.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { DeviceClass as DeviceClassObject } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";

export const DeviceClass = defineKind<DeviceClassObject>({
  gvk: gvk("resource.k8s.io", "v1", "DeviceClass"),
  plural: "deviceclasses",
  namespaced: false,
  desiredState: ({ spec }) => spec,
  columns: [nameColumn, ageColumn],
});
