// ResourceClaimTemplate: what Pods that name it get a ResourceClaim each of.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { ResourceClaimTemplate as ResourceClaimTemplateObject } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";
import { validateFixedSpec } from "./fixedSpec.ts";

export const ResourceClaimTemplate = defineKind<ResourceClaimTemplateObject>({
  gvk: gvk("resource.k8s.io", "v1", "ResourceClaimTemplate"),
  plural: "resourceclaimtemplates",
  namespaced: true,
  columns: [nameColumn, ageColumn],
  validateUpdate: validateFixedSpec,
});
