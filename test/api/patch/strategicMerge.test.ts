import { strict as assert } from "node:assert";
import fc from "fast-check";
import { kindSchema, type OpenApiSchema } from "../../../src/api/openapi/structure.ts";
import { applyStrategicMerge } from "../../../src/api/patch/strategicMerge.ts";
import { ApiError } from "../../../src/api/status.ts";
import { threeWayPatch } from "../../../src/client/strategicPatch.ts";

type Json = Readonly<Record<string, unknown>>;

const pod = kindSchema("v1", "Pod") as OpenApiSchema;
const deployment = kindSchema("apps/v1", "Deployment") as OpenApiSchema;

const containers = (...list: Json[]): Json => ({ spec: { containers: list } });
const finalizers = (...list: string[]): Json => ({ metadata: { finalizers: list } });
const named = (...names: string[]): Json => containers(...names.map((name) => ({ name })));

describe("a strategic merge patch", () => {
  for (const [claim, target, patch, expected] of [
    [
      "null deletes a field",
      { spec: { hostname: "h", nodeName: "n" } },
      { spec: { hostname: null } },
      { spec: { nodeName: "n" } },
    ],
    [
      "null of a field that is not there says nothing",
      { spec: {} },
      { spec: { hostname: null } },
      { spec: {} },
    ],
    [
      "nulls within what is new say nothing",
      {},
      { metadata: { labels: { a: "1", b: null } } },
      { metadata: { labels: { a: "1" } } },
    ],
    [
      "items are merged by their key",
      containers({ name: "a", image: "i" }),
      containers({ name: "a", image: "j" }),
      containers({ name: "a", image: "j" }),
    ],
    [
      "new items come before those that the patch does not name",
      named("a", "b"),
      named("c"),
      named("c", "a", "b"),
    ],
    [
      "new items follow the items that the patch names before them",
      named("x", "y"),
      named("x", "z"),
      named("x", "z", "y"),
    ],
    [
      "$patch: delete takes an item away",
      named("a", "b"),
      containers({ name: "a", $patch: "delete" }),
      named("b"),
    ],
    [
      "$patch: delete of an item that is not there does nothing",
      named("b"),
      containers({ name: "a", $patch: "delete" }),
      named("b"),
    ],
    [
      "$patch: replace in a list empties it first",
      named("a", "b"),
      containers({ $patch: "replace" }, { name: "c" }),
      named("c"),
    ],
    [
      "$patch: replace in a map replaces it",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: { $patch: "replace", b: "2" } } },
      { metadata: { labels: { b: "2" } } },
    ],
    [
      "$patch: delete in a map empties it",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: { $patch: "delete" } } },
      { metadata: { labels: {} } },
    ],
    [
      "a directive where nothing was leaves nothing",
      {},
      { metadata: { labels: { $patch: "delete" } } },
      { metadata: {} },
    ],
    [
      "lists within items are merged",
      containers({ name: "a", env: [{ name: "X", value: "1" }] }),
      containers({ name: "a", env: [{ name: "Y", value: "2" }] }),
      containers({
        name: "a",
        env: [
          { name: "Y", value: "2" },
          { name: "X", value: "1" },
        ],
      }),
    ],
    [
      "lists without a strategy are replaced",
      containers({ name: "a", args: ["1", "2"] }),
      containers({ name: "a", args: ["3"] }),
      containers({ name: "a", args: ["3"] }),
    ],
    [
      "lists of scalars are united",
      finalizers("a/x", "a/y"),
      finalizers("a/z", "a/x"),
      finalizers("a/z", "a/x", "a/y"),
    ],
    [
      "$deleteFromPrimitiveList takes scalars away",
      finalizers("a/x", "a/y"),
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["a/x"] } },
      finalizers("a/y"),
    ],
    [
      "$setElementOrder orders what is there",
      named("a", "b", "c"),
      { spec: { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }] } },
      named("b", "c", "a"),
    ],
    [
      "$setElementOrder places what is new",
      named("a", "b"),
      {
        spec: {
          "$setElementOrder/containers": [{ name: "n" }, { name: "b" }, { name: "a" }],
          containers: [{ name: "n" }],
        },
      },
      named("n", "b", "a"),
    ],
    [
      "$setElementOrder orders scalars",
      finalizers("a/x", "a/y"),
      { metadata: { "$setElementOrder/finalizers": ["a/y", "a/x"] } },
      finalizers("a/y", "a/x"),
    ],
    [
      "$setElementOrder of a list that is nowhere says nothing",
      { spec: {} },
      { spec: { "$setElementOrder/containers": [{ name: "a" }] } },
      { spec: {} },
    ],
    [
      "magic names are names",
      { metadata: { labels: { a: "1" } } },
      { metadata: { labels: JSON.parse('{"__proto__":"x"}') } },
      { metadata: { labels: JSON.parse('{"a":"1","__proto__":"x"}') } },
    ],
  ] as const)
    it(claim, () => {
      const before = structuredClone(target);
      assert.deepEqual(applyStrategicMerge(target as Json, patch as Json, pod), expected);
      assert.deepEqual(target, before);
    });

  it("$retainKeys drops the other members of a union", () => {
    const target = {
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
    };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    assert.deepEqual(applyStrategicMerge(target, patch, deployment), {
      spec: { strategy: { type: "Recreate" } },
    });
  });

  for (const [claim, patch, code, message] of [
    [
      "an item without its key",
      containers({ image: "noname" }),
      500,
      "map: map[image:noname] does not contain declared merge key: name",
    ],
    [
      "a deletion without a key",
      containers({ $patch: "delete" }),
      500,
      "map: map[$patch:delete] does not contain declared merge key: name",
    ],
    [
      "an unknown directive in a map",
      { metadata: { labels: { $patch: "x" } } },
      500,
      "unknown patch type: x in map: map[$patch:x]",
    ],
    [
      "an unknown directive in a list",
      containers({ $patch: "x", name: "a" }),
      500,
      "unknown patch type: x in map: map[$patch:x name:a]",
    ],
    [
      "merge in a list",
      containers({ $patch: "merge", name: "a" }),
      500,
      "merging lists cannot yet be specified in the patch",
    ],
    [
      "keys to retain that are no list",
      { spec: { $retainKeys: "x" } },
      400,
      "invalid patch format of retainKeys",
    ],
    [
      "a field that is not to be retained",
      { spec: { $retainKeys: ["containers"], hostname: "h" } },
      400,
      "invalid patch format of retainKeys",
    ],
    [
      "an order of no list",
      { spec: { $setElementOrder: [] } },
      400,
      "invalid patch format of setElementOrder list",
    ],
    [
      "a deletion from no list",
      { spec: { $deleteFromPrimitiveList: [] } },
      400,
      "invalid patch format of primitive list",
    ],
    [
      "items of several types",
      containers({ name: "b" }, "c" as unknown as Json),
      500,
      "list element types are not identical: [[map[name:a]] [map[name:b] c]]",
    ],
    [
      "a list of lists",
      { spec: { containers: [["a"]] } },
      500,
      "list element types are not identical: [[map[name:a]] [[a]]]",
    ],
    [
      "items in another order than the patch gives",
      {
        spec: {
          "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
          containers: [{ name: "a" }, { name: "b" }],
        },
      },
      500,
      "The order in patch list:\n[map[name:a] map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:b] map[name:a]]\n",
    ],
  ] as const)
    it(`is refused for ${claim}`, () => {
      const target = { metadata: { labels: { a: "1" } }, ...named("a") };
      assert.throws(
        () => applyStrategicMerge(target, patch as Json, pod),
        (error) => error instanceof ApiError && error.code === code && error.message === message,
      );
    });

  it("from one object to another makes the other", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const list = fc.uniqueArray(
      fc.record(
        { name, image: fc.constantFrom("i", "j"), args: fc.array(name, { maxLength: 2 }) },
        { requiredKeys: ["name"], noNullPrototype: true },
      ),
      { selector: (item) => item.name, maxLength: 4 },
    );
    const object = fc.record({
      metadata: fc.record({
        labels: fc.dictionary(name, fc.constantFrom("1", "2"), { noNullPrototype: true }),
        finalizers: fc.uniqueArray(name, { maxLength: 3 }),
      }),
      spec: fc.record({ containers: list }),
    });
    fc.assert(
      fc.property(object, object, (from, to) => {
        const patch = threeWayPatch(from, to, from, pod);
        const made = patch ? applyStrategicMerge(from, patch, pod) : from;
        assert.deepEqual(sortedLists(made), sortedLists(to));
      }),
    );
  });
});

/** Where a patch leaves no item there is no list: an empty one and none are the same. */
function sortedLists(object: unknown): unknown {
  const { metadata, spec } = object as { metadata: Json; spec: Json };
  return {
    labels: metadata.labels ?? {},
    finalizers: metadata.finalizers ?? [],
    containers: spec.containers ?? [],
  };
}
