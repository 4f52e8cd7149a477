import { strict as assert } from "node:assert";
import { InternTable } from "../../src/base/internTable.ts";

describe("a table of shared values", () => {
  it("has one value for a key", () => {
    const table = new InternTable<object>(10);
    const first = table.intern("a", () => ({}));
    assert.equal(
      table.intern("a", () => ({})),
      first,
    );
    assert.notEqual(
      table.intern("b", () => ({})),
      first,
    );
  });

  it("keeps what is asked for, and forgets the rest", () => {
    const table = new InternTable<object>(10);
    const often = table.intern("often", () => ({}));
    const once = table.intern("once", () => ({}));
    for (let i = 0; i < 100; i++) {
      table.intern(`other ${i}`, () => ({}));
      assert.equal(
        table.intern("often", () => ({})),
        often,
      );
    }
    assert.notEqual(
      table.intern("once", () => ({})),
      once,
    );
  });
});
