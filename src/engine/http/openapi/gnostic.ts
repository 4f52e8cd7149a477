// An OpenAPI 2 document as protobuf, which old clients ask for.
// Source: google/gnostic-models openapiv2/OpenAPIv2.proto.
import { WireWriter } from "../protobuf/wire.ts";
import type { Json } from "./definitions.ts";

/** Writes one member of an object into a message. */
type Write = (writer: WireWriter, value: never) => void;

/** By name of the member; members that no message has are vendor extensions. */
type Message = Readonly<Record<string, Write>>;

const text =
  (number: number): Write =>
  (writer, value: string) =>
    writer.text(number, value);

const texts =
  (number: number): Write =>
  (writer, values: readonly string[]) => {
    for (const value of values) writer.text(number, value);
  };

const integer =
  (number: number): Write =>
  (writer, value: number) =>
    writer.varint(number, BigInt(value));

const double =
  (number: number): Write =>
  (writer, value: number) =>
    writer.double(number, value);

const flag =
  (number: number): Write =>
  (writer, value: boolean) => {
    if (value) writer.varint(number, 1n);
  };

/** JSON is YAML. */
const any =
  (number: number): Write =>
  (writer, value: unknown) =>
    writer.delimited(number, anyBytes(value));

const anys =
  (number: number): Write =>
  (writer, values: readonly unknown[]) => {
    for (const value of values) writer.delimited(number, anyBytes(value));
  };

const one =
  (number: number, encode: (value: Json) => Uint8Array): Write =>
  (writer, value: Json) =>
    writer.delimited(number, encode(value));

const many =
  (number: number, encode: (value: Json) => Uint8Array): Write =>
  (writer, values: readonly Json[]) => {
    for (const value of values) writer.delimited(number, encode(value));
  };

/** A message whose field 1, unless said otherwise, has a name and a value for each member. */
const named =
  (number: number, encode: (value: Json) => Uint8Array, inner = 1): Write =>
  (writer, values: Readonly<Record<string, Json>>) =>
    writer.delimited(
      number,
      message((all) => {
        for (const [name, value] of Object.entries(values))
          all.delimited(inner, namedBytes(name, encode(value)));
      }),
    );

const schemaFields: Message = {
  $ref: text(1),
  format: text(2),
  title: text(3),
  description: text(4),
  default: any(5),
  multipleOf: double(6),
  maximum: double(7),
  exclusiveMaximum: flag(8),
  minimum: double(9),
  exclusiveMinimum: flag(10),
  maxLength: integer(11),
  minLength: integer(12),
  pattern: text(13),
  maxItems: integer(14),
  minItems: integer(15),
  uniqueItems: flag(16),
  maxProperties: integer(17),
  minProperties: integer(18),
  required: texts(19),
  enum: anys(20),
  additionalProperties: (writer, value: Json | boolean) =>
    writer.delimited(
      21,
      message((item) => {
        if (typeof value === "boolean") item.varint(2, value ? 1n : 0n);
        else item.delimited(1, schemaBytes(value));
      }),
    ),
  type: (writer, value: string) =>
    writer.delimited(
      22,
      message((item) => item.text(1, value)),
    ),
  items: (writer, value: Json) =>
    writer.delimited(
      23,
      message((item) => item.delimited(1, schemaBytes(value))),
    ),
  allOf: many(24, schemaBytes),
  properties: named(25, schemaBytes),
};

const bodyParameterFields: Message = {
  description: text(1),
  name: text(2),
  in: text(3),
  required: flag(4),
  schema: one(5, schemaBytes),
};
const pathParameterFields: Message = {
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(5),
  uniqueItems: flag(19),
};
const queryParameterFields: Message = {
  ...pathParameterFields,
  type: text(6),
  uniqueItems: flag(20),
};

const operationFields: Message = {
  tags: texts(1),
  description: text(3),
  operationId: text(5),
  produces: texts(6),
  consumes: texts(7),
  parameters: many(8, parameterBytes),
  responses: (writer, values: Readonly<Record<string, Json>>) =>
    writer.delimited(
      9,
      message((all) => {
        for (const [code, response] of Object.entries(values))
          all.delimited(1, namedBytes(code, framed(1, encode(responseFields, 5)(response))));
      }),
    ),
  schemes: texts(10),
};
const responseFields: Message = {
  description: text(1),
  schema: (writer, value: Json) => writer.delimited(2, framed(1, schemaBytes(value))),
};

const pathItemFields: Message = {
  get: one(2, operationBytes),
  put: one(3, operationBytes),
  post: one(4, operationBytes),
  delete: one(5, operationBytes),
  patch: one(8, operationBytes),
  parameters: many(9, parameterBytes),
};

const apiKeyFields: Message = { type: text(1), name: text(2), in: text(3), description: text(4) };

const documentFields: Message = {
  swagger: text(1),
  info: one(2, encode({ title: text(1), version: text(2) }, 7)),
  paths: named(8, encode(pathItemFields, 10), 2),
  definitions: named(9, schemaBytes),
  security: many(12, (requirement) =>
    message((all) => {
      for (const name of Object.keys(requirement))
        all.delimited(1, namedBytes(name, new Uint8Array()));
    }),
  ),
  securityDefinitions: named(13, (definition) => framed(2, encode(apiKeyFields, 5)(definition))),
};

/** The message of a whole document. */
export function encodeOldDocument(document: Json): Uint8Array {
  return encode(documentFields, 16)(document);
}

function schemaBytes(schema: Json): Uint8Array {
  return encode(schemaFields, 31)(schema);
}

function operationBytes(operation: Json): Uint8Array {
  return encode(operationFields, 13)(operation);
}

/** ParametersItem, Parameter and, unless it is the body, NonBodyParameter are frames around it. */
function parameterBytes(parameter: Json): Uint8Array {
  const { in: place } = parameter;
  if (place === "body") return framed(1, framed(1, encode(bodyParameterFields, 6)(parameter)));
  const own =
    place === "path"
      ? framed(4, encode(pathParameterFields, 22)(parameter))
      : framed(3, encode(queryParameterFields, 23)(parameter));
  return framed(1, framed(2, own));
}

/** `extensions` is the field for members that begin with "x-". */
function encode(fields: Message, extensions: number): (object: Json) => Uint8Array {
  return (object) =>
    message((writer) => {
      for (const [name, value] of Object.entries(object))
        if (name.startsWith("x-")) writer.delimited(extensions, namedBytes(name, anyBytes(value)));
        else fields[name]?.(writer, value as never);
    });
}

function anyBytes(value: unknown): Uint8Array {
  return message((any) => any.text(2, JSON.stringify(value)));
}

function namedBytes(name: string, value: Uint8Array): Uint8Array {
  return message((pair) => {
    pair.text(1, name);
    pair.delimited(2, value);
  });
}

function framed(number: number, bytes: Uint8Array): Uint8Array {
  return message((frame) => frame.delimited(number, bytes));
}

function message(fill: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  fill(writer);
  return writer.finish();
}
