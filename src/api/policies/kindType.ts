// The type of a kind's objects in expressions, from its published structure.
// Source: apiserver pkg/cel/common/schemas.go SchemaDeclType, kubernetes v1.34.
import {
  type CelType,
  dynType,
  listType,
  mapType,
  type StructType,
  stringType,
} from "../cel/celType.ts";
import { celTypeOf, declarationOf } from "../crd/celDeclaration.ts";
import { escapeName, unescapeName } from "../crd/celEscape.ts";
import type { Kind } from "../kind.ts";
import { kindSchema, type OpenApiSchema, resolveSchema } from "../openapi/structure.ts";
import type { JSONSchemaProps } from "../types.ts";

/** undefined for a kind without a structure. */
export function kindType({ apiVersion, gvk, openApiSchema }: Kind): CelType | undefined {
  if (openApiSchema) {
    const declaration = declarationOf(openApiSchema as JSONSchemaProps, true);
    return declaration && celTypeOf(declaration, gvk.kind);
  }
  const schema = kindSchema(apiVersion, gvk.kind);
  return schema && typeOf(schema, gvk.kind);
}

function typeOf(unresolved: OpenApiSchema, name: string): CelType | undefined {
  const schema = resolveSchema(unresolved);
  if (schema.format === "int-or-string" || schema.oneOf) return dynType;
  switch (schema.type) {
    case "array": {
      const element = schema.items && typeOf(schema.items, `${name}.@idx`);
      return element && listType(element);
    }
    case "object":
      return schema.additionalProperties
        ? mapOf(schema.additionalProperties, name)
        : structOf(schema, name);
    case "string":
      return textType(schema.format);
    case "boolean":
      return { kind: "bool" };
    case "number":
      return { kind: "double" };
    case "integer":
      return { kind: "int" };
    default:
      return undefined;
  }
}

function mapOf(values: OpenApiSchema, name: string): CelType | undefined {
  const value = typeOf(values, `${name}.@elem`);
  return value && mapType(stringType, value);
}

/** Fields are read when they are asked for: some definitions contain themselves. */
function structOf({ properties = {} }: OpenApiSchema, name: string): StructType {
  return {
    kind: "struct",
    name,
    field(spelling) {
      const field = unescapeName(spelling);
      if (field === undefined || escapeName(field) !== spelling) return undefined;
      const property = Object.hasOwn(properties, field) ? properties[field] : undefined;
      return property && typeOf(property, `${name}.${field}`);
    },
  };
}

function textType(format: string | undefined): CelType {
  if (format === "byte") return { kind: "bytes" };
  if (format === "duration") return { kind: "duration" };
  return format === "date" || format === "date-time" ? { kind: "timestamp" } : stringType;
}
