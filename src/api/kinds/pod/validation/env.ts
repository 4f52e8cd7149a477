// Environment variables and where their values come from. Source: pkg/apis/core/validation
// ValidateEnv and ValidateEnvFrom, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type {
  ConfigMapKeySelector,
  EnvFromSource,
  EnvVar,
  SecretKeySelector,
} from "../../../types.ts";
import { check, each } from "../../../validation/fields.ts";
import { configMapKey, dnsSubdomain, envVarName, prefixRule } from "../../../validation/texts.ts";
import { envFields, validateFieldSelector, validateResourceFieldSelector } from "./downwardApi.ts";

export function validateEnv(
  variables: readonly EnvVar[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(variables, path, (variable, at) => [
    ...(variable.name
      ? check(envVarName, variable.name, at.child("name"))
      : [required(at.child("name"))]),
    ...validateValueFrom(variable, at.child("valueFrom")),
  ]);
}

function validateValueFrom({ value, valueFrom }: EnvVar, path: FieldPath): FieldError[] {
  if (!valueFrom) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  const errors: FieldError[] = [];
  if (fieldRef) errors.push(...validateFieldSelector(fieldRef, envFields, path.child("fieldRef")));
  if (resourceFieldRef)
    errors.push(
      ...validateResourceFieldSelector(resourceFieldRef, path.child("resourceFieldRef"), false),
    );
  if (configMapKeyRef)
    errors.push(...validateKeySelector(configMapKeyRef, path.child("configMapKeyRef")));
  if (secretKeyRef) errors.push(...validateKeySelector(secretKeyRef, path.child("secretKeyRef")));
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length;
  if (count === 0)
    errors.push(
      invalid(
        path,
        "",
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
      ),
    );
  else if (value) errors.push(invalid(path, "", "may not be specified when `value` is not empty"));
  else if (count > 1)
    errors.push(invalid(path, "", "may not have more than one field specified at a time"));
  return errors;
}

function validateKeySelector(
  { name = "", key }: ConfigMapKeySelector | SecretKeySelector,
  path: FieldPath,
): FieldError[] {
  return [
    ...check(dnsSubdomain, name, path.child("name")),
    ...(key ? check(configMapKey, key, path.child("key")) : [required(path.child("key"))]),
  ];
}

/** Errors about the number of sources name the list, not the item. */
export function validateEnvFrom(
  sources: readonly EnvFromSource[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(sources, path, ({ prefix, configMapRef, secretRef }, at) => [
    ...(prefix ? check(envVarName, prefix, at.child("prefix")) : []),
    ...(configMapRef ? validateReference(configMapRef, at.child("configMapRef")) : []),
    ...(secretRef ? validateReference(secretRef, at.child("secretRef")) : []),
    ...(configMapRef || secretRef
      ? []
      : [invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")]),
    ...(configMapRef && secretRef
      ? [invalid(path, "", "may not have more than one field specified at a time")]
      : []),
  ]);
}

const referenceName = prefixRule(dnsSubdomain);

function validateReference({ name }: { readonly name?: string }, path: FieldPath): FieldError[] {
  return name ? check(referenceName, name, path.child("name")) : [required(path.child("name"))];
}
