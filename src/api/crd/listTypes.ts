// Lists that are sets or maps hold nothing twice.
// Source: apiextensions-apiserver pkg/apiserver/schema/listtype, kubernetes v1.34.
import { duplicate, type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { goJson } from "../patch/goText.ts";
import type { JSONSchemaProps } from "../types.ts";
import { isJsonObject, itemsOf, propertyOf, valuesOf } from "./jsonSchema.ts";

/** Complains about items that were there before in the same list. */
export function validateListTypes(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: FieldPath,
): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value))
    return [
      ...repeated(value, schema, path),
      ...value.flatMap((item, i) => validateListTypes(item, itemsOf(schema), path.index(i))),
    ];
  if (!isJsonObject(value)) return [];
  const names = Object.keys(value).sort();
  const others = valuesOf(schema);
  return [
    ...(others
      ? names.flatMap((name) => validateListTypes(value[name], others, path.key(name)))
      : []),
    ...names.flatMap((name) =>
      validateListTypes(value[name], propertyOf(schema, name), path.child(name)),
    ),
  ];
}

function repeated(
  items: readonly unknown[],
  schema: JSONSchemaProps,
  path: FieldPath,
): FieldError[] {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set")
    return secondAppearances(items).map((i) => duplicate(path.index(i), items[i]));
  if (type !== "map") return [];
  const wrong = items.findIndex((item) => item !== null && !isJsonObject(item));
  if (wrong >= 0)
    return [
      invalid(path.index(wrong), items[wrong], "must be an object for an array of list-type map"),
    ];
  const keys = items.map((item) => keyOf(item, schema["x-kubernetes-list-map-keys"] ?? []));
  return secondAppearances(keys).map((i) => duplicate(path.index(i), keys[i]));
}

function keyOf(item: unknown, names: readonly string[]): unknown {
  if (!isJsonObject(item)) return {};
  const present = names.filter((name) => Object.hasOwn(item, name));
  return Object.fromEntries(present.sort().map((name) => [name, item[name]]));
}

/** Where values appear for the second time; further appearances are not told. */
function secondAppearances(values: readonly unknown[]): readonly number[] {
  const seen = new Map<string, number>();
  return values.flatMap((value, i) => {
    const text = goJson(value ?? null);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [i] : [];
  });
}
