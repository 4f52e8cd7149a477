// RuntimeClass: a container runtime that nodes offer, by name.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { RuntimeClass as RuntimeClassObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { runtimeClassWarnings } from "./node/warnings.ts";
import { validateRuntimeClass, validateRuntimeClassUpdate } from "./runtimeClass/validation.ts";

export const RuntimeClass = defineKind<RuntimeClassObject>({
  gvk: gvk("node.k8s.io", "v1", "RuntimeClass"),
  plural: "runtimeclasses",
  namespaced: false,
  checksFinalizerNames: false,
  allowsCreateOnUpdate: true,
  allowsUnconditionalUpdate: false,
  columns: [
    nameColumn,
    column("Handler", "string", ({ handler }) => handler, {
      field: "node.v1.RuntimeClass.handler",
    }),
    ageColumn,
  ],
  validate: validateRuntimeClass,
  validateUpdate: validateRuntimeClassUpdate,
  warningsOnCreate: runtimeClassWarnings,
  warningsOnUpdate: runtimeClassWarnings,
});
