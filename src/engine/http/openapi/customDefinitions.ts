// Custom resources in OpenAPI: the schema of their definition, with what all objects have.
// Source: apiextensions-apiserver pkg/controller/openapi/{builder/builder.go,v2/conversion.go} and
// pkg/apiserver/schema/unfold.go, kubernetes v1.34.
import {
  isEmbedded,
  isIntOrString,
  isSchema,
  preservesUnknown,
} from "../../../api/crd/jsonSchema.ts";
import type { Kind } from "../../../api/kind.ts";
import type { JSONSchemaProps } from "../../../api/types.ts";
import { describe, fullName, type Json, reference } from "./definitions.ts";
import type { DefinitionStyle } from "./kindDefinitions.ts";
import { listSchemaName, schemaName } from "./operations.ts";

const conventions =
  "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

/** The schemas of a custom kind and its list, by name. */
export function customDefinitions(
  kind: Kind,
  style: DefinitionStyle,
): readonly (readonly [name: string, schema: Json])[] {
  return [
    [schemaName(kind), { ...objectSchema(kind, style), ...kindOf(kind, kind.gvk.kind) }],
    [listSchemaName(kind), { ...listSchema(kind, style), ...kindOf(kind, kind.listKind) }],
  ];
}

function kindOf({ gvk: { group, version } }: Kind, kind: string): Json {
  return { "x-kubernetes-group-version-kind": [{ group, kind, version }] };
}

function objectSchema({ openApiSchema }: Kind, style: DefinitionStyle): Json {
  const schema = (openApiSchema ?? {}) as JSONSchemaProps;
  const isOld = style.dialect === "v2";
  // Old clients would refuse what is beside the properties that are named.
  const isOpen = openApiSchema === undefined || (isOld && preservesUnknown(schema));
  if (isOpen) return { type: "object" };
  const { properties, ...rest } = published(schema, style);
  return {
    ...rest,
    type: "object",
    properties: { ...(properties as Json | undefined), ...typeFields(style), ...metadata(style) },
  };
}

function listSchema(kind: Kind, style: DefinitionStyle): Json {
  const { dialect } = style;
  const item = reference(schemaName(kind), dialect);
  const text = `Standard list metadata. More info: ${conventions}#types-kinds`;
  return {
    description: `${kind.listKind} is a list of ${kind.gvk.kind}`,
    type: "object",
    required: ["items"],
    properties: {
      ...typeFields(style),
      items: {
        description: `List of ${kind.plural}. More info: ${conventions}`,
        type: "array",
        items: item,
      },
      metadata: { ...describe(text), ...target("ListMeta", style) },
    },
  };
}

function typeFields({ documentation }: DefinitionStyle): Json {
  const text = (field: string) => describe(documentation.ofField(`core.v1.Pod.${field}`));
  return {
    apiVersion: { ...text("apiVersion"), type: "string" },
    kind: { ...text("kind"), type: "string" },
  };
}

function metadata(style: DefinitionStyle): Json {
  const text = style.documentation.ofField("core.v1.Pod.metadata");
  return { metadata: { ...describe(text), ...target("ObjectMeta", style) } };
}

/** Version 2 puts references beside other words; version 3 has to frame them. */
function target(name: string, { dialect }: DefinitionStyle): Json {
  const found = reference(fullName(`meta.v1.${name}`), dialect);
  return dialect === "v2" ? found : { allOf: [found] };
}

/** A schema within the definition, as it is published. */
function published(schema: JSONSchemaProps, style: DefinitionStyle): Json {
  const own = style.dialect === "v2" ? forOldClients(schema) : unfolded(schema);
  const { properties, items, additionalProperties, ...rest } = own;
  const inner: Json = {
    ...(rest as Json),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, published(each, style)]),
          ),
        }
      : {}),
    ...(isSchema(items) ? { items: published(items, style) } : {}),
    ...(isSchema(additionalProperties)
      ? { additionalProperties: published(additionalProperties, style) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
  };
  const isClosed = style.dialect === "v3" || !preservesUnknown(schema);
  return isEmbedded(schema) && isClosed ? withEmbeddedFields(inner, style) : inner;
}

function withEmbeddedFields(schema: Json, style: DefinitionStyle): Json {
  const required = (schema.required ?? []) as readonly string[];
  const text = (what: string, field: string) => ({
    description: `${what} More info: ${conventions}#${field}`,
    type: "string",
  });
  return {
    ...schema,
    properties: {
      ...(schema.properties as Json | undefined),
      apiVersion: text(
        "apiVersion defines the versioned schema of this representation of an object.",
        "resources",
      ),
      kind: text(
        "kind is a string value representing the type of this object. In CamelCase.",
        "types-kinds",
      ),
      ...metadata(style),
    },
    required: [...required, ...["kind", "apiVersion"].filter((name) => !required.includes(name))],
  };
}

/** What is either says so in words that all know. */
function unfolded(schema: JSONSchemaProps): JSONSchemaProps {
  if (!isIntOrString(schema) || isSaid(schema)) return schema;
  const either = { anyOf: [{ type: "integer" }, { type: "string" }] };
  const { anyOf, allOf = [], ...rest } = schema;
  if (!anyOf) return { ...schema, ...either };
  return { ...rest, allOf: [either, { anyOf }, ...allOf] };
}

function isSaid({ anyOf, allOf }: JSONSchemaProps): boolean {
  const types = (anyOf ?? allOf?.[0]?.anyOf ?? []).map(({ type }) => type);
  return types.length === 2 && types.includes("integer") && types.includes("string");
}

/** Without alternatives, defaults and all that kubectl of old would stumble over. */
function forOldClients(schema: JSONSchemaProps): JSONSchemaProps {
  const { allOf: _, anyOf: __, oneOf: ___, not: ____, default: _____, nullable, ...rest } = schema;
  const { items, properties, type, required, ...others } = rest;
  const isOpen = preservesUnknown(schema);
  const isUntyped = nullable === true || isOpen;
  const keptItems = isUntyped ? undefined : items;
  const isUnknown =
    nullable === true || (isOpen && type === "object") || (type === "array" && !keptItems);
  const needed = required?.filter((name) => !properties?.[name]?.nullable);
  return {
    ...others,
    ...(type === undefined || isUnknown ? {} : { type }),
    ...(keptItems === undefined ? {} : { items: keptItems }),
    ...(properties && !isUntyped ? { properties } : {}),
    ...(needed?.length ? { required: needed } : {}),
  };
}
