// Definitions as OpenAPI publishes them: from the structure and the Go types, with the documentation.
// Source: kube-openapi pkg/generators and pkg/builder, 1.34.

import type { Documentation } from "../../../api/openapi/documentation.ts";
import { type GoField, goStruct } from "../../../api/openapi/goStructs.ts";
import { type OpenApiSchema, structure } from "../../../api/openapi/structure.ts";

/** JSON, ready to be written. */
export type Json = Readonly<Record<string, unknown>>;

/** Version 2 puts references beside other words and knows neither defaults nor alternatives. */
export type Dialect = "v2" | "v3";

const refPrefix = "#/definitions/";
const places: Readonly<Record<Dialect, string>> = {
  v2: "#/definitions/",
  v3: "#/components/schemas/",
};

/** "core.v1.Pod" → "io.k8s.api.core.v1.Pod". */
export function fullName(definition: string): string {
  const [first] = definition.split(".");
  if (first === "meta") return `io.k8s.apimachinery.pkg.apis.${definition}`;
  if (first === "apiextensions") return `io.k8s.apiextensions-apiserver.pkg.apis.${definition}`;
  if (first === "apiregistration") return `io.k8s.kube-aggregator.pkg.apis.${definition}`;
  return first === "api" || first === "util" || first === "runtime" || first === "version"
    ? `io.k8s.apimachinery.pkg.${definition}`
    : `io.k8s.api.${definition}`;
}

export function reference(name: string, dialect: Dialect): Json {
  return { $ref: `${places[dialect]}${name}` };
}

/** A definition's schema and the definitions that it refers to. */
export interface Published {
  readonly schema: Json;
  readonly uses: readonly string[];
}

export class DefinitionPublisher {
  constructor(
    private readonly dialect: Dialect,
    private readonly documentation: Documentation,
  ) {}

  /** Publishes a definition; undefined for one that neither the structure nor the Go types know. */
  publish(definition: string): Published | undefined {
    const schema = structure.definitions[definition] ?? schemaOfStruct(definition);
    if (!schema) return undefined;
    const uses = new Set<string>();
    const fields = new Map(flatFields(definition).map((field) => [field.name, field]));
    const { properties, ...rest } = schema;
    const described = {
      ...describe(this.documentation.ofDefinition(definition)),
      ...this.convert(rest, uses),
    };
    if (!properties) return { schema: described, uses: [...uses] };
    const converted = Object.entries(properties).map(([name, property]) => [
      name,
      this.convertField(
        { schema: property, text: this.documentation.ofField(`${definition}.${name}`) },
        fields.get(name),
        uses,
      ),
    ]);
    const schemaWithFields = { ...described, properties: Object.fromEntries(converted) };
    return { schema: schemaWithFields, uses: [...uses] };
  }

  private convertField(
    { schema, text }: { readonly schema: OpenApiSchema; readonly text: string | undefined },
    field: GoField | undefined,
    uses: Set<string>,
  ): Json {
    const isValue = field?.shape === "value";
    const zero = isValue && (field.isKept || isStruct(field.type)) ? zeroOf(field.type) : undefined;
    const zeroed =
      schema.default !== undefined || zero === undefined ? schema : { ...schema, default: zero };
    return { ...describe(text), ...this.convert(zeroed, uses, text !== undefined) };
  }

  private convert(schema: OpenApiSchema, uses: Set<string>, isDescribed = false): Json {
    const { $ref, items, additionalProperties, oneOf, default: zero, ...rest } = schema;
    const isOld = this.dialect === "v2";
    const zeroed = zero === undefined || isOld ? {} : { default: zero };
    if ($ref !== undefined) {
      const definition = $ref.slice(refPrefix.length);
      uses.add(definition);
      const target = reference(fullName(definition), this.dialect);
      // A lone reference needs no frame.
      const isLone = zero === undefined && Object.keys(rest).length === 0 && !isDescribed;
      return isOld || isLone ? { ...target, ...rest } : { ...zeroed, allOf: [target], ...rest };
    }
    if (oneOf && isOld) return { ...rest, type: "string" };
    return {
      ...rest,
      ...zeroed,
      ...(oneOf ? { oneOf } : {}),
      ...(items ? { items: this.convertElement(items, uses) } : {}),
      ...(additionalProperties
        ? { additionalProperties: this.convertElement(additionalProperties, uses) }
        : {}),
    };
  }

  /** Elements of lists and maps are values: Go's zero stands for a missing one. */
  private convertElement(schema: OpenApiSchema, uses: Set<string>): Json {
    const zero =
      schema.$ref === undefined
        ? scalarZeros[schema.type ?? ""]
        : zeroOf(schema.$ref.slice(refPrefix.length));
    const withZero =
      zero === undefined || "format" in schema ? schema : { ...schema, default: zero };
    return this.convert(withZero, uses);
  }
}

/** A field's text; nothing for fields that nobody has described. */
export function describe(text: string | undefined): Json {
  return text === undefined ? {} : { description: text };
}

/** The fields of a struct, those of embedded ones among them. */
function flatFields(definition: string): readonly GoField[] {
  return (goStruct(definition) ?? []).flatMap((field) =>
    field.name === "" ? flatFields(field.type) : [field],
  );
}

const scalarZeros: Readonly<Record<string, unknown>> = {
  string: "",
  integer: 0,
  number: 0,
  boolean: false,
};

const goZeros: Readonly<Record<string, unknown>> = {
  string: "",
  int32: 0,
  int64: 0,
  double: 0,
  bool: false,
};

function zeroOf(type: string): unknown {
  return isStruct(type) ? {} : goZeros[type];
}

/** Whether values of the type are objects with fields of their own. */
function isStruct(type: string): boolean {
  return (
    type.includes(".") &&
    (structure.definitions[type] ?? schemaOfStruct(type))?.properties !== undefined
  );
}

/** Kinds that every group version has, and those without a resource, are known as Go types only. */
function schemaOfStruct(definition: string): OpenApiSchema | undefined {
  const struct = goStruct(definition);
  if (!struct) return undefined;
  const fields = flatFields(definition);
  const typed = fields.some(({ name }) => name === "metadata") || definition.endsWith("Options");
  const typeMeta = typed ? { apiVersion: { type: "string" }, kind: { type: "string" } } : {};
  const own = Object.fromEntries(fields.map((field) => [field.name, schemaOfField(field)]));
  const required = fields.filter(({ isKept }) => isKept).map(({ name }) => name);
  return {
    type: "object",
    ...(required.length === 0 ? {} : { required }),
    properties: { ...typeMeta, ...own } as Readonly<Record<string, OpenApiSchema>>,
  };
}

const scalarSchemas: Readonly<Record<string, OpenApiSchema>> = {
  string: { type: "string" },
  bytes: { type: "string", format: "byte" },
  bool: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
};

/** Go types that are lists of texts. */
const textLists: readonly string[] = [
  "authentication.v1.ExtraValue",
  "authorization.v1.ExtraValue",
  "meta.v1.Verbs",
];

function schemaOfField({ type, shape }: GoField): OpenApiSchema {
  const element = textLists.includes(type)
    ? ({ type: "array", items: { type: "string" } } as const)
    : (scalarSchemas[type] ?? { $ref: `${refPrefix}${type}` });
  if (shape === "list")
    return { type: "array", items: element, "x-kubernetes-list-type": "atomic" };
  return shape === "map" ? { type: "object", additionalProperties: element } : element;
}
