// ResourceSlice: devices that a driver offers on one node or many.
import { column, defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { ResourceSlice as ResourceSliceObject } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";

export const ResourceSlice = defineKind<ResourceSliceObject>({
  gvk: gvk("resource.k8s.io", "v1", "ResourceSlice"),
  plural: "resourceslices",
  namespaced: false,
  desiredState: ({ spec }) => spec,
  fields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.driver": ({ spec }) => spec.driver,
  },
  columns: [
    nameColumn,
    column("Node", "string", ({ spec }) => spec.nodeName ?? "", {
      field: "resource.v1.ResourceSliceSpec.nodeName",
    }),
    column("Driver", "string", ({ spec }) => spec.driver, {
      field: "resource.v1.ResourceSliceSpec.driver",
    }),
    column("Pool", "string", ({ spec }) => spec.pool.name, {
      field: "resource.v1.ResourcePool.name",
    }),
    ageColumn,
  ],
});
