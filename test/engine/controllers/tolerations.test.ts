import assert from "node:assert/strict";
import type { Taint, Toleration } from "../../../src/api/types.ts";
import { toleratedFor } from "../../../src/engine/controllers/tolerations.ts";

const unreachable: Taint = { key: "unreachable", effect: "NoExecute" };
const other: Taint = { key: "other", value: "x", effect: "NoExecute" };
const forever = Number.POSITIVE_INFINITY;

describe("a Pod bears its node's NoExecute taints", () => {
  for (const [claim, taints, tolerations, expected] of [
    ["for ever without a taint", [], [], forever],
    ["not at all without a toleration", [unreachable], [], 0],
    ["for ever with one without a time", [unreachable], [{ operator: "Exists" }], forever],
    [
      "for the time of its toleration",
      [unreachable],
      [{ key: "unreachable", operator: "Exists", tolerationSeconds: 300 }],
      300_000,
    ],
    [
      "for the shortest time of several",
      [unreachable, other],
      [
        { key: "unreachable", operator: "Exists", tolerationSeconds: 300 },
        { key: "other", operator: "Equal", value: "x", tolerationSeconds: 60 },
      ],
      60_000,
    ],
    [
      "not at all if one of them is not tolerated",
      [unreachable, other],
      [{ key: "unreachable", operator: "Exists" }],
      0,
    ],
    [
      "not at all if the time is negative",
      [unreachable],
      [{ operator: "Exists", tolerationSeconds: -1 }],
      0,
    ],
    [
      "only with a toleration of the effect",
      [unreachable],
      [{ key: "unreachable", operator: "Exists", effect: "NoSchedule" }],
      0,
    ],
  ] as const satisfies readonly (readonly [
    string,
    readonly Taint[],
    readonly Toleration[],
    number,
  ])[])
    it(claim, () => assert.equal(toleratedFor(taints, tolerations), expected));
});
