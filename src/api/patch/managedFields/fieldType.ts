// What field management needs to know of a value's type: which maps and lists are owned as a whole, and
// how items are told apart. Made from the published structure.
// Source: kube-openapi pkg/schemaconv and structured-merge-diff v6 schema.
import { isZero, omittedZeros } from "../../openapi/omittedZeros.ts";
import { type OpenApiSchema, structure } from "../../openapi/structure.ts";

/** A type; more than one member is there where a value may be of more than one form. */
export interface FieldType {
  readonly map?: MapType;
  readonly scalar?: ScalarType;
  readonly list?: ListType;
}

export type ScalarType = "numeric" | "string" | "boolean" | "untyped";

export interface MapType {
  /** Owned as a whole. */
  readonly isAtomic: boolean;
  /** Resolved when asked for: types may contain themselves. */
  field(name: string): FieldType | undefined;
  /** The type of what is not a field; undefined if nothing else may be there. */
  readonly rest: FieldType | undefined;
  /** True for maps of which nothing is known. */
  readonly isDeduced: boolean;
  /** Whether Go's type of the field does not tell this value, e.g. "" or {}, from none. */
  omits(name: string, value: unknown): boolean;
}

export interface ListType {
  /** Owned as a whole; else items are owned one by one. */
  readonly isAtomic: boolean;
  /** Fields that tell items apart; none if the items themselves do. */
  readonly keys: readonly string[];
  readonly element: FieldType;
  /** What stands for a key that an item leaves out. */
  keyDefault(name: string): unknown;
}

/** A value of which nothing is known, owned as a whole. */
const untypedAtomic: FieldType = {
  scalar: "untyped",
  get list() {
    return untypedList;
  },
  get map() {
    return untypedAtomicMap;
  },
};
const untypedList: ListType = {
  isAtomic: true,
  keys: [],
  element: untypedAtomic,
  keyDefault: () => undefined,
};
const untypedAtomicMap: MapType = {
  isAtomic: true,
  field: () => undefined,
  rest: untypedAtomic,
  isDeduced: true,
  omits: () => false,
};

/** The type of an object without a schema: each value that is not a map is owned as a whole. */
export const deducedType: FieldType = {
  scalar: "untyped",
  list: untypedList,
  get map() {
    return deducedMap;
  },
};
const deducedMap: MapType = {
  isAtomic: false,
  field: () => undefined,
  get rest() {
    return deducedType;
  },
  isDeduced: true,
  omits: () => false,
};

const untypedScalar: FieldType = { scalar: "untyped" };
/** Definitions that are known by name. */
const special: Readonly<Record<string, FieldType>> = {
  "api.resource.Quantity": untypedScalar,
  "runtime.RawExtension": untypedAtomic,
};
/** By definition: key fields that are not required and yet always there, for Go has no absent string. */
const alwaysThere: Readonly<Record<string, readonly string[]>> = {
  "core.v1.LocalObjectReference": ["name"],
};

const refPrefix = "#/definitions/";
const compiled = new WeakMap<OpenApiSchema, FieldType>();

/** The type of the values that `schema` describes. */
export function fieldTypeOf(schema: OpenApiSchema): FieldType {
  return typeOf(schema, false);
}

function typeOf(schema: OpenApiSchema, keepsUnknown: boolean): FieldType {
  if (schema.$ref !== undefined) return referredType(schema, schema.$ref);
  const known = compiled.get(schema);
  if (known) return known;
  const type = makeType(schema, keepsUnknown);
  compiled.set(schema, type);
  return type;
}

/** A field may say otherwise than the definition whether its map is owned as a whole. */
function referredType(schema: OpenApiSchema, ref: string): FieldType {
  const name = ref.slice(refPrefix.length);
  const definition = structure.definitions[name];
  const type = special[name] ?? (definition ? typeOf(definition, false) : deducedType);
  const relation = schema["x-kubernetes-map-type"];
  if (relation === undefined || !type.map) return type;
  const known = compiled.get(schema);
  if (known) return known;
  const { map } = type;
  const overridden: FieldType = {
    ...type,
    map: {
      isAtomic: relation === "atomic",
      isDeduced: map.isDeduced,
      field: (field) => map.field(field),
      omits: (field, value) => map.omits(field, value),
      get rest() {
        return map.rest;
      },
    },
  };
  compiled.set(schema, overridden);
  return overridden;
}

function makeType(schema: OpenApiSchema, inherited: boolean): FieldType {
  const keepsUnknown = inherited || schema["x-kubernetes-preserve-unknown-fields"] === true;
  switch (schema.type) {
    case "object":
      return { map: mapType(schema, keepsUnknown) };
    case "array":
      return { list: listType(schema, keepsUnknown) };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    case "boolean":
      return { scalar: "boolean" };
    case "string":
      return { scalar: isPlain(schema.format) ? "string" : "untyped" };
    default:
      return {
        scalar: "untyped",
        list: listType(schema, keepsUnknown),
        map: mapType(schema, keepsUnknown),
      };
  }
}

/** Texts with another format, e.g. times, may come as other scalars. */
function isPlain(format: string | undefined): boolean {
  return format === undefined || format === "byte";
}

function mapType(schema: OpenApiSchema, keepsUnknown: boolean): MapType {
  const { properties = {}, additionalProperties } = schema;
  const hasFields = Object.keys(properties).length > 0;
  const isOpen = keepsUnknown || !hasFields;
  const omitting = omittedZeros(definitions.get(schema) ?? "");
  return {
    isAtomic: schema["x-kubernetes-map-type"] === "atomic",
    isDeduced: !hasFields && additionalProperties === undefined,
    omits: (name, value) => omitting.has(name) && isZero(value),
    field: (name) =>
      Object.hasOwn(properties, name)
        ? typeOf(properties[name] as OpenApiSchema, keepsUnknown)
        : undefined,
    get rest() {
      if (additionalProperties) return typeOf(additionalProperties, keepsUnknown);
      return isOpen ? deducedType : undefined;
    },
  };
}

const definitions = new Map(Object.entries(structure.definitions).map(([name, it]) => [it, name]));

function listType(schema: OpenApiSchema, keepsUnknown: boolean): ListType {
  const { items } = schema;
  const { isAtomic, keys } = listRelation(schema);
  return {
    isAtomic,
    keys,
    get element() {
      return items ? typeOf(items, keepsUnknown) : untypedAtomic;
    },
    keyDefault: (name) => keyDefault(items, name),
  };
}

function listRelation(schema: OpenApiSchema): { isAtomic: boolean; keys: readonly string[] } {
  switch (schema["x-kubernetes-list-type"]) {
    case "atomic":
      return { isAtomic: true, keys: [] };
    case "set":
      return { isAtomic: false, keys: [] };
    case "map":
      return { isAtomic: false, keys: schema["x-kubernetes-list-map-keys"] ?? [] };
    default: {
      const isMerged = /^merge(,retainKeys)?$/.test(schema["x-kubernetes-patch-strategy"] ?? "");
      const key = schema["x-kubernetes-patch-merge-key"];
      return { isAtomic: !isMerged, keys: isMerged && key !== undefined ? [key] : [] };
    }
  }
}

const zeros: Readonly<Record<string, unknown>> = {
  string: "",
  integer: 0,
  number: 0,
  boolean: false,
};

/** The published default, or what Go's zero value leaves in a field that is always there. */
function keyDefault(items: OpenApiSchema | undefined, name: string): unknown {
  const definition = items?.$ref?.slice(refPrefix.length);
  const schema = definition === undefined ? items : structure.definitions[definition];
  const property = schema?.properties?.[name];
  if (property?.default !== undefined) return property.default;
  const isThere =
    definition !== undefined &&
    ((schema?.required ?? []).includes(name) || (alwaysThere[definition] ?? []).includes(name));
  return isThere && property?.type !== undefined ? zeros[property.type] : undefined;
}
