// Secrets: keys, and what each type must hold. Source: pkg/apis/core/validation ValidateSecret,
// kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid, required, tooLong } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Secret } from "../../types.ts";
import { check, checkImmutable, sortedEntries } from "../../validation/fields.ts";
import { goJsonObjectError } from "../../validation/goJson.ts";
import { configMapKey } from "../../validation/texts.ts";
import { decodedLength, immutable, maxDataBytes } from "../configMap/validation.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

const dataPath = FieldPath.of("data");
const accountName = "kubernetes.io/service-account.name";

/** Moves stringData into data and names the type. Source: SetDefaults_Secret and its conversion. */
export function setSecretDefaults(secret: Draft<Secret>): void {
  secret.type ||= "Opaque";
  const { stringData } = secret;
  if (!stringData) return;
  for (const [key, text] of Object.entries(stringData))
    secret.data = { ...secret.data, [key]: encodeBase64(text) };
  delete secret.stringData;
}

export function validateSecret(secret: Secret): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of sortedEntries(secret.data)) {
    errors.push(...check(configMapKey, key, dataPath.key(key)));
    bytes += decodedLength(value);
  }
  if (bytes > maxDataBytes) errors.push(tooLong(dataPath, maxDataBytes));
  return [...errors, ...validateType(secret)];
}

export function validateSecretUpdate(secret: Secret, old: Secret): FieldError[] {
  const errors = checkImmutable(secret.type ?? "", old.type ?? "", FieldPath.of("type"));
  if (old.immutable) {
    if (!secret.immutable) errors.push(immutable("immutable"));
    if (!dequal(secret.data ?? {}, old.data ?? {})) errors.push(immutable("data"));
  }
  return [...errors, ...validateSecret(secret)];
}

function validateType({ type, data = {}, metadata }: Secret): FieldError[] {
  const missing = (key: string): FieldError[] =>
    data[key] === undefined ? [required(dataPath.key(key))] : [];
  switch (type) {
    case "kubernetes.io/service-account-token":
      return metadata.annotations?.[accountName]
        ? []
        : [required(FieldPath.of("metadata", "annotations").key(accountName))];
    case "kubernetes.io/dockercfg":
      return validateJson(data, ".dockercfg");
    case "kubernetes.io/dockerconfigjson":
      return validateJson(data, ".dockerconfigjson");
    case "kubernetes.io/basic-auth":
      return data.username === undefined && data.password === undefined
        ? [...missing("username"), ...missing("password")]
        : [];
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? [] : [required(dataPath.key("ssh-privatekey"))];
    case "kubernetes.io/tls":
      return [...missing("tls.crt"), ...missing("tls.key")];
    default:
      return [];
  }
}

function validateJson(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const value = data[key];
  const path = dataPath.key(key);
  if (value === undefined) return [required(path)];
  const problem = goJsonObjectError(decodeBase64(value));
  return problem === undefined ? [] : [invalid(path, "<secret contents redacted>", problem)];
}
