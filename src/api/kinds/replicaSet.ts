// ReplicaSet: so many Pods of one template.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ReplicaSet as ReplicaSetObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { validateReplicaSet, validateReplicaSetUpdate } from "./replicaSet/validation.ts";
import { setReplicaSetDefaults } from "./workload/defaults.ts";

export const ReplicaSet = defineKind<ReplicaSetObject>({
  gvk: gvk("apps", "v1", "ReplicaSet"),
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ spec }) => spec.replicas ?? 1),
    column("Current", "integer", ({ status }) => status?.replicas ?? 0),
    column("Ready", "integer", ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
  ],
  prepareForCreate(set) {
    dropDisabledPodFields(set.spec?.template?.spec);
    set.status = { replicas: 0 };
  },
  setDefaults: setReplicaSetDefaults,
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
});
