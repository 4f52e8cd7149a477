// The structure of every built-in kind, as the API server publishes it: names, types, list and merge keys.
import reviews from "./reviews.json" with { type: "json" };
import data from "./v1.34.json" with { type: "json" };

/** A node of the structure: JSON schema with Kubernetes' extensions, as far as we use it. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly oneOf?: readonly OpenApiSchema[];
  readonly "x-kubernetes-list-type"?: "atomic" | "map" | "set";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
}

interface KindEntry {
  readonly def: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface OpenApiStructure {
  readonly kinds: Readonly<Record<string, KindEntry>>;
  readonly definitions: Readonly<Record<string, OpenApiSchema>>;
}

export const structure = {
  kinds: { ...data.kinds, ...reviews.kinds },
  definitions: { ...data.definitions, ...reviews.definitions },
} as unknown as OpenApiStructure;

/** By their properties, which a schema shares with the definition that it refers to. */
const definitionNames = new WeakMap(
  Object.entries(structure.definitions).flatMap(([name, { properties }]) =>
    properties ? [[properties, name]] : [],
  ),
);

/** "DeploymentSpec"; "" for what no definition describes. */
export function structName({ properties }: OpenApiSchema): string {
  const name = (properties && definitionNames.get(properties)) ?? "";
  return name.slice(name.lastIndexOf(".") + 1);
}

const anything: OpenApiSchema = {};
const refPrefix = "#/definitions/";

/** The schema of a kind's objects; undefined for kinds that Kubernetes 1.34 does not have built in. */
export function kindSchema(apiVersion: string, kind: string): OpenApiSchema | undefined {
  const entry = structure.kinds[`${apiVersion}/${kind}`];
  return entry && structure.definitions[entry.def];
}

/** Follows references; an absent schema allows anything. */
export function resolveSchema(schema: OpenApiSchema | undefined): OpenApiSchema {
  if (schema?.$ref === undefined) return schema ?? anything;
  return resolveSchema(structure.definitions[schema.$ref.slice(refPrefix.length)]);
}

/**
 * The schema of one property or map value. Extensions beside a reference (list types and merge keys)
 * are kept.
 */
export function propertySchema(schema: OpenApiSchema, name: string): OpenApiSchema {
  const property = schema.properties?.[name] ?? schema.additionalProperties;
  if (property?.$ref === undefined) return property ?? anything;
  return { ...resolveSchema(property), ...property };
}
