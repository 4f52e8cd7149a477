// Deployment: rolls ReplicaSets from one revision of a template to the next.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Deployment as DeploymentObject } from "../types.ts";
import { ageColumn, containerColumns, nameColumn } from "./columns.ts";
import {
  validateDeployment,
  validateDeploymentStatusUpdate,
  validateDeploymentUpdate,
} from "./deployment/validation.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { selectorCell } from "./workload/columns.ts";
import { setDeploymentDefaults } from "./workload/defaults.ts";
import { labelNameWarnings, templateWarnings } from "./workload/warnings.ts";

export const Deployment = defineKind<DeploymentObject>({
  gvk: gvk("apps", "v1", "Deployment"),
  plural: "deployments",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "scale"],
  /** Annotations count as well. Source: pkg/registry/apps/deployment strategy PrepareForUpdate, 1.34. */
  desiredState: ({ spec, metadata }) => [spec, metadata.annotations],
  columns: [
    nameColumn,
    column(
      "Ready",
      "string",
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      { description: "Number of the pod with ready state" },
    ),
    column("Up-to-date", "string", ({ status }) => status?.updatedReplicas ?? 0, {
      field: "apps.v1.DeploymentStatus.updatedReplicas",
    }),
    column("Available", "string", ({ status }) => status?.availableReplicas ?? 0, {
      field: "apps.v1.DeploymentStatus.availableReplicas",
    }),
    ageColumn,
    ...containerColumns<DeploymentObject>(({ spec }) => spec.template.spec),
    column("Selector", "string", ({ spec }) => selectorCell(spec.selector), {
      priority: 1,
      description:
        "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.",
    }),
  ],
  setDefaults: setDeploymentDefaults,
  prepareForCreate(deployment) {
    dropDisabledPodFields(deployment.spec?.template?.spec);
    deployment.status = {};
  },
  prepareForSubresource(subresource, { metadata }, old) {
    if (subresource !== "status") return;
    if (old.metadata.labels) metadata.labels = { ...old.metadata.labels };
    else delete metadata.labels;
  },
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  validateStatusUpdate: validateDeploymentStatusUpdate,
  warningsOnCreate: ({ metadata, spec }) => [
    ...labelNameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  warningsOnUpdate: (deployment, old) =>
    deployment.metadata.generation === old.metadata.generation
      ? []
      : templateWarnings(deployment.spec.template),
});
