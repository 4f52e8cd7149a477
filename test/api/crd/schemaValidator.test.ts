import assert from "node:assert/strict";
import { validateAgainstSchema } from "../../../src/api/crd/schemaValidator.ts";
import { fieldErrorText } from "../../../src/api/fieldError.ts";
import { FieldPath } from "../../../src/api/fieldPath.ts";
import type { JSONSchemaProps } from "../../../src/api/types.ts";

/** What is wrong with the field `f` of an object. */
function complaints(schema: JSONSchemaProps, value: unknown, old?: unknown): readonly string[] {
  const root = { type: "object", properties: { f: schema } };
  const before = old === undefined ? undefined : { value: { f: old } };
  return validateAgainstSchema({ f: value }, root, FieldPath.root, before).map(fieldErrorText);
}

const table: readonly (readonly [schema: JSONSchemaProps, value: unknown, ...string[]])[] = [
  [
    { type: "integer" },
    "x",
    'f: Invalid value: "string": f in body must be of type integer: "string"',
  ],
  [
    { type: "integer" },
    1.5,
    'f: Invalid value: "number": f in body must be of type integer: "number"',
  ],
  [
    { type: "string" },
    1,
    'f: Invalid value: "integer": f in body must be of type string: "integer"',
  ],
  [
    { type: "boolean" },
    null,
    'f: Invalid value: "null": f in body must be of type boolean: "null"',
  ],
  [{ type: "string", nullable: true }, null],
  [{ type: "object" }, [], 'f: Invalid value: "array": f in body must be of type object: "array"'],
  [{ type: "number" }, 1],
  [
    { type: "integer", minimum: 1 },
    0,
    "f: Invalid value: 0: f in body should be greater than or equal to 1",
  ],
  [
    { type: "integer", maximum: 9, exclusiveMaximum: true },
    9,
    "f: Invalid value: 9: f in body should be less than 9",
  ],
  [
    { type: "integer", multipleOf: 3 },
    4,
    "f: Invalid value: 4: f in body should be a multiple of 3",
  ],
  [
    { type: "string", minLength: 2 },
    "é",
    'f: Invalid value: "é": f in body should be at least 2 chars long',
  ],
  [{ type: "string", maxLength: 1 }, "ab", "f: Too long: may not be more than 1 bytes"],
  [
    { type: "string", pattern: "^[a-z]+$" },
    "A",
    `f: Invalid value: "A": f in body should match '^[a-z]+$'`,
  ],
  [
    { type: "string", format: "ipv4" },
    "x",
    'f: Invalid value: "x": f in body must be of type ipv4: "x"',
  ],
  [{ type: "string", format: "nobody-knows" }, "x"],
  [
    { type: "string", enum: ["a", "b"] },
    "c",
    'f: Unsupported value: "c": supported values: "a", "b"',
  ],
  [
    { type: "array", items: { type: "string" } },
    ["a", 1],
    'f[1]: Invalid value: "integer": f[1] in body must be of type string: "integer"',
  ],
  [
    { type: "array", minItems: 2 },
    [1],
    "f: Invalid value: 1: f in body should have at least 2 items",
  ],
  [{ type: "array", maxItems: 1 }, [1, 2], "f: Too many: 2: must have at most 1 items"],
  [
    { type: "array", uniqueItems: true },
    [1, 1],
    'f: Invalid value: "": f in body shouldn\'t contain duplicates',
  ],
  [{ type: "object", required: ["a"] }, {}, "f.a: Required value"],
  [
    { type: "object", minProperties: 1 },
    {},
    "f: Invalid value: 0: f in body should have at least 1 properties",
  ],
  [
    { type: "object", maxProperties: 1 },
    { a: 1, b: 2 },
    "f: Too many: 2: must have at most 1 items",
  ],
  [
    { type: "object", additionalProperties: { type: "string" } },
    { a: 1 },
    'f.a: Invalid value: "integer": f.a in body must be of type string: "integer"',
  ],
  [
    { not: { required: ["a"] }, type: "object" },
    { a: 1 },
    '<nil>: Invalid value: "": "f" must not validate the schema (not)',
  ],
  [
    { type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { a: 1, b: 2 },
    '<nil>: Invalid value: "": "f" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ],
  [{ "x-kubernetes-int-or-string": true }, "50%"],
  [
    { "x-kubernetes-int-or-string": true },
    true,
    'f: Invalid value: "boolean": f in body must be of type integer,string: "boolean"',
  ],
];

describe("a value is checked against its schema", () => {
  for (const [schema, value, ...messages] of table)
    it(`${JSON.stringify(schema)}: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(complaints(schema, value), messages);
    });

  it("and what was wrong before may stay as it is", () => {
    const schema = { type: "object", properties: { a: { type: "string", maxLength: 1 } } };
    assert.deepEqual(complaints(schema, { a: "xx", b: 1 }, { a: "xx" }), []);
    assert.deepEqual(complaints(schema, { a: "yy" }, { a: "xx" }), [
      "f.a: Too long: may not be more than 1 bytes",
    ]);
  });

  it("and items of keyed lists are compared by their keys", () => {
    const item = {
      type: "object",
      required: ["k"],
      properties: { k: { type: "string" }, v: { type: "integer", maximum: 1 } },
    };
    const schema = {
      type: "array",
      items: item,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["k"],
    };
    const old = [{ k: "a", v: 5 }];
    assert.deepEqual(
      complaints(
        schema,
        [
          { k: "b", v: 0 },
          { k: "a", v: 5 },
        ],
        old,
      ),
      [],
    );
    assert.deepEqual(complaints(schema, [{ k: "b", v: 5 }], old), [
      "f[0].v: Invalid value: 5: f[0].v in body should be less than or equal to 1",
    ]);
  });
});
