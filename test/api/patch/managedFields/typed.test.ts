import { strict as assert } from "node:assert";
import type { OpenApiSchema } from "../../../../src/api/openapi/structure.ts";
import { compareTyped } from "../../../../src/api/patch/managedFields/compareTyped.ts";
import { FieldSet } from "../../../../src/api/patch/managedFields/fieldSet.ts";
import { reconcileFieldSet } from "../../../../src/api/patch/managedFields/fieldSetType.ts";
import { deducedType, fieldTypeOf } from "../../../../src/api/patch/managedFields/fieldType.ts";
import { mergeTyped } from "../../../../src/api/patch/managedFields/mergeTyped.ts";
import { pathText } from "../../../../src/api/patch/managedFields/pathElement.ts";
import { removeFields } from "../../../../src/api/patch/managedFields/removeFields.ts";
import { toFieldSet } from "../../../../src/api/patch/managedFields/toFieldSet.ts";
import { typeProblem } from "../../../../src/api/patch/managedFields/validateTyped.ts";

const text: OpenApiSchema = { type: "string" };
const item: OpenApiSchema = {
  type: "object",
  properties: {
    name: text,
    port: { type: "integer" },
    protocol: { type: "string", default: "TCP" },
    inner: { type: "object", additionalProperties: text },
  },
};
const schema: OpenApiSchema = {
  type: "object",
  properties: {
    text,
    number: { type: "integer" },
    truth: { type: "boolean" },
    either: { format: "int-or-string" },
    time: { type: "string", format: "date-time" },
    map: { type: "object", additionalProperties: text },
    whole: { type: "object", additionalProperties: text, "x-kubernetes-map-type": "atomic" },
    struct: { type: "object", properties: { a: text, b: text } },
    list: { type: "array", items: text },
    set: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    named: {
      type: "array",
      items: item,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    ports: {
      type: "array",
      items: item,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["port", "protocol"],
    },
    old: {
      type: "array",
      items: item,
      "x-kubernetes-patch-strategy": "merge",
      "x-kubernetes-patch-merge-key": "name",
    },
    open: { type: "object" },
  },
};
const type = fieldTypeOf(schema);

function texts(fields: FieldSet): string {
  return fields.paths().map(pathText).join(" ");
}

describe("what a value owns", () => {
  for (const [claim, value, expected] of [
    ["a scalar", { text: "x" }, ".text"],
    ["null", { text: null }, ".text"],
    ["entries of a map, not the map", { map: { a: "1", b: "2" } }, ".map.a .map.b"],
    ["an empty map", { map: {} }, ".map"],
    ["a map that is owned as a whole", { whole: { a: "1" } }, ".whole"],
    ["fields of a struct, not the struct", { struct: { a: "1" } }, ".struct.a"],
    ["a list as a whole", { list: ["a"] }, ".list"],
    ["items of a set", { set: ["a", "b"] }, '.set[="a"] .set[="b"]'],
    ["an empty list of items: nothing", { set: [] }, ""],
    [
      "items and their fields",
      { named: [{ name: "a", port: 1 }] },
      '.named[name="a"] .named[name="a"].name .named[name="a"].port',
    ],
    [
      "items by default keys",
      { ports: [{ port: 1 }] },
      '.ports[port=1,protocol="TCP"] .ports[port=1,protocol="TCP"].port',
    ],
    [
      "items by the key of a strategic merge, where nothing else is said",
      { old: [{ name: "a" }] },
      '.old[name="a"] .old[name="a"].name',
    ],
    [
      "items with the same key: their place only",
      {
        named: [
          { name: "a", port: 1 },
          { name: "a", port: 2 },
        ],
      },
      '.named[name="a"]',
    ],
    ["what nothing is known of", { open: { a: { b: [1] } } }, ".open.a .open.a.b"],
  ] as const)
    it(claim, () => assert.equal(texts(toFieldSet(type, value)), expected));

  it("of an object without a schema, every value that is not a map", () => {
    const value = { spec: { list: [{ a: 1 }], map: { a: 1 } } };
    assert.equal(texts(toFieldSet(deducedType, value)), ".spec .spec.list .spec.map .spec.map.a");
  });
});

describe("what differs", () => {
  for (const [claim, before, after, expected] of [
    ["a changed scalar", { text: "a" }, { text: "b" }, "modified .text"],
    ["a new scalar", {}, { text: "b" }, "added .text"],
    ["a scalar that is gone", { text: "a" }, {}, "removed .text"],
    ["a new map and its entries", {}, { map: { a: "1" } }, "added .map .map.a"],
    ["a new entry", { map: { a: "1" } }, { map: { a: "1", b: "2" } }, "added .map.b"],
    ["the last entry", { map: { a: "1" } }, { map: {} }, "removed .map.a"],
    ["a whole map", { whole: { a: "1" } }, { whole: { a: "2" } }, "modified .whole"],
    ["an empty map in place of none", {}, { map: {} }, "added .map"],
    ["the order of a whole list", { list: ["a", "b"] }, { list: ["b", "a"] }, "modified .list"],
    ["the order of a set: nothing", { set: ["a", "b"] }, { set: ["b", "a"] }, ""],
    ["an item of a set", { set: ["a"] }, { set: ["a", "b"] }, 'added .set[="b"]'],
    [
      "a field of an item",
      { named: [{ name: "a", port: 1 }] },
      { named: [{ name: "a", port: 2 }] },
      'modified .named[name="a"].port',
    ],
    [
      "an item that came",
      { named: [] },
      { named: [{ name: "a" }] },
      'added .named[name="a"] .named[name="a"].name',
    ],
    [
      "a twin that came",
      { named: [{ name: "a", port: 1 }] },
      {
        named: [
          { name: "a", port: 1 },
          { name: "a", port: 2 },
        ],
      },
      'removed .named[name="a"] .named[name="a"].name .named[name="a"].port; added .named[name="a"]',
    ],
    [
      "twins that changed",
      { named: [{ name: "a" }, { name: "a", port: 2 }] },
      { named: [{ name: "a" }, { name: "a", port: 3 }] },
      'modified .named[name="a"]',
    ],
    ["null and nothing", { text: null }, {}, "removed .text"],
    ["null and an empty list", { set: null }, { set: [] }, "modified .set"],
    [
      "a map where a text was",
      { open: { a: "x" } },
      { open: { a: { b: "x" } } },
      "modified .open.a; added .open.a.b",
    ],
  ] as const)
    it(claim, () => {
      const { removed, modified, added } = compareTyped(type, before, after);
      const told = Object.entries({ removed, modified, added }).filter(
        ([, fields]) => !fields.isEmpty,
      );
      assert.equal(told.map(([what, fields]) => `${what} ${texts(fields)}`).join("; "), expected);
    });
});

describe("laying one value over another", () => {
  for (const [claim, before, config, expected] of [
    [
      "keeps what the other does not say",
      { text: "a", number: 1 },
      { text: "b" },
      { text: "b", number: 1 },
    ],
    ["merges maps", { map: { a: "1" } }, { map: { b: "2" } }, { map: { a: "1", b: "2" } }],
    ["replaces whole maps", { whole: { a: "1" } }, { whole: { b: "2" } }, { whole: { b: "2" } }],
    ["replaces whole lists", { list: ["a"] }, { list: ["b"] }, { list: ["b"] }],
    ["unites sets", { set: ["a", "c"] }, { set: ["b"] }, { set: ["a", "c", "b"] }],
    [
      "takes the order of what is applied",
      { set: ["a", "b", "c"] },
      { set: ["c", "a"] },
      { set: ["b", "c", "a"] },
    ],
    [
      "keeps items of others among those it orders",
      { set: ["a", "x", "b", "y", "c"] },
      { set: ["a", "b", "c"] },
      { set: ["a", "x", "b", "y", "c"] },
    ],
    [
      "merges items by their keys",
      { named: [{ name: "a", port: 1 }, { name: "b" }] },
      { named: [{ name: "b", port: 2 }, { name: "c" }] },
      { named: [{ name: "a", port: 1 }, { name: "b", port: 2 }, { name: "c" }] },
    ],
    [
      "takes a default key for the same key",
      { ports: [{ port: 1, protocol: "TCP", name: "x" }] },
      { ports: [{ port: 1, name: "y" }] },
      { ports: [{ port: 1, protocol: "TCP", name: "y" }] },
    ],
    [
      "takes the place of twins",
      {
        named: [
          { name: "a", port: 1 },
          { name: "a", port: 2 },
        ],
      },
      { named: [{ name: "a" }] },
      { named: [{ name: "a" }] },
    ],
    ["does not empty a map with null", { map: { a: "1" } }, { map: null }, { map: { a: "1" } }],
    [
      "knows no magic keys",
      {},
      { map: JSON.parse('{"__proto__":"x"}') },
      { map: JSON.parse('{"__proto__":"x"}') },
    ],
  ] as const)
    it(claim, () => assert.deepEqual(mergeTyped(type, before, config), expected));
});

describe("taking fields out of a value", () => {
  for (const [claim, value, path, expected] of [
    ["a scalar", { text: "a", number: 1 }, ["text"], { number: 1 }],
    ["an entry", { map: { a: "1", b: "2" } }, ["map", "a"], { map: { b: "2" } }],
    ["the last entry leaves null", { map: { a: "1" } }, ["map", "a"], { map: null }],
    [
      "a part of a whole map takes it all",
      { whole: { a: "1", b: "2" } },
      ["whole", "a"],
      { whole: null },
    ],
  ] as const)
    it(claim, () => assert.deepEqual(removeFields(type, value, FieldSet.of([...path])), expected));
});

describe("values of a wrong type", () => {
  for (const [claim, value, expected] of [
    [
      "a text for a number",
      { number: "x" },
      ".number: expected numeric (int or float), got string",
    ],
    [
      "a truth for a number",
      { number: true },
      ".number: expected numeric (int or float), got bool",
    ],
    [
      "a number for a text",
      { text: 5 },
      ".text: expected string, got &value.valueUnstructured{Value:5}",
    ],
    [
      "a map for a text",
      { text: { a: [1] } },
      '.text: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{1}}}',
    ],
    ["a text for a truth", { truth: "yes" }, ".truth: expected boolean, got &{yes}"],
    ["a map for a list", { list: { a: 1 } }, ".list: expected list, got &{map[a:1]}"],
    ["a list for a map", { map: ["x"] }, ".map: expected map, got &{[x]}"],
    ["a field that is not there", { nope: 1 }, ".nope: field not declared in schema"],
    [
      "a field of an item that is not there",
      { named: [{ name: "a", nope: 1 }] },
      '.named[name="a"].nope: field not declared in schema',
    ],
    [
      "items with the same keys",
      { ports: [{ port: 2 }, { port: 2, protocol: "TCP" }] },
      '.ports: duplicate entries for key [port=2,protocol="TCP"]',
    ],
    ["a value twice in a set", { set: ["a", "a"] }, '.set: duplicate entries for key [="a"]'],
    [
      "an item without its key",
      { named: [{ port: 1 }] },
      '.named: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
    ],
    [
      "an item that is null",
      { named: [null] },
      ".named: element 0: associative list with keys may not have a null element",
    ],
    [
      "a map in a set",
      { set: [{}] },
      ".set: element 0: associative list without keys has an element that's a map type",
    ],
    [
      "two at once",
      { text: 1, number: "x" },
      "errors:\n  .text: expected string, got &value.valueUnstructured{Value:1}\n  .number: expected numeric (int or float), got string",
    ],
    [
      "numbers, texts and null where either may be",
      { either: 1, time: "x", text: null },
      undefined,
    ],
  ] as const)
    it(claim, () => assert.equal(typeProblem(type, value, { allowsDuplicates: false }), expected));
});

describe("a set that was written under another type", () => {
  it("owns the whole where it owned parts of what is now a whole", () => {
    const fields = FieldSet.of(["whole", "a"], ["list", { type: "index", index: 0 }], ["text"]);
    assert.equal(texts(reconcileFieldSet(fields, type)), ".list .text .whole");
  });

  it("stays as it is otherwise", () => {
    const fields = FieldSet.of(["whole"], ["map"], ["map", "a"], ["open", "a", "b"]);
    assert.equal(reconcileFieldSet(fields, type), fields);
  });
});
