// Random users and random faults on a whole cluster: what must hold whatever happens.
// A thousand seeds: npm run bench -- invariants
import assert from "node:assert/strict";
import { playLife } from "./support/simulation/playLife.ts";

const seeds = 50;
/** A life takes a second or two, more where much else runs. */
const limitMs = 60_000;

describe("any history", () => {
  for (let seed = 1; seed <= seeds; seed++)
    it(`ends as it was asked for, without a broken invariant: seed ${seed}`, () => {
      playLife(seed);
    }).timeout(limitMs);

  it("is the same for the same seed", () => {
    assert.deepEqual(playLife(7), playLife(7));
  }).timeout(limitMs);
});
