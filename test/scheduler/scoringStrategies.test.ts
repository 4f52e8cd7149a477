import assert from "node:assert/strict";
import {
  leastAllocated,
  mostAllocated,
  requestedToCapacityRatio,
} from "../../src/scheduler/scoringStrategies.ts";

const binPacking = requestedToCapacityRatio([
  { utilization: 0, score: 0 },
  { utilization: 70, score: 10 },
  { utilization: 100, score: 2 },
]);

describe("a node that is rated", () => {
  for (const [claim, strategy, requested, expected] of [
    ["by what is left, empty", leastAllocated, 0, 100],
    ["by what is left, half full", leastAllocated, 1500, 50],
    ["by what is left, rounded down", leastAllocated, 1001, 66],
    ["by what is left, over-full", leastAllocated, 3001, 0],
    ["by what is taken, half full", mostAllocated, 1500, 50],
    ["by what is taken, over-full", mostAllocated, 9000, 100],
    ["along a line, at a point", binPacking, 2100, 100],
    ["along a line, between points", binPacking, 1050, 50],
    ["along a line, falling", binPacking, 3000, 20],
    ["along a line, beyond its end", binPacking, 9000, 20],
  ] as const)
    it(`${claim}, gets ${expected}`, () => assert.equal(strategy.rate(requested, 3000), expected));
});
