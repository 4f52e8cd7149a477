// ConfigMaps. Source: pkg/apis/core/validation ValidateConfigMap, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid, tooLong } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ConfigMap } from "../../types.ts";
import { check, sortedEntries } from "../../validation/fields.ts";
import { byteLength, configMapKey } from "../../validation/texts.ts";

/** Data of a ConfigMap or Secret, in bytes. */
export const maxDataBytes = 1024 * 1024;

export function validateConfigMap({ data, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of sortedEntries(data)) {
    const path = FieldPath.of("data").key(key);
    errors.push(...check(configMapKey, key, path));
    if (Object.hasOwn(binaryData, key))
      errors.push(invalid(path, key, "duplicate of key present in binaryData"));
    bytes += byteLength(value);
  }
  for (const [key, value] of sortedEntries(binaryData)) {
    errors.push(...check(configMapKey, key, FieldPath.of("binaryData").key(key)));
    bytes += decodedLength(value);
  }
  if (bytes > maxDataBytes) errors.push(tooLong(FieldPath.of(""), maxDataBytes));
  return errors;
}

/** Bytes that a base64 text stands for. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

export function validateConfigMapUpdate(map: ConfigMap, old: ConfigMap): FieldError[] {
  const errors = old.immutable
    ? [
        ...(map.immutable ? [] : [immutable("immutable")]),
        ...(["data", "binaryData"] as const)
          .filter((field) => !dequal(map[field] ?? {}, old[field] ?? {}))
          .map(immutable),
      ]
    : [];
  return [...errors, ...validateConfigMap(map)];
}

export function immutable(field: string): FieldError {
  return forbidden(FieldPath.of(field), "field is immutable when `immutable` is set");
}
