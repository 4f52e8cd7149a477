// Deployment: rolls ReplicaSets from one revision of a template to the next.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Deployment as DeploymentObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { validateDeployment, validateDeploymentUpdate } from "./deployment/validation.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { setDeploymentDefaults } from "./workload/defaults.ts";

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
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`,
    ),
    column("Up-to-date", "integer", ({ status }) => status?.updatedReplicas ?? 0),
    column("Available", "integer", ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
  ],
  prepareForCreate(deployment) {
    dropDisabledPodFields(deployment.spec?.template?.spec);
    deployment.status = {};
  },
  setDefaults: setDeploymentDefaults,
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
});
