// Secret: configuration that is not for every eye, in base64.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Secret as SecretObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { setSecretDefaults, validateSecret, validateSecretUpdate } from "./secret/validation.ts";
import { secretWarnings } from "./secret/warnings.ts";

export const Secret = defineKind<SecretObject>({
  gvk: gvk("", "v1", "Secret"),
  plural: "secrets",
  namespaced: true,
  fields: { type: (secret) => secret.type ?? "" },
  columns: [
    nameColumn,
    column("Type", "string", ({ type }) => type ?? "", { field: "core.v1.Secret.type" }),
    column("Data", "string", ({ data }) => Object.keys(data ?? {}).length, {
      field: "core.v1.Secret.data",
    }),
    ageColumn,
  ],
  setDefaults: setSecretDefaults,
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warningsOnCreate: secretWarnings,
  warningsOnUpdate: secretWarnings,
});
