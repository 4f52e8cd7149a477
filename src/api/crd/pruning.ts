// Drops what the schema of a custom resource does not mention.
// Source: apiextensions-apiserver pkg/apiserver/schema/pruning, kubernetes v1.34.
import { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import {
  allowsOtherNames,
  asEmbedded,
  isEmbedded,
  isJsonObject,
  itemsOf,
  metaFields,
  preservesUnknown,
  propertyOf,
  valuesOf,
} from "./jsonSchema.ts";

export interface UnknownField {
  readonly path: FieldPath;
  /** The names that the object may have. */
  readonly knownNames: readonly string[];
}

/**
 * Removes unspecified fields in place. apiVersion, kind and metadata of embedded resources stay, and of
 * the root if it is one.
 * @returns what was removed, in the order of the paths' texts
 */
export function prune(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  isResourceRoot: boolean,
): readonly UnknownField[] {
  const removed: UnknownField[] = [];
  pruneValue(value, isResourceRoot ? asEmbedded(schema) : schema, FieldPath.root, removed);
  return removed
    .map((field) => ({ field, text: field.path.toString() }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ field }) => field);
}

function pruneValue(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: FieldPath,
  removed: UnknownField[],
): void {
  if (Array.isArray(value)) {
    const items = itemSchema(schema);
    for (const [i, item] of value.entries()) pruneValue(item, items, path.index(i), removed);
    return;
  }
  if (!isJsonObject(value)) return;
  const keeps = preservesUnknown(schema);
  for (const name of Object.keys(value)) {
    if (isEmbedded(schema) && metaFields.has(name)) continue;
    const property = propertyOf(schema, name);
    if (property) pruneValue(value[name], property, path.child(name), removed);
    else if (schema && allowsOtherNames(schema))
      pruneValue(value[name], valuesOf(schema), path.child(name), removed);
    else if (!keeps) {
      delete value[name];
      const knownNames = Object.keys(schema?.properties ?? {});
      removed.push({ path: path.child(name), knownNames });
    }
  }
}

/** Items of a list that keeps what is unknown keep it as well. */
function itemSchema(schema: JSONSchemaProps | undefined): JSONSchemaProps | undefined {
  const items = itemsOf(schema);
  if (!preservesUnknown(schema)) return items;
  return { ...items, "x-kubernetes-preserve-unknown-fields": true };
}
