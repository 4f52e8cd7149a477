// Fills in the defaults of a schema. Source: apiextensions-apiserver pkg/apiserver/schema/defaulting,
// kubernetes v1.34.
import { draft } from "../../base/draft.ts";
import type { JSONSchemaProps } from "../types.ts";
import {
  isJsonObject,
  itemsOf,
  type JsonObject,
  propertyOf,
  sortedProperties,
  valuesOf,
} from "./jsonSchema.ts";

/** Fills in, in place, what is absent, or null where null is not allowed. */
export function applyDefaults(value: unknown, schema: JSONSchemaProps | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) defaultItems(value, itemsOf(schema));
  else if (isJsonObject(value)) defaultFields(value, schema);
}

function defaultItems(list: unknown[], items: JSONSchemaProps | undefined): void {
  for (const [i, item] of list.entries()) {
    if (isForbiddenNull(item, items)) list[i] = draft(items?.default ?? null);
    applyDefaults(list[i], items);
  }
}

function defaultFields(object: JsonObject, schema: JSONSchemaProps): void {
  for (const [name, property] of sortedProperties(schema)) {
    if (!hasDefault(property)) continue;
    const isMissing = !Object.hasOwn(object, name) || isForbiddenNull(object[name], property);
    if (isMissing) object[name] = draft(property.default);
  }
  for (const name of Object.keys(object)) {
    const property = propertyOf(schema, name);
    const other = property ? undefined : valuesOf(schema);
    if (other && isForbiddenNull(object[name], other)) object[name] = draft(other.default ?? null);
    applyDefaults(object[name], property ?? other);
  }
}

/** Removes nulls that are not allowed and that no default would replace. */
export function dropForbiddenNulls(value: unknown, schema: JSONSchemaProps | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    for (const item of value) dropForbiddenNulls(item, itemsOf(schema));
    return;
  }
  if (!isJsonObject(value)) return;
  for (const name of Object.keys(value)) {
    const property = propertyOf(schema, name) ?? valuesOf(schema);
    if (!isForbiddenNull(value[name], property)) dropForbiddenNulls(value[name], property);
    else if (!hasDefault(property)) delete value[name];
  }
}

function isForbiddenNull(value: unknown, schema: JSONSchemaProps | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

export function hasDefault(schema: JSONSchemaProps | undefined): boolean {
  return schema?.default !== undefined && schema.default !== null;
}
