// ReplicaSet: so many Pods of one template.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ReplicaSet as ReplicaSetObject } from "../types.ts";
import { ageColumn, containerColumns, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import {
  validateReplicaSet,
  validateReplicaSetStatusUpdate,
  validateReplicaSetUpdate,
} from "./replicaSet/validation.ts";
import { selectorCell } from "./workload/columns.ts";
import { setReplicaSetDefaults } from "./workload/defaults.ts";
import { labelNameWarnings, templateWarnings } from "./workload/warnings.ts";

export const ReplicaSet = defineKind<ReplicaSetObject>({
  gvk: gvk("apps", "v1", "ReplicaSet"),
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  fields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ spec }) => spec.replicas ?? 0, {
      field: "apps.v1.ReplicaSetSpec.replicas",
    }),
    column("Current", "integer", ({ status }) => status?.replicas ?? 0, {
      field: "apps.v1.ReplicaSetStatus.replicas",
    }),
    column("Ready", "integer", ({ status }) => status?.readyReplicas ?? 0, {
      field: "apps.v1.ReplicaSetStatus.readyReplicas",
    }),
    ageColumn,
    ...containerColumns<ReplicaSetObject>(({ spec }) => spec.template?.spec),
    column("Selector", "string", ({ spec }) => selectorCell(spec.selector), {
      priority: 1,
      description:
        "Selector is a label query over pods that should match the replica count. If the selector is empty, it is defaulted to the labels present on the pod template. Label keys and values that must match in order to be controlled by this replica set. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
    }),
  ],
  setDefaults: setReplicaSetDefaults,
  prepareForCreate(set) {
    dropDisabledPodFields(set.spec?.template?.spec);
    set.status = { replicas: 0 };
  },
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  validateStatusUpdate: validateReplicaSetStatusUpdate,
  warningsOnCreate: ({ metadata, spec }) => [
    ...labelNameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  warningsOnUpdate: (set, old) =>
    set.metadata.generation === old.metadata.generation ? [] : templateWarnings(set.spec.template),
});
