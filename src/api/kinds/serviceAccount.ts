// ServiceAccount: who a Pod is, for the API server.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ServiceAccount as ServiceAccountObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const ServiceAccount = defineKind<ServiceAccountObject>({
  gvk: gvk("", "v1", "ServiceAccount"),
  plural: "serviceaccounts",
  shortNames: ["sa"],
  namespaced: true,
  subresources: ["token"],
  columns: [
    nameColumn,
    column("Secrets", "string", ({ secrets }) => secrets?.length ?? 0, {
      field: "core.v1.ServiceAccount.secrets",
    }),
    ageColumn,
  ],
});
