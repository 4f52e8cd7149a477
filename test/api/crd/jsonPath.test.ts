import assert from "node:assert/strict";
import { parseJsonPath } from "../../../src/api/crd/jsonPath.ts";

const object = {
  spec: { size: 3, "a.b": "dotted", list: ["x", "y", "z"], map: { b: 2, a: 1 } },
  status: {
    conditions: [
      { type: "Ready", status: "True", n: 1 },
      { type: "Synced", status: "False", n: 2 },
    ],
  },
};

const table: readonly (readonly [path: string, ...unknown[]])[] = [
  [".spec.size", 3],
  [".spec.missing"],
  [".spec.size.deeper"],
  [".spec['a.b']", "dotted"],
  [".spec.a\\.b", "dotted"],
  [".spec.list[0]", "x"],
  [".spec.list[-1]", "z"],
  [".spec.list[7]"],
  [".spec.list[1:]", "y", "z"],
  [".spec.list[0:3:2]", "x", "z"],
  [".spec.list[*]", "x", "y", "z"],
  [".spec.map.*", 1, 2],
  ["..type", "Ready", "Synced"],
  ['.status.conditions[?(@.type=="Ready")].status', "True"],
  [".status.conditions[?(@.n > 1)].type", "Synced"],
  [".status.conditions[?(@.nope)].type"],
  [".status.conditions[?(@.type!='Ready')].n", 2],
  [".spec['size','a.b']", 3, "dotted"],
];

describe("JSONPath", () => {
  for (const [path, ...values] of table)
    it(path, () => {
      assert.deepEqual(parseJsonPath(path)?.(object), values);
    });

  for (const path of [".spec[", ".spec[?(@.a == )]", ".spec.list[x]"])
    it(`is none: ${path}`, () => {
      assert.equal(parseJsonPath(path), undefined);
    });
});
