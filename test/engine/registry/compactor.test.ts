import assert from "node:assert/strict";
import { hour, minute } from "../../../src/base/time.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { historyMs, historyRevisions } from "../../../src/engine/limits.ts";
import { Compactor } from "../../../src/engine/registry/compactor.ts";
import { Store } from "../../../src/engine/store/store.ts";

const plenty = 1e9;

function compacted(historyBytes = plenty) {
  const clock = new VirtualClock(0);
  const store = new Store(() => clock.now());
  new Compactor(store, clock, historyBytes);
  const write = (times: number, size = 1): void => {
    for (let i = 0; i < times; i++) store.put("/a", "x".repeat(size));
  };
  return { clock, store, write };
}

describe("Compactor", () => {
  it("keeps so many revisions, however old they are", () => {
    const { clock, store, write } = compacted();
    write(historyRevisions / 2);
    clock.run(24 * hour);
    assert.equal(store.compactRevision, 0);
  });

  it("keeps what is young, however many revisions that is", () => {
    const { clock, store, write } = compacted();
    write(1.5 * historyRevisions);
    clock.run(historyMs - minute);
    assert.equal(store.compactRevision, 0);
    clock.run(10 * minute);
    assert.ok(store.compactRevision > 0.4 * historyRevisions);
    assert.ok(store.revision - store.compactRevision >= historyRevisions);
  });

  it("keeps no more than fits the memory, and that at once", () => {
    const bytes = 1_000_000;
    const { clock, store, write } = compacted(bytes);
    for (let i = 0; i < 50; i++) {
      write(100, 1_000);
      clock.run(1);
      let kept = 0;
      store.watch("", Math.max(1, store.compactRevision), ({ previous }) => {
        kept += previous?.size ?? 0;
      });
      assert.ok(kept <= 1.2 * bytes, `${kept} bytes are kept`);
    }
    assert.ok(store.compactRevision > 0);
  });

  it("tells other API servers of its rounds as kube-apiserver does", () => {
    const { clock, store } = compacted();
    clock.run(11 * minute);
    assert.equal(store.get("compact_rev_key")?.version, 2);
  });
});
