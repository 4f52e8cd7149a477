// Parts of custom resources as values of rules: typed by their schema. Sets and maps in the form of
// lists compare and add up as what they are. Source: apiserver pkg/cel/common/values.go, kubernetes v1.34.
import { dequal } from "dequal";
import { parseTimestamp } from "../cel/timestamp.ts";
import {
  ArrayList,
  CelError,
  CelList,
  CelMap,
  type CelValue,
  Duration,
  equal,
  keyText,
  Timestamp,
} from "../cel/value.ts";
import type { JSONSchemaProps } from "../types.ts";
import { withTypeAndMeta } from "./celDeclaration.ts";
import { escapeName, unescapeName } from "./celEscape.ts";
import { parseFormatDuration } from "./formats.ts";
import {
  isEmbedded,
  isIntOrString,
  isJsonObject,
  itemsOf,
  type JsonObject,
  preservesUnknown,
  propertyOf,
  valuesOf,
} from "./jsonSchema.ts";

/** @throws CelError if the value is not what its schema says */
export function schemaValue(value: unknown, schema: JSONSchemaProps): CelValue {
  if (value === null || value === undefined) {
    if (schema.nullable) return null;
    throw new CelError("invalid data, got null for schema with nullable=false");
  }
  if (isIntOrString(schema)) return intOrString(value);
  switch (schema.type) {
    case "object":
      return objectValue(value, schema);
    case "array":
      return listValue(value, schema);
    case "string":
      return textValue(value, schema.format);
    case "number":
      if (typeof value === "number" || typeof value === "bigint") return Number(value);
      throw new CelError(`invalid data, expected float, got ${goTypeOf(value)}`);
    case "integer":
      if (typeof value === "bigint" || Number.isInteger(value)) return BigInt(value as number);
      throw new CelError(`invalid data, expected int, got ${goTypeOf(value)}`);
    case "boolean":
      if (typeof value === "boolean") return value;
      throw new CelError(`invalid data, expected bool, got ${goTypeOf(value)}`);
    default:
      throw new CelError(
        `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ""}`,
      );
  }
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function intOrString(value: unknown): CelValue {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || Number.isInteger(value)) return BigInt(value as number);
  throw new CelError("invalid data, expected XIntOrString value to be either a string or integer");
}

function objectValue(value: unknown, schema: JSONSchemaProps): CelValue {
  if (!isJsonObject(value))
    throw new CelError("invalid data, expected a map for the provided schema with type=object");
  if (isEmbedded(schema)) return new SchemaObject(value, withTypeAndMeta(schema));
  if (schema.properties) return new SchemaObject(value, schema);
  const values = valuesOf(schema);
  if (values) return new SchemaMap(value, values);
  if (preservesUnknown(schema)) return new SchemaObject(value, schema);
  throw new CelError(
    "invalid object type, expected either Properties or AdditionalProperties with Allows=true and non-empty Schema",
  );
}

function listValue(value: unknown, schema: JSONSchemaProps): CelValue {
  if (!Array.isArray(value))
    throw new CelError("invalid data, expected an array for the provided schema with type=array");
  const items = itemsOf(schema);
  if (!items) throw new CelError("invalid array type, expected Items with a non-empty Schema");
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  switch (schema["x-kubernetes-list-type"]) {
    case "map":
      return new KeyedList(new SchemaList(value, items), (item) => itemKey(item, keys));
    case "set":
      return new KeyedList(new SchemaList(value, items), keyText);
    default:
      return new SchemaList(value, items);
  }
}

/** By the fields that are keys, as expressions spell them. */
function itemKey(item: CelValue, keys: readonly string[]): string {
  const values = keys.map((key) =>
    item instanceof CelMap ? keyText(item.get(escapeName(key) ?? key) ?? null) : "",
  );
  return JSON.stringify(values);
}

function textValue(value: unknown, format: string | undefined): CelValue {
  if (typeof value !== "string")
    throw new CelError(`invalid data, expected string, got ${goTypeOf(value)}`);
  switch (format) {
    case "duration": {
      const nanos = parseFormatDuration(value);
      if (nanos === undefined) throw new CelError(`Invalid duration ${value}`);
      return new Duration(nanos);
    }
    case "date":
    case "date-time": {
      const nanos = parseTimestamp(format === "date" ? `${value}T00:00:00Z` : value);
      if (nanos === undefined) throw new CelError(`Invalid ${format} formatted string ${value}`);
      return new Timestamp(nanos);
    }
    case "byte":
      return Uint8Array.from(atobBytes(value));
    default:
      return value;
  }
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function atobBytes(text: string): readonly number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const letter of text.replace(/[=\r\n]/g, "")) {
    const value = base64Letters.indexOf(letter);
    if (value < 0) throw new CelError(`Invalid byte formatted string ${text}`);
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return bytes;
}

class SchemaList extends CelList {
  constructor(
    private readonly json: readonly unknown[],
    private readonly items: JSONSchemaProps,
  ) {
    super();
  }

  get size(): number {
    return this.json.length;
  }

  at(index: number): CelValue {
    return schemaValue(this.json[index], this.items);
  }
}

/** A list whose order means nothing: a set, or a map by keys of its items. */
class KeyedList extends CelList {
  private positions: ReadonlyMap<string, number> | undefined;

  constructor(
    private readonly list: CelList,
    private readonly keyOf: (item: CelValue) => string,
  ) {
    super();
  }

  get size(): number {
    return this.list.size;
  }

  at(index: number): CelValue {
    return this.list.at(index);
  }

  override equals(other: CelList): boolean {
    if (this.size !== other.size) return false;
    return [...other].every((item) => {
      const index = this.byKey().get(this.keyOf(item));
      return index !== undefined && equal(this.at(index), item);
    });
  }

  /** Items of the same key are replaced in place; others come after. */
  override concat(other: CelList): CelList {
    const joined = [...this];
    for (const item of other) {
      const index = this.byKey().get(this.keyOf(item));
      if (index === undefined) joined.push(item);
      else joined[index] = item;
    }
    return new KeyedList(new ArrayList(joined), this.keyOf);
  }

  private byKey(): ReadonlyMap<string, number> {
    this.positions ??= new Map([...this].map((item, i) => [this.keyOf(item), i]));
    return this.positions;
  }
}

/** An object with fields: those that are null are absent, those without a schema can't be seen. */
class SchemaObject extends CelMap {
  constructor(
    private readonly object: JsonObject,
    private readonly schema: JSONSchemaProps,
  ) {
    super();
  }

  get keys(): readonly CelValue[] {
    return Object.keys(this.object).flatMap((name) => {
      const spelling = propertyOf(this.schema, name) ? escapeName(name) : undefined;
      return spelling === undefined ? [] : [spelling];
    });
  }

  get(key: CelValue): CelValue | undefined {
    const name = typeof key === "string" ? unescapeName(key) : undefined;
    const property = name === undefined ? undefined : propertyOf(this.schema, name);
    if (name === undefined || !property || !Object.hasOwn(this.object, name)) return undefined;
    const value = this.object[name];
    return value === null ? undefined : schemaValue(value, property);
  }

  /** Fields that can't be seen count as well. */
  override equals(other: CelMap): boolean {
    if (!(other instanceof SchemaObject)) return super.equals(other);
    const names = Object.keys(this.object);
    if (names.length !== Object.keys(other.object).length) return false;
    return names.every((name) => {
      if (!Object.hasOwn(other.object, name)) return false;
      const [mine, theirs] = [this.object[name], other.object[name]];
      const property = propertyOf(this.schema, name);
      const isTyped = property?.type !== undefined && mine !== null && theirs !== null;
      return isTyped
        ? equal(schemaValue(mine, property), schemaValue(theirs, property))
        : dequal(mine, theirs);
    });
  }
}

class SchemaMap extends CelMap {
  constructor(
    private readonly object: JsonObject,
    private readonly values: JSONSchemaProps,
  ) {
    super();
  }

  get keys(): readonly CelValue[] {
    return Object.keys(this.object).sort();
  }

  get(key: CelValue): CelValue | undefined {
    return typeof key === "string" && Object.hasOwn(this.object, key)
      ? schemaValue(this.object[key], this.values)
      : undefined;
  }
}
