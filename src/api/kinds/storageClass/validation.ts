// StorageClasses. Source: pkg/apis/storage/validation ValidateStorageClass, kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  required,
  tooLong,
} from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { StorageClass, TopologySelectorTerm } from "../../types.ts";
import { checkChoice, checkRequiredChoice, each, sortedEntries } from "../../validation/fields.ts";
import { validateLabelName } from "../../validation/labels.ts";
import { byteLength, qualifiedName } from "../../validation/texts.ts";

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;

export function setStorageClassDefaults(storageClass: Draft<StorageClass>): void {
  storageClass.reclaimPolicy ??= "Delete";
  storageClass.volumeBindingMode ??= "Immediate";
}

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode } = storageClass;
  return [
    ...validateProvisioner(provisioner, FieldPath.of("provisioner")),
    ...validateParameters(parameters ?? {}, FieldPath.of("parameters")),
    ...(reclaimPolicy
      ? checkChoice(reclaimPolicy, ["Delete", "Retain"], FieldPath.of("reclaimPolicy"))
      : []),
    ...checkRequiredChoice(
      volumeBindingMode,
      ["Immediate", "WaitForFirstConsumer"],
      FieldPath.of("volumeBindingMode"),
    ),
    ...validateTopologies(storageClass.allowedTopologies ?? [], FieldPath.of("allowedTopologies")),
  ];
}

export function validateStorageClassUpdate(
  storageClass: StorageClass,
  old: StorageClass,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!dequal(storageClass.parameters ?? {}, old.parameters ?? {}))
    errors.push(forbidden(FieldPath.of("parameters"), "updates to parameters are forbidden."));
  if (storageClass.provisioner !== old.provisioner)
    errors.push(forbidden(FieldPath.of("provisioner"), "updates to provisioner are forbidden."));
  if (storageClass.reclaimPolicy !== old.reclaimPolicy)
    errors.push(
      forbidden(FieldPath.of("reclaimPolicy"), "updates to reclaimPolicy are forbidden."),
    );
  if (storageClass.volumeBindingMode !== old.volumeBindingMode)
    errors.push(
      invalid(
        FieldPath.of("volumeBindingMode"),
        storageClass.volumeBindingMode ?? "null",
        "field is immutable",
      ),
    );
  return errors;
}

export function validateProvisioner(
  provisioner: string | undefined,
  path: FieldPath,
): FieldError[] {
  if (!provisioner) return [required(path)];
  return qualifiedName(provisioner.toLowerCase()).map((words) => invalid(path, provisioner, words));
}

export function validateParameters(
  parameters: Readonly<Record<string, string>>,
  path: FieldPath,
): FieldError[] {
  const entries = sortedEntries(parameters);
  if (entries.length > maxParameters) return [tooLong(path, maxParameters)];
  let bytes = 0;
  const errors: FieldError[] = [];
  for (const [key, value] of entries) {
    if (key === "") errors.push(invalid(path, key, "field can not be empty."));
    bytes += byteLength(key) + byteLength(value);
  }
  return bytes > maxParameterBytes ? [...errors, tooLong(path, maxParameterBytes)] : errors;
}

function validateTopologies(
  topologies: readonly TopologySelectorTerm[],
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return each(topologies, path, ({ matchLabelExpressions = [] }, at) => {
    const keys = new Set<string>();
    const expressionsPath = at.child("matchLabelExpressions");
    const errors = each(
      matchLabelExpressions,
      expressionsPath,
      ({ key = "", values = [] }, item) => {
        const own = [
          ...(values.length === 0 ? [required(item.child("values"))] : []),
          ...each(values, item.child("values"), (value, valuePath, i) =>
            values.indexOf(value) < i ? [duplicate(valuePath, value)] : [],
          ),
          ...validateLabelName(key, item.child("key")),
        ];
        if (keys.has(key)) own.push(duplicate(item.child("key"), key));
        keys.add(key);
        return own;
      },
    );
    const term = matchLabelExpressions
      .map(({ key, values = [] }) => `${key}=${[...values].sort().join()}`)
      .sort()
      .join(";");
    if (seen.has(term)) errors.push(duplicate(expressionsPath, ""));
    seen.add(term);
    return errors;
  });
}
