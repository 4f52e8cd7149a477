import assert from "node:assert/strict";
import fc from "fast-check";
import { IndexSet } from "../../../../src/engine/controllers/job/indexSet.ts";

const completions = 60;
const indexes = fc.uniqueArray(fc.nat({ max: completions - 1 }), { maxLength: 40 });

describe("a set of completion indexes", () => {
  for (const [written, of] of [
    ["", []],
    ["4", [4]],
    ["0,1", [1, 0]],
    ["0,3-5,7", [0, 3, 4, 5, 7]],
  ] as const)
    it(`is written "${written}"`, () => {
      assert.equal(IndexSet.of(of).toString(), written);
    });

  for (const [text, read] of [
    ["1,nonsense,3-4", "1,3,4"],
    ["5-2,7", "7"],
    ["58-70,90", "58,59"],
  ] as const)
    it(`reads "${text}" as "${read}"`, () => {
      assert.equal(IndexSet.parse(text, completions).toString(), read);
    });

  it("reads what it wrote", () => {
    fc.assert(
      fc.property(indexes, (list) => {
        const read = IndexSet.parse(IndexSet.of(list).toString(), completions);
        assert.equal(read.size, list.length);
        assert.ok(list.every((index) => read.has(index)));
      }),
    );
  });

  it("joins and compares as sets do", () => {
    fc.assert(
      fc.property(indexes, indexes, (left, right) => {
        const [a, b] = [IndexSet.of(left), IndexSet.of(right)];
        assert.equal(a.union(b).toString(), IndexSet.of([...left, ...right]).toString());
        assert.equal(a.overlap(b), left.filter((index) => right.includes(index)).length);
      }),
    );
  });

  it("finds the lowest indexes that are missing", () => {
    fc.assert(
      fc.property(indexes, fc.nat({ max: completions }), (list, count) => {
        const missing = Array.from({ length: completions }, (_, index) => index)
          .filter((index) => !list.includes(index))
          .slice(0, count);
        assert.deepEqual(IndexSet.of(list).firstMissing(count, completions), missing);
      }),
    );
  });
});
