// ReplicationController: the ReplicaSet's elder, with plain equality as its selector.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ReplicationController as ReplicationControllerObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { validateReplicationController } from "./replicationController/validation.ts";
import { setReplicationControllerDefaults } from "./workload/defaults.ts";

export const ReplicationController = defineKind<ReplicationControllerObject>({
  gvk: gvk("", "v1", "ReplicationController"),
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  fields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ spec }) => spec.replicas ?? 1),
    column("Current", "integer", ({ status }) => status?.replicas ?? 0),
    column("Ready", "integer", ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
  ],
  prepareForCreate(controller) {
    dropDisabledPodFields(controller.spec?.template?.spec);
    controller.status = { replicas: 0 };
  },
  setDefaults: setReplicationControllerDefaults,
  validate: validateReplicationController,
});
