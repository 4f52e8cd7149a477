import assert from "node:assert/strict";
import type { Stage } from "../../src/language/problem.ts";
import {
  type Assist,
  completes,
  outlines,
  shows,
  type YamlNeighbour,
} from "../../src/language/yamlNeighbour.ts";

const reads: YamlNeighbour = { validates: true, knowsKubernetes: false };
const knows: YamlNeighbour = { validates: true, knowsKubernetes: true };
const silent: YamlNeighbour = { validates: false, knowsKubernetes: true };

const stages: readonly Stage[] = ["yaml", "kind", "decode", "strict", "validate"];

describe("beside another extension for YAML", () => {
  for (const [claim, assist, neighbour, help, shape, shown] of [
    ["alone, all is ours", "auto", undefined, true, true, stages],
    ["one that reads YAML", "auto", reads, true, false, ["kind", "decode", "strict", "validate"]],
    ["one with Kubernetes' schemas", "auto", knows, false, false, ["kind", "validate"]],
    ["one that validates nothing", "auto", silent, false, false, stages],
    ["all is ours if one says so", "on", knows, true, true, stages],
    ["help is off if one says so", "off", undefined, false, false, stages],
  ] as const satisfies readonly (readonly [
    string,
    Assist,
    YamlNeighbour | undefined,
    boolean,
    boolean,
    readonly Stage[],
  ])[])
    it(claim, () => {
      assert.equal(completes(assist, neighbour), help);
      assert.equal(outlines(assist, neighbour), shape);
      assert.deepEqual(
        stages.filter((stage) => shows(stage, assist, neighbour)),
        shown,
      );
    });
});
