// PodTemplate: a template of Pods on its own, for controllers that look for one.
import { dequal } from "dequal";
import { FieldPath } from "../fieldPath.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PodTemplate as PodTemplateObject } from "../types.ts";
import { containerColumns, labelsText, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { podTemplateWarnings } from "./pod/warnings/podTemplate.ts";
import { validatePodTemplateObject } from "./podTemplate/validation.ts";
import { setTemplateDefaults } from "./workload/defaults.ts";

export const PodTemplate = defineKind<PodTemplateObject>({
  gvk: gvk("", "v1", "PodTemplate"),
  plural: "podtemplates",
  namespaced: true,
  returnsDeletedObject: true,
  desiredState: ({ template }) => template,
  columns: [
    nameColumn,
    ...containerColumns<PodTemplateObject>(({ template }) => template?.spec, 0),
    column("Pod Labels", "string", ({ template }) => labelsText(template?.metadata?.labels), {
      description: "The labels for the pod template.",
    }),
  ],
  setDefaults: ({ template }) => setTemplateDefaults(template),
  prepareForCreate: ({ template }) => dropDisabledPodFields(template?.spec),
  prepareForUpdate: ({ template }) => dropDisabledPodFields(template?.spec),
  validate: validatePodTemplateObject,
  warningsOnCreate: warnings,
  warningsOnUpdate: (object, old) =>
    dequal(object.template, old.template) ? [] : warnings(object),
});

function warnings({ template }: PodTemplateObject): readonly string[] {
  return podTemplateWarnings(template ?? {}, FieldPath.of("template"));
}
