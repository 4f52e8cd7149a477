import assert from "node:assert/strict";
import { column, defineKind } from "../../src/api/kind.ts";
import { ageColumn, nameColumn } from "../../src/api/kinds/columns.ts";
import { gvk, type KubeObject } from "../../src/api/object.ts";
import { Documentation } from "../../src/api/openapi/documentation.ts";
import { type TableOptions, tableOfList, tableOfObject } from "../../src/api/table.ts";
import { minute, parseTime } from "../../src/base/time.ts";

const createdAt = "2026-11-23T20:51:19Z";
const gadget = {
  apiVersion: "example.com/v1",
  kind: "Gadget",
  metadata: { name: "g1", resourceVersion: "7", creationTimestamp: createdAt },
} as KubeObject;

const Gadget = defineKind<KubeObject>({
  gvk: gvk("example.com", "v1", "Gadget"),
  plural: "gadgets",
  namespaced: true,
  columns: [
    nameColumn,
    column("Size", "integer", () => 3, { priority: 1, description: "How big it is." }),
    column("Hidden", "string", () => "h", { isUndeclared: true }),
    ageColumn,
  ],
  rowConditions: ({ metadata }) =>
    metadata.name === "g1"
      ? [{ type: "Completed", status: "True", reason: "Succeeded", message: "It is done." }]
      : [],
});

const options: TableOptions = {
  apiVersion: "meta.k8s.io/v1",
  now: (parseTime(createdAt) ?? 0) + 5 * minute,
  includeObject: "Metadata",
  withColumns: true,
  documentation: new Documentation(() => ({
    definitions: {
      "meta.v1.ObjectMeta": ["", { name: "about names", creationTimestamp: "about ages" }],
    },
    parameters: {},
  })),
};

describe("a table", () => {
  const list = {
    apiVersion: "example.com/v1",
    kind: "GadgetList",
    metadata: { resourceVersion: "9", continue: "more", remainingItemCount: 4 },
    items: [gadget, { ...gadget, metadata: { name: "g2" } }],
  };

  it("keeps the list's revision and where it goes on", () =>
    assert.deepEqual(tableOfList(Gadget, list, options).metadata, list.metadata));

  it("says of its columns what the kind says, or a field's documentation", () =>
    assert.deepEqual(tableOfList(Gadget, list, options).columnDefinitions, [
      {
        name: "Name",
        type: "string",
        format: "name",
        description: "about names",
        priority: 0,
      },
      { name: "Size", type: "integer", format: "", description: "How big it is.", priority: 1 },
      {
        name: "Age",
        type: "string",
        format: "",
        description: "about ages",
        priority: 0,
      },
    ]));

  it("has a row for each object, with cells that no column declares", () =>
    assert.deepEqual(
      tableOfList(Gadget, list, options).rows.map(({ cells }) => cells),
      [
        ["g1", 3, "h", "5m"],
        ["g2", 3, "h", "<unknown>"],
      ],
    ));

  it("marks rows of what is done", () =>
    assert.deepEqual(
      tableOfList(Gadget, list, options).rows.map(({ conditions }) => conditions?.[0]?.reason),
      ["Succeeded", undefined],
    ));

  for (const [includeObject, expected] of [
    ["None", null],
    [
      "Metadata",
      {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: gadget.metadata,
      },
    ],
    ["Object", gadget],
  ] as const)
    it(`carries ${includeObject.toLowerCase()} of its objects if asked so`, () =>
      assert.deepEqual(
        tableOfObject(Gadget, gadget, { ...options, includeObject }).rows[0]?.object,
        expected,
      ));

  it("of one object has that object's revision, and in later frames of a watch no columns", () => {
    const frame = tableOfObject(Gadget, gadget, { ...options, withColumns: false });
    assert.deepEqual(frame.metadata, { resourceVersion: "7" });
    assert.equal(frame.columnDefinitions, null);
  });

  it("of a kind without columns says name and creation", () => {
    const Plain = defineKind<KubeObject>({
      gvk: gvk("", "v1", "Plain"),
      plural: "plains",
      namespaced: false,
    });
    const { columnDefinitions, rows } = tableOfObject(Plain, gadget, options);
    assert.deepEqual(
      columnDefinitions?.map(({ name, type }) => [name, type]),
      [
        ["Name", "string"],
        ["Created At", "date"],
      ],
    );
    assert.deepEqual(rows[0]?.cells, ["g1", createdAt]);
  });
});
