// ConfigMap: configuration as keys and texts.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ConfigMap as ConfigMapObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { validateConfigMap, validateConfigMapUpdate } from "./configMap/validation.ts";

export const ConfigMap = defineKind<ConfigMapObject>({
  gvk: gvk("", "v1", "ConfigMap"),
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  columns: [
    nameColumn,
    column("Data", "string", ({ data, binaryData }) => count(data) + count(binaryData), {
      field: "core.v1.ConfigMap.data",
    }),
    ageColumn,
  ],
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
});

function count(map: object | undefined): number {
  return Object.keys(map ?? {}).length;
}
