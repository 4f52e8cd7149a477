// ReplicationController: the ReplicaSet's elder, with plain equality as its selector.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ReplicationController as ReplicationControllerObject } from "../types.ts";
import { ageColumn, containerColumns, labelsText, nameColumn } from "./columns.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { validateReplicationControllerStatusUpdate } from "./replicationController/status.ts";
import { validateReplicationController } from "./replicationController/validation.ts";
import { setReplicationControllerDefaults } from "./workload/defaults.ts";
import { labelNameWarnings, templateWarnings } from "./workload/warnings.ts";

export const ReplicationController = defineKind<ReplicationControllerObject>({
  gvk: gvk("", "v1", "ReplicationController"),
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  fields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  /** For those who knew it before there was garbage collection. */
  defaultPropagation: "Orphan",
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ spec }) => spec.replicas ?? 1, {
      field: "core.v1.ReplicationControllerSpec.replicas",
    }),
    column("Current", "integer", ({ status }) => status?.replicas ?? 0, {
      field: "core.v1.ReplicationControllerStatus.replicas",
    }),
    column("Ready", "integer", ({ status }) => status?.readyReplicas ?? 0, {
      field: "core.v1.ReplicationControllerStatus.readyReplicas",
    }),
    ageColumn,
    ...containerColumns<ReplicationControllerObject>(({ spec }) => spec.template?.spec),
    column("Selector", "string", ({ spec }) => labelsText(spec.selector), {
      priority: 1,
      field: "core.v1.ReplicationControllerSpec.selector",
    }),
  ],
  prepareForCreate(controller) {
    dropDisabledPodFields(controller.spec?.template?.spec);
    controller.status = { replicas: 0 };
  },
  setDefaults: setReplicationControllerDefaults,
  validate: validateReplicationController,
  validateStatusUpdate: validateReplicationControllerStatusUpdate,
  warningsOnCreate: ({ metadata, spec }) => [
    ...labelNameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  warningsOnUpdate: (controller, old) =>
    controller.metadata.generation === old.metadata.generation
      ? []
      : // The server looks at the old template, by mistake.
        templateWarnings(old.spec.template),
});
