// Custom resources in OpenAPI: the schema of their definition, with what all objects have.
// Source: apiextensions pkg/controller/openapi/builder/builder.go, 1.34.
import type { Kind } from "../../../api/kind.ts";
import { describe, fullName, type Json, reference } from "./definitions.ts";
import { type DefinitionStyle, listDefinition } from "./kindDefinitions.ts";
import { listSchemaName, schemaName } from "./operations.ts";

/** The schemas of a custom kind and its list, by name. */
export function customDefinitions(
  kind: Kind,
  style: DefinitionStyle,
): readonly (readonly [name: string, schema: Json])[] {
  const { group, version, kind: name } = kind.gvk;
  const schema = (kind.openApiSchema ?? {}) as Json;
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const { properties: own, ...rest } = schema;
  // An open schema of version 2 is an object of which nothing is said.
  const properties = style.dialect === "v2" && isOpen ? undefined : own;
  const complete = {
    ...rest,
    type: "object",
    properties: { ...(properties as Json | undefined), ...commonFields(style) },
    "x-kubernetes-group-version-kind": [{ group, kind: name, version }],
  };
  return [
    [schemaName(kind), complete],
    [listSchemaName(kind), listDefinition(kind, style)],
  ];
}

function commonFields({ dialect, documentation }: DefinitionStyle): Json {
  const text = (field: string) => describe(documentation.ofField(`core.v1.Pod.${field}`));
  const metadata = reference(fullName("meta.v1.ObjectMeta"), dialect);
  return {
    apiVersion: { ...text("apiVersion"), type: "string" },
    kind: { ...text("kind"), type: "string" },
    metadata: {
      ...text("metadata"),
      ...(dialect === "v2" ? metadata : { allOf: [metadata] }),
    },
  };
}
