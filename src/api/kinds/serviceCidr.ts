// ServiceCIDR: the ranges that Services get their addresses from.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ServiceCIDR as ServiceCIDRObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { validateServiceCidr, validateServiceCidrUpdate } from "./serviceCidr/validation.ts";

export const ServiceCIDR = defineKind<ServiceCIDRObject>({
  gvk: gvk("networking.k8s.io", "v1", "ServiceCIDR"),
  plural: "servicecidrs",
  namespaced: false,
  subresources: ["status"],
  columns: [
    nameColumn,
    column("CIDRs", "string", ({ spec }) => (spec.cidrs ?? []).join(","), {
      field: "networking.v1.ServiceCIDRSpec.cidrs",
    }),
    ageColumn,
  ],
  prepareForCreate(range) {
    range.status = {};
  },
  validate: validateServiceCidr,
  validateUpdate: validateServiceCidrUpdate,
});
