// ControllerRevision: what a StatefulSet or DaemonSet was like, to tell revisions apart and go back.
import { column, defineKind } from "../kind.ts";
import { controllerOf, gvk } from "../object.ts";
import type { ControllerRevision as ControllerRevisionObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  validateControllerRevision,
  validateControllerRevisionUpdate,
} from "./controllerRevision/validation.ts";

export const ControllerRevision = defineKind<ControllerRevisionObject>({
  gvk: gvk("apps", "v1", "ControllerRevision"),
  plural: "controllerrevisions",
  namespaced: true,
  columns: [
    nameColumn,
    column("Controller", "string", controllerText, { description: "Controller of the object" }),
    column("Revision", "string", ({ revision }) => revision, {
      field: "apps.v1.ControllerRevision.revision",
    }),
    ageColumn,
  ],
  setDefaults(object) {
    object.revision ??= 0;
  },
  validate: validateControllerRevision,
  validateUpdate: validateControllerRevisionUpdate,
});

/** "statefulset.apps/web". Source: printers.FormatResourceName. */
function controllerText(revision: ControllerRevisionObject): string {
  const owner = controllerOf(revision);
  if (!owner) return "<none>";
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
