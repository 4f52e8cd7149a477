import { strict as assert } from "node:assert";
import fc from "fast-check";
import { FieldSet } from "../../../../src/api/patch/managedFields/fieldSet.ts";
import {
  itemKey,
  itemValue,
  type Path,
  type PathElement,
  pathText,
} from "../../../../src/api/patch/managedFields/pathElement.ts";

const element: fc.Arbitrary<PathElement> = fc.oneof(
  fc.constantFrom("a", "b", "spec", "__proto__", "constructor", "f:x"),
  fc.constantFrom("x", "y", 1, true).map((value) => itemKey([["name", value]])),
  fc.constantFrom("x", 'say "<hi>"', 1, 2.5, false).map(itemValue),
  fc.nat(3).map((index): PathElement => ({ type: "index", index })),
);
const path: fc.Arbitrary<Path> = fc.array(element, { minLength: 1, maxLength: 4 });
const set = fc.array(path, { maxLength: 12 }).map((paths) => FieldSet.of(...paths));

function texts(fields: FieldSet): readonly string[] {
  return fields.paths().map(pathText).sort();
}

function parsed(fields: unknown): FieldSet {
  const read = FieldSet.parse(fields);
  assert.ok(read instanceof FieldSet, String(read));
  return read;
}

describe("a set of fields", () => {
  for (const [claim, paths, json] of [
    ["a field", [["spec", "replicas"]], '{"f:spec":{"f:replicas":{}}}'],
    ["a field and what is in it", [["data"], ["data", "a"]], '{"f:data":{".":{},"f:a":{}}}'],
    [
      "an item by its keys, in the order of their names",
      [
        [
          itemKey([
            ["protocol", "TCP"],
            ["containerPort", 80],
          ]),
          "name",
        ],
      ],
      '{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{"f:name":{}}}',
    ],
    [
      "an item by its value",
      [["finalizers", itemValue("x/y")]],
      '{"f:finalizers":{"v:\\"x/y\\"":{}}}',
    ],
    ["an item by its place", [[{ type: "index", index: 3 }]], '{"i:3":{}}'],
    [
      "fields before keys, before values, before indices; each kind in order",
      [
        [{ type: "index", index: 0 }],
        [itemValue("b")],
        [itemValue(10)],
        [itemKey([["n", 1]])],
        ["b"],
        ["a"],
      ],
      '{"f:a":{},"f:b":{},"k:{\\"n\\":1}":{},"v:10":{},"v:\\"b\\"":{},"i:0":{}}',
    ],
    [
      "what HTML would stumble over, escaped",
      [[itemValue("<&>")]],
      '{"v:\\"\\\\u003c\\\\u0026\\\\u003e\\"":{}}',
    ],
    ["nothing", [], "{}"],
  ] as const)
    it(`writes ${claim}`, () =>
      assert.equal(JSON.stringify(FieldSet.of(...(paths as readonly Path[]))), json));

  for (const [claim, json, wrong] of [
    ["a name without a type", { x: {} }, "key must be 2 characters long:"],
    ["a name without a colon", { fspec: {} }, "missing colon: fspec"],
    ["a value that is no JSON", { "v:{": {} }, "parsing value: {"],
    ["an index that is no number", { "i:x": {} }, 'strconv.Atoi: parsing "x": invalid syntax'],
  ] as const)
    it(`refuses ${claim}`, () =>
      assert.equal(FieldSet.parse(json), `parsing key as path element: ${wrong}`));

  it("leaves out types of elements that a later version may know", () =>
    assert.deepEqual(texts(parsed({ "z:new": { "f:x": {} }, "f:a": {} })), [".a"]));

  it("keeps what it reads", () => {
    fc.assert(
      fc.property(set, (fields) => {
        const json = JSON.stringify(fields);
        const again = parsed(JSON.parse(json));
        assert.ok(again.equals(fields));
        assert.equal(JSON.stringify(again), json);
      }),
    );
  });

  it("unites, intersects and subtracts as sets of paths do", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [inA, inB] = [texts(a), texts(b)];
        assert.deepEqual(texts(a.union(b)), [...new Set([...inA, ...inB])].sort());
        assert.deepEqual(
          texts(a.intersection(b)),
          inA.filter((each) => inB.includes(each)),
        );
        assert.deepEqual(
          texts(a.difference(b)),
          inA.filter((each) => !inB.includes(each)),
        );
      }),
    );
  });

  it("subtracts recursively all that lies beneath", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const left = a.recursiveDifference(b).paths();
        const isBeneath = (each: Path): boolean => each.some((_, i) => b.has(each.slice(0, i + 1)));
        assert.deepEqual(
          left.map(pathText).sort(),
          a
            .paths()
            .filter((each) => !isBeneath(each))
            .map(pathText)
            .sort(),
        );
      }),
    );
  });

  it("stays the same object where nothing changes", () => {
    const fields = FieldSet.of(["a"], ["b", "c"]);
    assert.equal(fields.union(FieldSet.of(["b", "c"])), fields);
    assert.equal(fields.difference(FieldSet.of(["b"])), fields);
  });

  it("is shared by all that are equal, and stays what it was", () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [ours, theirs] = [a.shared(), b.shared()];
        assert.ok(ours.equals(a));
        assert.equal(JSON.stringify(ours), JSON.stringify(a));
        assert.equal(parsed(a.toJSON()).shared(), ours);
        assert.equal(ours === theirs, a.equals(b));
      }),
    );
  });
});
