import { strict as assert } from "node:assert";
import { applyJsonPatch, type Operation } from "../../../src/api/patch/jsonPatch.ts";
import { applyMergePatch } from "../../../src/api/patch/mergePatch.ts";

describe("a merge patch", () => {
  for (const [target, patch, expected] of [
    // The cases of RFC 7386, appendix A.
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ] as const)
    it(`${JSON.stringify(patch)} makes ${JSON.stringify(target)} ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(applyMergePatch(target, patch), expected));

  it("reaches no prototype", () => {
    const patched = applyMergePatch(
      { a: {} },
      JSON.parse('{"__proto__":{"x":1},"a":{"constructor":{"y":1}}}'),
    );
    assert.equal(JSON.stringify(patched), '{"a":{"constructor":{"y":1}},"__proto__":{"x":1}}');
    assert.equal(({} as { x?: number }).x, undefined);
  });
});

describe("a JSON patch", () => {
  const target = { data: { a: "1", b: "2" }, list: ["x", "y"], "a/b": { "m~n": 1 } };

  for (const [claim, operations, expected] of [
    [
      "adds a field",
      [{ op: "add", path: "/data/c", value: "3" }],
      { ...target, data: { a: "1", b: "2", c: "3" } },
    ],
    [
      "adds at the end of a list",
      [{ op: "add", path: "/list/-", value: "z" }],
      { ...target, list: ["x", "y", "z"] },
    ],
    [
      "adds within a list",
      [{ op: "add", path: "/list/1", value: "z" }],
      { ...target, list: ["x", "z", "y"] },
    ],
    [
      "replaces",
      [{ op: "replace", path: "/data/a", value: "3" }],
      { ...target, data: { a: "3", b: "2" } },
    ],
    ["removes", [{ op: "remove", path: "/data/a" }], { ...target, data: { b: "2" } }],
    [
      "moves",
      [{ op: "move", from: "/data/a", path: "/data/c" }],
      { ...target, data: { b: "2", c: "1" } },
    ],
    [
      "copies",
      [{ op: "copy", from: "/list", path: "/data/c" }],
      { ...target, data: { a: "1", b: "2", c: ["x", "y"] } },
    ],
    [
      "goes on after a test that holds",
      [
        { op: "test", path: "/data/a", value: "1" },
        { op: "remove", path: "/list" },
      ],
      { data: target.data, "a/b": target["a/b"] },
    ],
    [
      "counts from a list's end",
      [
        { op: "replace", path: "/list/-2", value: "w" },
        { op: "remove", path: "/list/-1" },
        { op: "add", path: "/list/-1", value: "v" },
      ],
      { ...target, list: ["w", "v"] },
    ],
    [
      "moves within a list to its end",
      [
        { op: "add", path: "/list/-", value: "z" },
        { op: "move", from: "/list/-3", path: "/list/-1" },
      ],
      { ...target, list: ["y", "z", "x"] },
    ],
    [
      "takes a negative number for a name where there is no list",
      [{ op: "add", path: "/data/-1", value: "z" }],
      { ...target, data: { ...target.data, "-1": "z" } },
    ],
    [
      "reads escapes",
      [{ op: "replace", path: "/a~1b/m~0n", value: 2 }],
      { ...target, "a/b": { "m~n": 2 } },
    ],
  ] as const)
    it(claim, () => {
      const before = structuredClone(target);
      assert.deepEqual(
        applyJsonPatch(target, operations as unknown as Operation[])?.value,
        expected,
      );
      assert.deepEqual(target, before);
    });

  it("takes what is not there for null", () => {
    const test = (path: string, value: null) =>
      applyJsonPatch(target, [{ op: "test", path, value }]);
    assert.deepEqual(test("/data/nope", null), { value: target });
    assert.equal(test("/data/a", null), undefined);
    assert.equal(test("/nope/a", null), undefined);
  });

  for (const [claim, operations] of [
    ["an index before a list's start", [{ op: "remove", path: "/list/-3" }]],
    [
      "a test that fails",
      [
        { op: "remove", path: "/list" },
        { op: "test", path: "/data/a", value: "2" },
      ],
    ],
    ["a removal of nothing", [{ op: "remove", path: "/data/nope" }]],
    ["a replacement of nothing", [{ op: "replace", path: "/data/nope", value: 1 }]],
    ["a place within nothing", [{ op: "add", path: "/nope/a", value: 1 }]],
    ["a place beyond a list", [{ op: "add", path: "/list/5", value: 1 }]],
    ["an unknown operation", [{ op: "frobnicate", path: "/data" }]],
    ["the whole document", [{ op: "replace", path: "", value: {} }]],
    ["a prototype", [{ op: "add", path: "/__proto__/x", value: 1 }]],
  ] as const)
    it(`can't be carried out for ${claim}`, () => {
      const before = structuredClone(target);
      assert.equal(applyJsonPatch(target, operations as unknown as Operation[]), undefined);
      assert.deepEqual(target, before);
      assert.equal(({} as { x?: number }).x, undefined);
    });
});
