// DaemonSet: one Pod on every node that fits.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { DaemonSet as DaemonSetObject } from "../types.ts";
import { ageColumn, containerColumns, labelsText, nameColumn } from "./columns.ts";
import {
  carryTemplateGeneration,
  setTemplateGeneration,
  templateGenerationOf,
} from "./daemonSet/templateGeneration.ts";
import {
  validateDaemonSet,
  validateDaemonSetStatusUpdate,
  validateDaemonSetUpdate,
} from "./daemonSet/validation.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { selectorCell } from "./workload/columns.ts";
import { setDaemonSetDefaults } from "./workload/defaults.ts";
import { templateWarnings } from "./workload/warnings.ts";

export const DaemonSet = defineKind<DaemonSetObject>({
  gvk: gvk("apps", "v1", "DaemonSet"),
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ status }) => status?.desiredNumberScheduled ?? 0, {
      field: "apps.v1.DaemonSetStatus.desiredNumberScheduled",
    }),
    column("Current", "integer", ({ status }) => status?.currentNumberScheduled ?? 0, {
      field: "apps.v1.DaemonSetStatus.currentNumberScheduled",
    }),
    column("Ready", "integer", ({ status }) => status?.numberReady ?? 0, {
      description:
        "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and ready.",
    }),
    column("Up-to-date", "integer", ({ status }) => status?.updatedNumberScheduled ?? 0, {
      field: "apps.v1.DaemonSetStatus.updatedNumberScheduled",
    }),
    column("Available", "integer", ({ status }) => status?.numberAvailable ?? 0, {
      field: "apps.v1.DaemonSetStatus.numberAvailable",
    }),
    column("Node Selector", "string", ({ spec }) => labelsText(spec.template.spec?.nodeSelector), {
      field: "core.v1.PodSpec.nodeSelector",
    }),
    ageColumn,
    ...containerColumns<DaemonSetObject>(({ spec }) => spec.template.spec),
    column("Selector", "string", ({ spec }) => selectorCell(spec.selector), {
      priority: 1,
      description:
        "A label query over pods that are managed by the daemon set. Must match in order to be controlled. If empty, defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    }),
  ],
  setDefaults(set) {
    setDaemonSetDefaults(set);
    setTemplateGeneration(set, templateGenerationOf(set as DaemonSetObject));
  },
  prepareForCreate(set) {
    set.status = {
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    };
    setTemplateGeneration(set, Math.max(1, templateGenerationOf(set as DaemonSetObject)));
    dropDisabledPodFields(set.spec?.template?.spec);
  },
  prepareForUpdate: carryTemplateGeneration,
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatusUpdate: validateDaemonSetStatusUpdate,
  warningsOnCreate: ({ spec }) => templateWarnings(spec.template),
  warningsOnUpdate: (set, old) =>
    set.metadata.generation === old.metadata.generation ? [] : templateWarnings(set.spec.template),
});
