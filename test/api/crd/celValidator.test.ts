import assert from "node:assert/strict";
import { CelValidator } from "../../../src/api/crd/celValidator.ts";
import { fieldErrorText } from "../../../src/api/fieldError.ts";
import type { JSONSchemaProps, ValidationRule } from "../../../src/api/types.ts";

const shape: JSONSchemaProps = {
  type: "object",
  properties: {
    min: { type: "integer" },
    max: { type: "integer" },
    name: { type: "string" },
    at: { type: "string", format: "date-time" },
    "a-b": { type: "string" },
    any: { "x-kubernetes-int-or-string": true },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    ports: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["port"],
      items: { type: "object", required: ["port"], properties: { port: { type: "integer" } } },
    },
    labels: { type: "object", additionalProperties: { type: "string" } },
  },
};

function complaints(rule: string | ValidationRule, value: object, old?: object): string[] {
  const rules = [typeof rule === "string" ? { rule } : rule];
  const schema = { ...shape, "x-kubernetes-validations": rules };
  const { errors } = new CelValidator(schema, { isResource: false }).validate(value, old);
  return errors.map(fieldErrorText);
}

const failed = (rule: string) => `<nil>: Invalid value: "object": failed rule: ${rule}`;

describe("rules of a schema", () => {
  const met: readonly (readonly [rule: string, value: object])[] = [
    ["self.min <= self.max", { min: 1, max: 2 }],
    ["has(self.name) || !has(self.max)", {}],
    ["self.a__dash__b == 'x'", { "a-b": "x" }],
    ["self.at < timestamp('2027-01-01T00:00:00Z')", { at: "2026-01-01T00:00:00Z" }],
    ["type(self.any) == int ? self.any < 5 : self.any == '50%'", { any: "50%" }],
    ["self.tags == ['b', 'a']", { tags: ["a", "b"] }],
    ["self.tags.all(t, t.size() < 3) && self.tags.isSorted()", { tags: ["a", "b"] }],
    ["self.ports.exists_one(p, p.port == 80)", { ports: [{ port: 80 }, { port: 81 }] }],
    ["self.labels.all(k, k.startsWith('x') && self.labels[k] != '')", { labels: { xa: "1" } }],
    ["quantity('1Gi').isGreaterThan(quantity('1M'))", {}],
    ["self.?name.orValue('none') == 'none'", {}],
  ];
  for (const [rule, value] of met)
    it(`are met: ${rule}`, () => {
      assert.deepEqual(complaints(rule, value), []);
    });

  it("are not met", () => {
    assert.deepEqual(complaints("self.min <= self.max", { min: 3, max: 2 }), [
      failed("self.min <= self.max"),
    ]);
  });

  it("fail to evaluate", () => {
    assert.deepEqual(complaints("self.min <= self.max", { min: 3 }), [
      '<nil>: Invalid value: "object": no such key: max evaluating rule: self.min <= self.max',
    ]);
  });

  const messages: readonly (readonly [Partial<ValidationRule>, string])[] = [
    [{ message: " too big \n" }, '<nil>: Invalid value: "object": too big'],
    [
      { messageExpression: "'min is ' + string(self.min)" },
      '<nil>: Invalid value: "object": min is 3',
    ],
    [
      { messageExpression: "self.name", message: "otherwise" },
      '<nil>: Invalid value: "object": otherwise',
    ],
    [{ fieldPath: ".min" }, 'min: Invalid value: "object": failed rule: self.min < 3'],
    [
      { fieldPath: ".labels['a.b']" },
      'labels[a.b]: Invalid value: "object": failed rule: self.min < 3',
    ],
    [{ reason: "FieldValueForbidden", message: "no" }, "<nil>: Forbidden: no"],
    [{ reason: "FieldValueRequired", message: "no" }, "<nil>: Required value: no"],
    [{ reason: "FieldValueDuplicate", message: "no" }, '<nil>: Duplicate value: "object"'],
  ];
  for (const [details, message] of messages)
    it(`say so: ${JSON.stringify(details)}`, () => {
      assert.deepEqual(complaints({ rule: "self.min < 3", ...details }, { min: 3 }), [message]);
    });

  it("that compare with the state before are for updates", () => {
    const rule = "self.name == oldSelf.name";
    assert.deepEqual(complaints(rule, { name: "a" }), []);
    assert.deepEqual(complaints(rule, { name: "b" }, { name: "a" }), [failed(rule)]);
  });

  it("may have a say where there was nothing before", () => {
    const rule = "oldSelf.hasValue() || self.name == 'first'";
    assert.deepEqual(complaints({ rule, optionalOldSelf: true }, { name: "x" }), [failed(rule)]);
    assert.deepEqual(complaints({ rule, optionalOldSelf: true }, { name: "x" }, { name: "y" }), []);
  });

  it("that were broken before are let be while nothing changes", () => {
    const item = {
      type: "object",
      properties: { v: { type: "integer" } },
      "x-kubernetes-validations": [{ rule: "self.v < 3" }],
    };
    const schema = { type: "object", properties: { a: item, b: item } };
    const validator = new CelValidator(schema, { isResource: false });
    const old = { a: { v: 9 }, b: { v: 1 } };
    const { errors, warnings } = validator.validate({ a: { v: 9 }, b: { v: 8 } }, old);
    assert.deepEqual(errors.map(fieldErrorText), [
      'b: Invalid value: "object": failed rule: self.v < 3',
    ]);
    assert.deepEqual(warnings, ['a: Invalid value: "object": failed rule: self.v < 3']);
  });

  it("stop when they cost too much", () => {
    const rule = "self.tags.all(a, self.tags.all(b, self.tags.all(c, a + b + c != 'x')))";
    const tags = Array.from({ length: 300 }, (_, i) => `tag-${i}`);
    assert.deepEqual(complaints(rule, { tags }), [
      `<nil>: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
  });
});
