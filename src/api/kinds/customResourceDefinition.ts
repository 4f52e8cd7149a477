// CustomResourceDefinition: a kind that the server learns while it runs.
import type { Draft } from "../../base/draft.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import { defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../types.ts";
import { createdAtColumn, nameColumn } from "./columns.ts";
import { withCondition } from "./customResourceDefinition/conditions.ts";
import { setCustomResourceDefinitionDefaults } from "./customResourceDefinition/defaults.ts";
import { formatWarnings } from "./customResourceDefinition/formatWarnings.ts";
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionStatusUpdate,
  validateCustomResourceDefinitionUpdate,
} from "./customResourceDefinition/validation.ts";

/** Holds a definition until all objects of its kind are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

export const CustomResourceDefinition = defineKind<DefinitionObject>({
  gvk: gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition"),
  plural: "customresourcedefinitions",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  subresources: ["status"],
  allowsUnconditionalUpdate: false,
  checksFinalizerNames: false,
  columns: [nameColumn, createdAtColumn],
  desiredState: ({ spec }) => spec,
  setDefaults: setCustomResourceDefinitionDefaults,
  prepareForCreate(crd) {
    crd.status = { acceptedNames: { plural: "", kind: "" } };
    // The server prints the list though there is none.
    Object.assign(crd.status, { conditions: null });
    keepStorageVersion(crd);
  },
  prepareForUpdate: keepStorageVersion,
  beginDeletion,
  validate: validateCustomResourceDefinition,
  validateUpdate: validateCustomResourceDefinitionUpdate,
  validateStatusUpdate: validateCustomResourceDefinitionStatusUpdate,
  warningsOnCreate: (crd) => formatWarnings(crd),
  warningsOnUpdate: formatWarnings,
});

/** Whatever version objects are stored in, it is remembered. */
function keepStorageVersion({ spec, status }: Draft<DefinitionObject>): void {
  const storage = spec.versions.find((version) => version.storage)?.name;
  if (!status || storage === undefined || status.storedVersions?.includes(storage)) return;
  status.storedVersions = [...(status.storedVersions ?? []), storage];
}

/** Source: apiextensions-apiserver pkg/registry/customresourcedefinition/etcd.go Delete, 1.34. */
function beginDeletion(crd: Draft<DefinitionObject>, now: Instant): void {
  const { metadata } = crd;
  metadata.deletionTimestamp = formatTime(now);
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(cleanupFinalizer))
    metadata.finalizers = [...finalizers, cleanupFinalizer];
  const pending = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
    message:
      "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  } as const;
  const conditions = withCondition(crd.status?.conditions ?? [], pending, now);
  crd.status = { ...crd.status, conditions: conditions.map((each) => ({ ...each })) };
}
