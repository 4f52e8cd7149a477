// StatefulSet: Pods with names, and storage, of their own.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { StatefulSet as StatefulSetObject } from "../types.ts";
import { ageColumn, containerColumns, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import {
  validateStatefulSet,
  validateStatefulSetStatusUpdate,
  validateStatefulSetUpdate,
} from "./statefulSet/validation.ts";
import { statefulSetWarnings } from "./statefulSet/warnings.ts";
import { setStatefulSetDefaults } from "./workload/defaults.ts";
import { templateWarnings } from "./workload/warnings.ts";

export const StatefulSet = defineKind<StatefulSetObject>({
  gvk: gvk("apps", "v1", "StatefulSet"),
  plural: "statefulsets",
  shortNames: ["sts"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  nameRule: "dnsLabel",
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      { description: "Number of the pod with ready state" },
    ),
    ageColumn,
    ...containerColumns<StatefulSetObject>(({ spec }) => spec.template.spec),
  ],
  setDefaults: setStatefulSetDefaults,
  prepareForCreate(set) {
    set.status = { availableReplicas: 0, replicas: 0 };
    // Off in 1.34: feature gate MaxUnavailableStatefulSet.
    delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
    dropDisabledPodFields(set.spec?.template?.spec);
  },
  prepareForUpdate(set, old) {
    if (old.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined)
      delete set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
  },
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate: validateStatefulSetStatusUpdate,
  warningsOnCreate: ({ spec }) => [
    ...templateWarnings(spec.template),
    ...statefulSetWarnings(spec),
  ],
  warningsOnUpdate: (set, old) => [
    ...(set.metadata.generation === old.metadata.generation
      ? []
      : templateWarnings(set.spec.template)),
    ...statefulSetWarnings(set.spec),
  ],
});
