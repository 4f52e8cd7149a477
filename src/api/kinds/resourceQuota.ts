// ResourceQuota: how much all of a namespace's objects together may use.
import type { Instant } from "../../base/time.ts";
import { type Column, column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ResourceQuota as ResourceQuotaObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  validateResourceQuota,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from "./resourceQuota/validation.ts";

export const ResourceQuota = defineKind<ResourceQuotaObject>({
  gvk: gvk("", "v1", "ResourceQuota"),
  plural: "resourcequotas",
  shortNames: ["quota"],
  namespaced: true,
  subresources: ["status"],
  returnsDeletedObject: true,
  columns: [
    nameColumn,
    usageColumn(
      "Request",
      (name) => !name.startsWith("limits."),
      "Request represents a minimum amount of cpu/memory that a container may consume.",
    ),
    usageColumn(
      "Limit",
      (name) => name.startsWith("limits."),
      "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
    ),
    ageColumn,
  ],
  prepareForCreate(quota) {
    quota.status = {};
  },
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  validateStatusUpdate: validateResourceQuotaStatusUpdate,
});

/** "pods: 1/50, requests.cpu: 0/2" of the resources that `includes` picks. */
function usageColumn(
  name: string,
  includes: (resource: string) => boolean,
  description: string,
): Column<ResourceQuotaObject> {
  const text = ({ status }: ResourceQuotaObject, _now: Instant): string =>
    Object.keys(status?.hard ?? {})
      .sort()
      .filter(includes)
      .map(
        (resource) => `${resource}: ${status?.used?.[resource] ?? 0}/${status?.hard?.[resource]}`,
      )
      .join(", ");
  return column(name, "string", text, { description });
}
