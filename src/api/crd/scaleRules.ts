// The numbers that a custom resource's scale subresource reads and writes.
// Source: apiextensions-apiserver pkg/registry/customresource/validator.go, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import { goText, goType } from "../patch/goText.ts";
import type { CustomResourceSubresourceScale } from "../types.ts";
import { isJsonObject } from "./jsonSchema.ts";

const mostReplicas = 2 ** 31 - 1;

export function validateScaleSpec(
  object: unknown,
  { specReplicasPath }: CustomResourceSubresourceScale,
): FieldError[] {
  return replicasErrors(object, specReplicasPath);
}

export function validateScaleStatus(
  object: unknown,
  { statusReplicasPath, labelSelectorPath }: CustomResourceSubresourceScale,
): FieldError[] {
  const errors = replicasErrors(object, statusReplicasPath);
  if (labelSelectorPath) {
    const selector = nestedValue(object, labelSelectorPath, "string");
    if ("error" in selector)
      errors.push(invalid(FieldPath.of(labelSelectorPath), "", selector.error));
  }
  return errors;
}

function replicasErrors(object: unknown, text: string): FieldError[] {
  const path = FieldPath.of(text);
  const found = nestedValue(object, text, "int64");
  if ("error" in found) return [invalid(path, 0, found.error)];
  const replicas = (found.value ?? 0) as number;
  if (replicas < 0) return [invalid(path, replicas, "should be a non-negative integer")];
  return replicas > mostReplicas
    ? [invalid(path, replicas, `should be less than or equal to ${mostReplicas}`)]
    : [];
}

/**
 * The value at a simple path, ".spec.replicas"; undefined if it is not there.
 * Source: apimachinery unstructured helpers NestedInt64 and NestedString.
 */
export function nestedValue(
  object: unknown,
  text: string,
  wanted: "int64" | "string",
): { readonly value: unknown } | { readonly error: string } {
  const names = text.replace(/^\./, "").split(".");
  let value = object;
  for (const [i, name] of names.entries()) {
    if (!isJsonObject(value))
      return { error: wrongType(names.slice(0, i), value, "map[string]interface{}") };
    if (!Object.hasOwn(value, name)) return { value: undefined };
    value = value[name];
  }
  return goType(value) === wanted ? { value } : { error: wrongType(names, value, wanted) };
}

function wrongType(names: readonly string[], value: unknown, wanted: string): string {
  return `.${names.join(".")} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${wanted}`;
}
