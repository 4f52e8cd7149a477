// PriorityClass: a name for how much a Pod matters to the scheduler.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PriorityClass as PriorityClassObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setPriorityClassDefaults,
  validatePriorityClass,
  validatePriorityClassUpdate,
} from "./priorityClass/validation.ts";

export const PriorityClass = defineKind<PriorityClassObject>({
  gvk: gvk("scheduling.k8s.io", "v1", "PriorityClass"),
  plural: "priorityclasses",
  shortNames: ["pc"],
  namespaced: false,
  columns: [
    nameColumn,
    column("Value", "integer", ({ value }) => value, {
      field: "scheduling.v1.PriorityClass.value",
    }),
    column("Global-Default", "boolean", ({ globalDefault }) => globalDefault ?? false, {
      field: "scheduling.v1.PriorityClass.globalDefault",
    }),
    ageColumn,
    column("PreemptionPolicy", "string", ({ preemptionPolicy }) => preemptionPolicy ?? "", {
      field: "scheduling.v1.PriorityClass.preemptionPolicy",
    }),
  ],
  // Its generation is 1 and stays so. Source: pkg/registry/scheduling/priorityclass strategy, 1.34.
  desiredState: () => undefined,
  setDefaults: setPriorityClassDefaults,
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
});
