// A schema as errors show it: the server's struct as JSON. Source: apiextensions-apiserver
// pkg/apis/apiextensions/types_jsonschema.go, kubernetes v1.34.
import { isSchema } from "../../crd/jsonSchema.ts";
import { ruleShape } from "../../crd/openApiRules.ts";
import type { JSONSchemaProps } from "../../types.ts";
import { goValue } from "../../validation/goShape.ts";

const plain = [
  ["ID", "id", ""],
  ["Schema", "$schema", ""],
  ["Ref", "$ref", null],
  ["Description", "description", ""],
  ["Type", "type", ""],
  ["Nullable", "nullable", false],
  ["Format", "format", ""],
  ["Title", "title", ""],
  ["Default", "default", null],
  ["Maximum", "maximum", null],
  ["ExclusiveMaximum", "exclusiveMaximum", false],
  ["Minimum", "minimum", null],
  ["ExclusiveMinimum", "exclusiveMinimum", false],
  ["MaxLength", "maxLength", null],
  ["MinLength", "minLength", null],
  ["Pattern", "pattern", ""],
  ["MaxItems", "maxItems", null],
  ["MinItems", "minItems", null],
  ["UniqueItems", "uniqueItems", false],
  ["MultipleOf", "multipleOf", null],
  ["Enum", "enum", null],
  ["MaxProperties", "maxProperties", null],
  ["MinProperties", "minProperties", null],
  ["Required", "required", null],
] as const;
const extensions = [
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", null],
  ["XEmbeddedResource", "x-kubernetes-embedded-resource", false],
  ["XIntOrString", "x-kubernetes-int-or-string", false],
  ["XListMapKeys", "x-kubernetes-list-map-keys", null],
  ["XListType", "x-kubernetes-list-type", null],
  ["XMapType", "x-kubernetes-map-type", null],
] as const;

export function schemaValue(schema: JSONSchemaProps): Readonly<Record<string, unknown>> {
  const rules = schema["x-kubernetes-validations"];
  return {
    ...fieldsOf(schema, plain),
    Items: isSchema(schema.items)
      ? { Schema: schemaValue(schema.items), JSONSchemas: null }
      : Array.isArray(schema.items)
        ? { Schema: null, JSONSchemas: listValue(schema.items) }
        : null,
    AllOf: listValue(schema.allOf),
    OneOf: listValue(schema.oneOf),
    AnyOf: listValue(schema.anyOf),
    Not: schema.not ? schemaValue(schema.not) : null,
    Properties: mapValue(schema.properties),
    AdditionalProperties: orBoolValue(schema.additionalProperties),
    PatternProperties: mapValue(schema.patternProperties),
    Dependencies: schema.dependencies ?? null,
    AdditionalItems: orBoolValue(schema.additionalItems),
    Definitions: mapValue(schema.definitions),
    ExternalDocs: schema.externalDocs ?? null,
    Example: schema.example ?? null,
    ...fieldsOf(schema, extensions),
    XValidations: rules?.map((rule) => goValue(rule, ruleShape)) ?? null,
  };
}

function fieldsOf(
  schema: JSONSchemaProps,
  fields: readonly (readonly [string, string, unknown])[],
): Readonly<Record<string, unknown>> {
  const values = schema as Readonly<Record<string, unknown>>;
  return Object.fromEntries(fields.map(([name, json, absent]) => [name, values[json] ?? absent]));
}

function listValue(schemas: readonly JSONSchemaProps[] | undefined): unknown {
  return schemas?.map(schemaValue) ?? null;
}

function mapValue(schemas: Readonly<Record<string, JSONSchemaProps>> | undefined): unknown {
  if (!schemas) return null;
  const names = Object.keys(schemas).sort();
  return Object.fromEntries(names.map((name) => [name, schemaValue(schemas[name] ?? {})]));
}

function orBoolValue(value: unknown): unknown {
  if (typeof value === "boolean") return { Allows: value, Schema: null };
  return isSchema(value) ? { Allows: true, Schema: schemaValue(value) } : null;
}
