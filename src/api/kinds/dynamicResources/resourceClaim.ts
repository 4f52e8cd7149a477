// ResourceClaim: devices that someone asks for, and those that were found.
import { column, defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { ResourceV1ResourceClaim as ResourceClaimObject } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";
import { validateFixedSpec } from "./fixedSpec.ts";

export const ResourceClaim = defineKind<ResourceClaimObject>({
  gvk: gvk("resource.k8s.io", "v1", "ResourceClaim"),
  plural: "resourceclaims",
  namespaced: true,
  subresources: ["status"],
  columns: [
    nameColumn,
    column("State", "string", stateText, {
      description: "A summary of the current state (allocated, pending, reserved, etc.).",
    }),
    ageColumn,
  ],
  prepareForCreate(claim) {
    claim.status = {};
  },
  validateUpdate: validateFixedSpec,
});

/** Source: printers.go resourceClaimState. */
function stateText({ metadata, status }: ResourceClaimObject): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  return [
    ...(isDeleted ? ["deleted"] : []),
    ...(status?.allocation ? ["allocated"] : isDeleted ? [] : ["pending"]),
    ...(status?.allocation && status.reservedFor?.length ? ["reserved"] : []),
  ].join(",");
}
