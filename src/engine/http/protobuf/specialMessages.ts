// Messages whose JSON is not an object with their fields: quantities, times, raw JSON and the like.
// Source: the MarshalJSON methods of apimachinery and apiextensions-apiserver, kubernetes v1.34.
import { formatMicroTime, formatTime, parseTime } from "../../../base/time.ts";
import { ProtobufError, WireReader, WireWriter, wireType } from "./wire.ts";

/** Messages read and written inside others, with how deep they are. */
export interface Nested {
  decode(type: string, bytes: Uint8Array): Record<string, unknown>;
  encode(type: string, object: unknown): Uint8Array;
}

export interface SpecialMessage {
  /** The JSON value; undefined where Go prints null. */
  decode(bytes: Uint8Array, nested: Nested): unknown;
  encode(value: unknown, nested: Nested): Uint8Array;
}

const textMessage: SpecialMessage = {
  decode: (bytes) => {
    let text = "";
    eachField(bytes, "Quantity", { 1: { bytes: (reader) => (text = reader.text()) } });
    return text === "" ? "0" : text;
  },
  encode: (value) => write((writer) => writer.text(1, String(value))),
};

const intOrString: SpecialMessage = {
  decode: (bytes) => {
    let [isText, number, text] = [false, 0, ""];
    eachField(bytes, "IntOrString", {
      1: { varint: (reader) => (isText = reader.varint() !== 0n) },
      2: { varint: (reader) => (number = Number(BigInt.asIntN(32, reader.varint()))) },
      3: { bytes: (reader) => (text = reader.text()) },
    });
    return isText ? text : number;
  },
  encode: (value) =>
    write((writer) => {
      writer.varint(1, typeof value === "string" ? 1n : 0n);
      writer.varint(2, typeof value === "number" ? BigInt(value) : 0n);
      writer.text(3, typeof value === "string" ? value : "");
    }),
};

function timeMessage(format: (at: number) => string, hasFraction: boolean): SpecialMessage {
  return {
    decode: (bytes) => {
      let [seconds, nanos] = [0, 0];
      eachField(bytes, "Timestamp", {
        1: { varint: (reader) => (seconds = Number(BigInt.asIntN(64, reader.varint()))) },
        2: { varint: (reader) => (nanos = Number(BigInt.asIntN(32, reader.varint()))) },
      });
      if (seconds === 0 && nanos === 0) return undefined;
      return hasFraction
        ? withMicroseconds(format(seconds * 1000), Math.floor(nanos / 1000))
        : format(seconds * 1000);
    },
    encode: (value) => {
      const at = typeof value === "string" ? parseTime(value) : undefined;
      if (at === undefined) return new Uint8Array();
      const micros = /\.(\d{1,6})/.exec(String(value))?.[1]?.padEnd(6, "0") ?? "0";
      return write((writer) => {
        writer.varint(1, BigInt(Math.floor(at / 1000)));
        writer.varint(2, hasFraction ? BigInt(micros) * 1000n : 0n);
      });
    },
  };
}

function withMicroseconds(text: string, micros: number): string {
  return text.replace(/\.\d+Z$/, `.${String(micros).padStart(6, "0")}Z`);
}

const magic = [0x6b, 0x38, 0x73, 0x00];
const utf8 = new TextDecoder();

/** JSON in a bytes field. An object in there may itself be protobuf, which no JSON can hold. */
const rawJson: SpecialMessage = {
  decode: (bytes) => {
    let raw = new Uint8Array();
    eachField(bytes, "RawExtension", {
      1: { bytes: (reader) => (raw = Uint8Array.from(reader.delimited())) },
    });
    if (raw.length === 0) return undefined;
    if (magic.every((byte, i) => raw[i] === byte))
      throw new ProtobufError("invalid character 'k' looking for beginning of value");
    try {
      return JSON.parse(utf8.decode(raw)) ?? undefined;
    } catch {
      throw new ProtobufError("unexpected end of JSON input");
    }
  },
  encode: (value) =>
    write((writer) => writer.delimited(1, new TextEncoder().encode(JSON.stringify(value)))),
};

const textList: SpecialMessage = {
  decode: (bytes) => {
    const items: string[] = [];
    eachField(bytes, "ExtraValue", { 1: { bytes: (reader) => items.push(reader.text()) } });
    return items;
  },
  encode: (value) =>
    write((writer) => {
      for (const item of Array.isArray(value) ? value : []) writer.text(1, String(item));
    }),
};

const schemaType = "apiextensions.v1.JSONSchemaProps";

const schemaOrBool: SpecialMessage = {
  decode: (bytes, { decode }) => {
    let allows = false;
    let schema: unknown;
    eachField(bytes, "JSONSchemaPropsOrBool", {
      1: { varint: (reader) => (allows = reader.varint() !== 0n) },
      2: { bytes: (reader) => (schema = decode(schemaType, reader.delimited())) },
    });
    return schema ?? allows;
  },
  encode: (value, { encode }) =>
    write((writer) => {
      // A schema stands for "allowed, if it is so".
      writer.varint(1, value === false ? 0n : 1n);
      if (typeof value !== "boolean") writer.delimited(2, encode(schemaType, value));
    }),
};

const schemaOrSchemas: SpecialMessage = {
  decode: (bytes, { decode }) => {
    let schema: unknown;
    const schemas: unknown[] = [];
    eachField(bytes, "JSONSchemaPropsOrArray", {
      1: { bytes: (reader) => (schema = decode(schemaType, reader.delimited())) },
      2: { bytes: (reader) => schemas.push(decode(schemaType, reader.delimited())) },
    });
    return schemas.length > 0 ? schemas : schema;
  },
  encode: (value, { encode }) =>
    write((writer) => {
      if (!Array.isArray(value)) writer.delimited(1, encode(schemaType, value));
      else for (const schema of value) writer.delimited(2, encode(schemaType, schema));
    }),
};

const schemaOrNames: SpecialMessage = {
  decode: (bytes, { decode }) => {
    let schema: unknown;
    const names: string[] = [];
    eachField(bytes, "JSONSchemaPropsOrStringArray", {
      1: { bytes: (reader) => (schema = decode(schemaType, reader.delimited())) },
      2: { bytes: (reader) => names.push(reader.text()) },
    });
    return names.length > 0 ? names : schema;
  },
  encode: (value, { encode }) =>
    write((writer) => {
      if (!Array.isArray(value)) writer.delimited(1, encode(schemaType, value));
      else for (const name of value) writer.text(2, String(name));
    }),
};

/** By definition. */
export const specialMessages: ReadonlyMap<string, SpecialMessage> = new Map([
  ["api.resource.Quantity", textMessage],
  ["util.intstr.IntOrString", intOrString],
  ["meta.v1.Time", timeMessage(formatTime, false)],
  ["meta.v1.MicroTime", timeMessage(formatMicroTime, true)],
  ["meta.v1.FieldsV1", rawJson],
  ["runtime.RawExtension", rawJson],
  ["apiextensions.v1.JSON", rawJson],
  ["authentication.v1.ExtraValue", textList],
  ["authorization.v1.ExtraValue", textList],
  ["certificates.v1.ExtraValue", textList],
  ["meta.v1.Verbs", textList],
  ["apiextensions.v1.JSONSchemaPropsOrBool", schemaOrBool],
  ["apiextensions.v1.JSONSchemaPropsOrArray", schemaOrSchemas],
  ["apiextensions.v1.JSONSchemaPropsOrStringArray", schemaOrNames],
]);

/** How to read a field that comes as a varint, or as one with a length. */
type FieldReader =
  | { readonly varint: (reader: WireReader) => unknown }
  | { readonly bytes: (reader: WireReader) => unknown };

function eachField(
  bytes: Uint8Array,
  name: string,
  fields: Readonly<Record<number, FieldReader>>,
): void {
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) {
    const { number, wireType: type } = reader.tag(name);
    const field = fields[number];
    if (!field) reader.skip(type);
    else if ("varint" in field) readAs(wireType.varint, type, () => field.varint(reader));
    else readAs(wireType.bytes, type, () => field.bytes(reader));
  }

  function readAs(wanted: number, found: number, read: () => unknown): void {
    if (found !== wanted)
      throw new ProtobufError(`proto: wrong wireType = ${found} for field ${name}`);
    read();
  }
}

function write(fill: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  fill(writer);
  return writer.finish();
}
