// The published structure, resolved once per definition into nodes that a decoder can walk quickly.
import { type GoField, goStruct } from "./goStructs.ts";
import { goStringType, goStructType } from "./goTypes.ts";
import { structFields } from "./structFields.ts";
import { kindSchema, type OpenApiSchema, structure } from "./structure.ts";

/** What a value may be. `goType` is how the server's errors name the type. */
export type SchemaNode = StructNode | ListNode | MapNode | ScalarNode;

export interface StructNode {
  readonly type: "struct";
  readonly goType: string;
  readonly definition: string;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  /** Fields that are there even when the manifest leaves them out. */
  readonly alwaysPresent: readonly string[];
  /** Fields that Go leaves out when they are false, 0 or empty: what `omitempty` says of what is no pointer. */
  readonly omittedWhenZero: ReadonlySet<string>;
  /** Fields that Go writes even then, with what it writes of those that are not there. */
  readonly printedZeros: readonly (readonly [name: string, zero: unknown])[];
}

export interface ListNode {
  readonly type: "list";
  readonly goType: string;
  readonly element: SchemaNode;
}

export interface MapNode {
  readonly type: "map";
  readonly goType: string;
  readonly value: SchemaNode;
}

export interface ScalarNode {
  readonly type: ScalarType;
  readonly goType: string;
  /** A word of JSON schema holds a schema, or this instead. */
  readonly schemaOr?: "bool" | "schemas" | "strings";
}

export type ScalarType =
  | "string"
  | "bytes"
  | "bool"
  | "int32"
  | "int64"
  | "double"
  | "quantity"
  | "time"
  | "microTime"
  | "intOrString"
  | "any";

const anything: ScalarNode = { type: "any", goType: "interface {}" };

const special: Readonly<Record<string, SchemaNode>> = {
  "api.resource.Quantity": { type: "quantity", goType: "resource.Quantity" },
  "meta.v1.Time": { type: "time", goType: "string" },
  "meta.v1.MicroTime": { type: "microTime", goType: "string" },
  "util.intstr.IntOrString": { type: "intOrString", goType: "int32" },
  "meta.v1.FieldsV1": anything,
  "runtime.RawExtension": anything,
  "apiextensions.v1.JSON": anything,
  "apiextensions.v1.JSONSchemaPropsOrArray": { ...anything, schemaOr: "schemas" },
  "apiextensions.v1.JSONSchemaPropsOrBool": { ...anything, schemaOr: "bool" },
  "apiextensions.v1.JSONSchemaPropsOrStringArray": { ...anything, schemaOr: "strings" },
};

const refPrefix = "#/definitions/";
const compiled = new Map<string, SchemaNode>();
const kindDefinitions = new Set(Object.values(structure.kinds).map(({ def }) => def));

/** The structure of a built-in kind; undefined for kinds that Kubernetes 1.34 does not have. */
export function kindNode(apiVersion: string, kind: string): StructNode | undefined {
  if (!kindSchema(apiVersion, kind)) return undefined;
  const definition = structure.kinds[`${apiVersion}/${kind}`]?.def;
  const node = definition === undefined ? undefined : definitionNode(definition);
  return node?.type === "struct" ? node : undefined;
}

/** A definition by its name, e.g. "core.v1.NodeAffinity". */
export function definitionNode(definition: string): SchemaNode {
  const known = special[definition] ?? compiled.get(definition);
  if (known) return known;
  const schema = structure.definitions[definition];
  if (schema?.properties === undefined) return anything;
  const properties = new Map<string, SchemaNode>();
  const node: StructNode = {
    type: "struct",
    goType: goStructType(definition),
    definition,
    properties,
    alwaysPresent: [
      ...structFields(definition, kindDefinitions.has(definition)),
      ...requiredLists(schema),
    ],
    omittedWhenZero: omittedWhenZero(definition),
    printedZeros: printedZeros(definition),
  };
  // Registered before its properties are resolved, for some definitions contain themselves.
  compiled.set(definition, node);
  for (const [name, property] of Object.entries(schema.properties))
    properties.set(name, schemaNode(property, definition, name));
  return node;
}

/** Lists that every object prints, if only as null; we keep them empty instead. */
function requiredLists({ required = [], properties = {} }: OpenApiSchema): string[] {
  return required.filter((name) => properties[name]?.type === "array");
}

function omittedWhenZero(definition: string): ReadonlySet<string> {
  const omitted = flatFields(definition).filter(
    ({ shape, type, isKept }) =>
      !isKept && shape !== "pointer" && !(shape === "value" && type.includes(".")),
  );
  return new Set(omitted.map(({ name }) => name));
}

/** Fields that Go writes whatever they are, with what it writes of those that are not there. */
function printedZeros(definition: string): readonly (readonly [name: string, zero: unknown])[] {
  return flatFields(definition).flatMap((field) => {
    const zero = printedZero(field);
    return zero === undefined ? [] : [[field.name, zero] as const];
  });
}

const printedScalars: Readonly<Record<string, unknown>> = {
  string: "",
  bytes: null,
  bool: false,
  int32: 0,
  int64: 0,
  double: 0,
  "api.resource.Quantity": "0",
};

function printedZero({ name, type, shape, isKept }: GoField): unknown {
  // `omitempty` never leaves out a struct, and a time is one; this one says `omitzero` too.
  const isTime = type === "meta.v1.Time" || type === "meta.v1.MicroTime";
  if (isTime && shape === "value") return name === "creationTimestamp" ? undefined : null;
  if (!isKept) return undefined;
  return shape === "value" ? printedScalars[type] : null;
}

/** The fields of a struct, those of embedded ones among them. */
function flatFields(definition: string): readonly GoField[] {
  return (goStruct(definition) ?? []).flatMap((field) =>
    field.name === "" ? flatFields(field.type) : [field],
  );
}

function schemaNode(schema: OpenApiSchema, definition: string, field: string): SchemaNode {
  if (schema.$ref !== undefined) return definitionNode(schema.$ref.slice(refPrefix.length));
  if (schema.type === "array") {
    const element = schema.items ? schemaNode(schema.items, definition, field) : anything;
    return { type: "list", goType: `[]${element.goType}`, element };
  }
  if (schema.type === "object") {
    if (!schema.additionalProperties) return anything;
    const value = schemaNode(schema.additionalProperties, definition, field);
    const isResourceList = value.type === "quantity";
    return {
      type: "map",
      goType: isResourceList ? "v1.ResourceList" : `map[string]${value.goType}`,
      value,
    };
  }
  return scalarNode(schema, definition, field);
}

function scalarNode(
  { type, format }: OpenApiSchema,
  definition: string,
  field: string,
): ScalarNode {
  if (type === "boolean") return { type: "bool", goType: "bool" };
  if (type === "number") return { type: "double", goType: "float64" };
  if (type === "integer")
    return format === "int64"
      ? { type: "int64", goType: "int64" }
      : { type: "int32", goType: "int32" };
  if (type !== "string") return anything;
  if (format === "byte") return { type: "bytes", goType: "[]uint8" };
  return { type: "string", goType: goStringType(definition, field) };
}
