// PriorityClass: a name for how much a Pod matters to the scheduler.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PriorityClass as PriorityClassObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const PriorityClass = defineKind<PriorityClassObject>({
  gvk: gvk("scheduling.k8s.io", "v1", "PriorityClass"),
  plural: "priorityclasses",
  shortNames: ["pc"],
  namespaced: false,
  columns: [
    nameColumn,
    column("Value", "integer", ({ value }) => value),
    column("Global-Default", "boolean", ({ globalDefault }) => globalDefault ?? false),
    ageColumn,
    column("PreemptionPolicy", "string", ({ preemptionPolicy }) => preemptionPolicy ?? ""),
  ],
  setDefaults(priorityClass) {
    priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
  },
});
