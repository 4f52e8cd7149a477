// ServiceAccount: who a Pod is, for the API server.
import type { Draft } from "../../base/draft.ts";
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
  returnsDeletedObject: true,
  prepareForCreate: cleanReferences,
  prepareForUpdate: cleanReferences,
  warningsOnCreate: enforcementWarnings,
  warningsOnUpdate: (account, old) =>
    old.metadata.annotations?.[enforcement] === undefined ? enforcementWarnings(account) : [],
});

const enforcement = "kubernetes.io/enforce-mountable-secrets";

function enforcementWarnings({ metadata }: ServiceAccountObject): readonly string[] {
  return metadata.annotations?.[enforcement] === undefined
    ? []
    : [
        `metadata.annotations[${enforcement}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
      ];
}

/** Of Secrets only the name counts. Source: pkg/registry/core/serviceaccount cleanSecretReferences. */
function cleanReferences(account: Draft<ServiceAccountObject>): void {
  if (account.secrets)
    account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}
