// The schema of a custom resource's version: JSON schema as apiextensions/v1 has it.
import type { JSONSchemaProps } from "../types.ts";

/** A JSON object within a custom resource that is being prepared. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSchema(value: unknown): value is JSONSchemaProps {
  return isJsonObject(value);
}

/** The one schema of all items; undefined if there is none or one for each item. */
export function itemsOf(schema: JSONSchemaProps | undefined): JSONSchemaProps | undefined {
  return isSchema(schema?.items) ? schema.items : undefined;
}

/** The schema of values under names that `properties` does not list. */
export function valuesOf(schema: JSONSchemaProps | undefined): JSONSchemaProps | undefined {
  return isSchema(schema?.additionalProperties) ? schema.additionalProperties : undefined;
}

/** Whether other names than those of `properties` are meant to be there. */
export function allowsOtherNames(schema: JSONSchemaProps): boolean {
  return schema.additionalProperties !== undefined && schema.additionalProperties !== null;
}

export function propertyOf(
  schema: JSONSchemaProps | undefined,
  name: string,
): JSONSchemaProps | undefined {
  const { properties } = schema ?? {};
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The properties of a schema by name: Go's own order is random. */
export function sortedProperties(
  schema: JSONSchemaProps,
): readonly (readonly [string, JSONSchemaProps])[] {
  return Object.entries(schema.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function preservesUnknown(schema: JSONSchemaProps | undefined): boolean {
  return schema?.["x-kubernetes-preserve-unknown-fields"] === true;
}

export function isEmbedded(schema: JSONSchemaProps | undefined): boolean {
  return schema?.["x-kubernetes-embedded-resource"] === true;
}

export function isIntOrString(schema: JSONSchemaProps | undefined): boolean {
  return schema?.["x-kubernetes-int-or-string"] === true;
}

/** The root of a resource is like an embedded one: it has apiVersion, kind and metadata. */
export function asEmbedded(schema: JSONSchemaProps | undefined): JSONSchemaProps {
  return { ...schema, "x-kubernetes-embedded-resource": true };
}

/** The schemas that a schema is made of. */
export function childrenOf(schema: JSONSchemaProps): readonly JSONSchemaProps[] {
  const { items, additionalItems, dependencies = {} } = schema;
  const some = [
    ...(Array.isArray(items) ? items : [items]),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    schema.not,
    ...Object.values(schema.properties ?? {}),
    schema.additionalProperties,
    ...Object.values(schema.patternProperties ?? {}),
    additionalItems,
    ...Object.values(schema.definitions ?? {}),
    ...Object.values(dependencies),
  ];
  return some.filter(isSchema);
}

/** Whether a schema, or one within it, is as asked. Source: SchemaHas, apiextensions validation. */
export function someSchema(
  schema: JSONSchemaProps | undefined,
  test: (schema: JSONSchemaProps) => boolean,
): boolean {
  if (!schema) return false;
  return test(schema) || childrenOf(schema).some((child) => someSchema(child, test));
}

export const metaFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);
