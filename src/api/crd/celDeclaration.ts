// What rules know of a schema: types of fields, and how large values can get within one request.
// Source: apiserver pkg/cel/common/schemas.go and pkg/cel/types.go, kubernetes v1.34.
import { type CelType, listType, mapType, type StructType } from "../cel/celType.ts";
import type { Range } from "../cel/costRange.ts";
import type { JSONSchemaProps } from "../types.ts";
import { escapeName } from "./celEscape.ts";
import { isEmbedded, isIntOrString, itemsOf, sortedProperties, valuesOf } from "./jsonSchema.ts";

interface Sizes {
  /** The least that a value takes as JSON, in bytes. */
  readonly minSerializedSize: number;
  /** The most characters, items or entries. */
  readonly maxElements: number;
}

/** A schema as rules see it. */
export type Declaration = Sizes &
  (
    | { readonly kind: "simple"; readonly type: CelType }
    | { readonly kind: "list"; readonly element: Declaration }
    | { readonly kind: "map"; readonly value: Declaration }
    | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Declaration> }
  );

/** No request is larger. Source: DefaultMaxRequestSizeBytes. */
export const maxRequestBytes = 3 * 1024 * 1024;
const minTextBytes = 2;
const timeBytes = 32;
const mapKey: Sizes = { minSerializedSize: minTextBytes, maxElements: 0 };

/**
 * undefined for what rules can't see: values without a type, and lists and maps of them.
 * @param isResourceRoot the value has apiVersion, kind and metadata
 */
export function declarationOf(
  schema: JSONSchemaProps | undefined,
  isResourceRoot: boolean,
): Declaration | undefined {
  if (!schema) return undefined;
  if (isIntOrString(schema))
    return simple({ kind: "dyn" }, 1, textLength(schema, maxRequestBytes - minTextBytes));
  switch (schema.type) {
    case "array":
      return listDeclaration(schema);
    case "object":
      return valuesOf(schema) && !isResourceRoot
        ? mapDeclaration(schema)
        : objectDeclaration(isResourceRoot ? withTypeAndMeta(schema) : schema);
    case "string":
      return textDeclaration(schema);
    case "boolean":
      return simple({ kind: "bool" }, 4, 0);
    case "number":
      return simple({ kind: "double" }, 1, 0);
    case "integer":
      return simple({ kind: "int" }, 1, 0);
    default:
      return undefined;
  }
}

function simple(type: CelType, minSerializedSize: number, maxElements: number): Declaration {
  return { kind: "simple", type, minSerializedSize, maxElements };
}

function listDeclaration(schema: JSONSchemaProps): Declaration | undefined {
  const items = itemsOf(schema);
  const element = declarationOf(items, isEmbedded(items));
  if (!element) return undefined;
  const fitting = Math.floor((maxRequestBytes - 2) / (element.minSerializedSize + 1));
  const maxElements = limit(schema.maxItems) ?? fitting;
  return { kind: "list", element, minSerializedSize: 2, maxElements };
}

function mapDeclaration(schema: JSONSchemaProps): Declaration | undefined {
  const values = valuesOf(schema);
  const value = declarationOf(values, isEmbedded(values));
  if (!value) return undefined;
  const fitting = Math.floor((maxRequestBytes - 2) / (value.minSerializedSize + 6));
  const maxElements = limit(schema.maxProperties) ?? fitting;
  return { kind: "map", value, minSerializedSize: 2, maxElements };
}

function objectDeclaration(schema: JSONSchemaProps): Declaration {
  const fields = new Map<string, Declaration>();
  let minSerializedSize = 2;
  for (const [name, property] of sortedProperties(schema)) {
    const declared = declarationOf(property, isEmbedded(property));
    if (!declared) continue;
    const spelling = escapeName(name);
    if (spelling !== undefined) fields.set(spelling, declared);
    const mustBeSent = schema.required?.includes(name) && property.default === undefined;
    if (mustBeSent) minSerializedSize += name.length + declared.minSerializedSize + 4;
  }
  return { kind: "object", fields, minSerializedSize, maxElements: 0 };
}

function textDeclaration(schema: JSONSchemaProps): Declaration {
  const largest = maxRequestBytes - minTextBytes;
  switch (schema.format) {
    case "byte":
      return simple({ kind: "bytes" }, minTextBytes, limit(schema.maxLength) ?? largest);
    case "duration":
      return simple({ kind: "duration" }, 4, timeBytes);
    case "date":
      return simple({ kind: "timestamp" }, 12, 12);
    case "date-time":
      return simple({ kind: "timestamp" }, 21, timeBytes);
    default:
      return simple({ kind: "string" }, minTextBytes, textLength(schema, largest));
  }
}

/** A character may take four bytes. */
function textLength(schema: JSONSchemaProps, largest: number): number {
  const declared = limit(schema.maxLength);
  if (declared !== undefined) return declared * 4;
  if (isIntOrString(schema) || !schema.enum?.length) return largest;
  return Math.max(...schema.enum.map((value) => (typeof value === "string" ? value.length : 0)));
}

function limit(value: number | undefined | null): number | undefined {
  return value === undefined || value === null ? undefined : Math.max(0, value);
}

/** Rules at the root of a resource may read apiVersion, kind and the name. */
export function withTypeAndMeta(schema: JSONSchemaProps): JSONSchemaProps {
  const text: JSONSchemaProps = { type: "string" };
  const metadata: JSONSchemaProps = {
    type: "object",
    properties: { name: text, generateName: text },
  };
  return {
    ...schema,
    properties: { ...schema.properties, kind: text, apiVersion: text, metadata },
  };
}

/** @param name of the type in messages; types within are named after it */
export function celTypeOf(declaration: Declaration, name: string): CelType {
  switch (declaration.kind) {
    case "simple":
      return declaration.type;
    case "list":
      return listType(celTypeOf(declaration.element, `${name}.@idx`));
    case "map":
      return mapType({ kind: "string" }, celTypeOf(declaration.value, `${name}.@elem`));
    case "object":
      return objectType(declaration.fields, name);
  }
}

function objectType(fields: ReadonlyMap<string, Declaration>, name: string): StructType {
  return {
    kind: "struct",
    name,
    field: (field) => {
      const declared = fields.get(field);
      return declared && celTypeOf(declared, `${name}.${field}`);
    },
  };
}

/** How large the value can be that a path leads to; the path begins with the name of a variable. */
export function sizeAlong(root: Declaration, [, ...path]: readonly string[]): Range | undefined {
  let at: Declaration | undefined = root;
  for (const [i, step] of path.entries()) {
    if (step === "@keys") {
      const isLast = i === path.length - 1;
      return at?.kind === "map" && isLast ? { min: 0, max: mapKey.maxElements } : undefined;
    }
    at = stepInto(at, step);
    if (!at) return undefined;
  }
  return { min: 0, max: at.maxElements };
}

/** One step into a declaration: a field, "@items" or "@values". */
export function stepInto(declaration: Declaration, step: string): Declaration | undefined {
  if (step === "@items" || step === "@values") {
    if (declaration.kind === "list") return declaration.element;
    return declaration.kind === "map" ? declaration.value : undefined;
  }
  return declaration.kind === "object" ? declaration.fields.get(step) : undefined;
}
