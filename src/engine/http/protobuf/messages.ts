// Between protobuf messages and the JSON that Go makes of the same objects, driven by the field tables.
import { type GoField, type GoStruct, goStruct } from "../../../api/openapi/goStructs.ts";
import { type SpecialMessage, specialMessages } from "./specialMessages.ts";
import { ProtobufError, WireReader, WireWriter, wireType } from "./wire.ts";

type Values = Record<string, unknown>;

/** No object of Kubernetes is nested as deep; a crafted one would exhaust the stack. */
const maxDepth = 500;

/**
 * The object of a message of the definition `type` ("core.v1.Pod"), without apiVersion and kind. Zero
 * values that Go's `omitempty` leaves out are left out. Quantities and times are as they were sent.
 * @throws ProtobufError in Go's words
 */
export function decodeMessage(type: string, bytes: Uint8Array, depth = 0): Values {
  const object: Values = {};
  readInto(object, type, { bytes, depth });
  return object;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly depth: number;
}

/** Reads a message over what was read of it before: protobuf lets one come in pieces. */
function readInto(target: Values, type: string, { bytes, depth }: Source): void {
  if (depth > maxDepth) throw new ProtobufError("exceeded max depth");
  const fields = fieldsByNumber(type);
  const name = goName(type);
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag(name);
    const field = fields.get(tag.number);
    if (!field) reader.skip(tag.wireType);
    else if (field.name === "" && tag.wireType === wireType.bytes)
      readInto(target, field.type, { bytes: reader.delimited(), depth: depth + 1 });
    else readField(target, field, { reader, found: tag.wireType, depth });
  }
}

interface FieldSource {
  readonly reader: WireReader;
  readonly found: number;
  readonly depth: number;
}

function readField(target: Values, field: GoField, source: FieldSource): void {
  if (field.shape === "list") readElements(target, field, source);
  else if (field.shape === "map") readEntry(target, field, source);
  else if (isStruct(field.type)) readStruct(target, field, source);
  else readScalar(target, field, source);
}

function readScalar(target: Values, field: GoField, { reader, found, depth }: FieldSource): void {
  expectType(field, found, wireTypeOf(field.type));
  const value = readValue(field.type, reader, depth);
  if (value === undefined || (field.shape === "value" && !field.isKept && isZero(value)))
    delete target[field.name];
  else target[field.name] = value;
}

function readStruct(target: Values, field: GoField, { reader, found, depth }: FieldSource): void {
  expectType(field, found, wireType.bytes);
  const object = (target[field.name] ?? {}) as Values;
  target[field.name] = object;
  readInto(object, field.type, { bytes: reader.delimited(), depth: depth + 1 });
}

/** An element, or many scalars packed into one value. */
function readElements(target: Values, field: GoField, { reader, found, depth }: FieldSource): void {
  const { name, type } = field;
  const wanted = wireTypeOf(type);
  const list = (target[name] ?? []) as unknown[];
  target[name] = list;
  if (found !== wireType.bytes || wanted === wireType.bytes) {
    expectType(field, found, wanted);
    list.push(readValue(type, reader, depth) ?? null);
  } else {
    const packed = new WireReader(reader.delimited());
    while (!packed.isAtEnd) list.push(readValue(type, packed, depth));
  }
}

function readEntry(target: Values, field: GoField, { reader, found, depth }: FieldSource): void {
  const { name, type } = field;
  expectType(field, found, wireType.bytes);
  let key = "";
  let value: unknown;
  const entry = new WireReader(reader.delimited());
  while (!entry.isAtEnd) {
    const tag = entry.tag(goName(type));
    if (tag.number === 1 && tag.wireType === wireType.bytes) key = entry.text();
    else if (tag.number === 2 && tag.wireType === wireTypeOf(type))
      value = readValue(type, entry, depth + 1);
    else entry.skip(tag.wireType);
  }
  const map = (target[name] ?? {}) as Values;
  target[name] = map;
  setOwn(map, key, value ?? zeroOf(type));
}

function readValue(type: string, reader: WireReader, depth: number): unknown {
  const special = specialMessages.get(type);
  if (special) return readSpecial(special, reader.delimited(), depth);
  switch (type) {
    case "string":
      return reader.text();
    case "bytes":
      return toBase64(reader.delimited());
    case "bool":
      return reader.varint() !== 0n;
    case "int32":
      return Number(BigInt.asIntN(32, reader.varint()));
    case "int64":
      return Number(BigInt.asIntN(64, reader.varint()));
    case "double":
      return reader.double();
    default:
      return decodeMessage(type, reader.delimited(), depth + 1);
  }
}

function readSpecial(special: SpecialMessage, bytes: Uint8Array, depth: number): unknown {
  return special.decode(bytes, {
    decode: (type, part) => decodeMessage(type, part, depth + 1),
    encode: encodeMessage,
  });
}

/**
 * The message of an object of the definition `type`, as Go writes it: values always, pointers, lists
 * and maps if they are there, maps by sorted keys. What the definition does not know is left out.
 */
export function encodeMessage(type: string, object: unknown): Uint8Array {
  const values = (typeof object === "object" && object !== null ? object : {}) as Values;
  const writer = new WireWriter();
  const fields = (goStruct(type) ?? []).toSorted((a, b) => a.number - b.number);
  for (const field of fields)
    if (field.name === "") writer.delimited(field.number, encodeMessage(field.type, values));
    else writeField(writer, field, values[field.name]);
  return writer.finish();
}

function writeField(writer: WireWriter, { number, type, shape }: GoField, value: unknown): void {
  if (shape === "list") {
    for (const element of Array.isArray(value) ? value : [])
      writeValue(writer, number, { type, value: element });
  } else if (shape === "map") {
    for (const [key, item] of Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const entry = new WireWriter();
      entry.text(1, key);
      writeValue(entry, 2, { type, value: item });
      writer.delimited(number, entry.finish());
    }
  } else if (value !== undefined && value !== null) writeValue(writer, number, { type, value });
  else if (shape === "value" && type !== "bytes")
    writeValue(writer, number, { type, value: undefined });
}

interface Typed {
  readonly type: string;
  readonly value: unknown;
}

function writeValue(writer: WireWriter, number: number, { type, value }: Typed): void {
  if (type === "string") writer.text(number, String(value ?? ""));
  else if (type === "bytes") writer.delimited(number, fromBase64(String(value)));
  else if (type === "double") writer.double(number, Number(value ?? 0));
  else if (type === "bool") writer.varint(number, value === true ? 1n : 0n);
  else if (type === "int32" || type === "int64") writer.varint(number, BigInt(Number(value ?? 0)));
  else {
    const special = specialMessages.get(type);
    const bytes = special
      ? special.encode(value, { decode: decodeMessage, encode: encodeMessage })
      : encodeMessage(type, value);
    writer.delimited(number, bytes);
  }
}

const numbered = new Map<string, ReadonlyMap<number, GoField>>();

function fieldsByNumber(type: string): ReadonlyMap<number, GoField> {
  const known = numbered.get(type);
  if (known) return known;
  const struct: GoStruct = goStruct(type) ?? [];
  const fields = new Map(struct.map((field) => [field.number, field]));
  numbered.set(type, fields);
  return fields;
}

const scalarWireTypes: Readonly<Record<string, number>> = {
  bool: wireType.varint,
  int32: wireType.varint,
  int64: wireType.varint,
  double: wireType.fixed64,
};

function wireTypeOf(type: string): number {
  return scalarWireTypes[type] ?? wireType.bytes;
}

function isStruct(type: string): boolean {
  return type.includes(".") && !specialMessages.has(type);
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

/** What Go reads from a map's entry without a value. */
function zeroOf(type: string): unknown {
  if (type === "string" || type === "bytes") return "";
  if (type === "api.resource.Quantity") return "0";
  return isStruct(type) ? {} : null;
}

/** Sets a key that may be any text, also the name of a setter. */
function setOwn(map: Values, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function expectType({ name, number }: GoField, found: number, wanted: number): void {
  if (found === wanted) return;
  const field = name === "metadata" && number === 1 ? "ObjectMeta" : name;
  const goField = field.charAt(0).toUpperCase() + field.slice(1);
  throw new ProtobufError(`proto: wrong wireType = ${found} for field ${goField}`);
}

function goName(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
