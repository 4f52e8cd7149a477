import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  Compacted,
  CompareFailed,
  FutureRevision,
  Store,
  type StoreEvent,
} from "../../../src/engine/store/store.ts";

const makeStore = (): Store => new Store(() => 0);

describe("Store", () => {
  it("counts revisions from 1, as etcd does, one for each write", () => {
    const store = makeStore();
    assert.equal(store.revision, 1);
    assert.equal(store.put("/a", 1), 2);
    assert.equal(store.put("/a", 2), 3);
    assert.deepEqual(store.get("/a"), {
      key: "/a",
      value: 2,
      createRevision: 2,
      modRevision: 3,
      version: 2,
    });
  });

  it("a key that is made again starts over at version 1", () => {
    const store = makeStore();
    store.put("/a", 1);
    store.delete("/a");
    store.put("/a", 2);
    assert.deepEqual(store.get("/a")?.version, 1);
    assert.deepEqual(store.get("/a")?.createRevision, 4);
  });

  it("deleting what is not there makes no revision", () => {
    const store = makeStore();
    assert.equal(store.delete("/a"), 1);
  });

  it("refuses a write whose expectation does not hold", () => {
    const store = makeStore();
    store.put("/a", 1);
    assert.throws(() => store.put("/a", 2, 0), CompareFailed);
    assert.throws(() => store.delete("/a", 99), CompareFailed);
    assert.equal(store.put("/a", 2, 2), 3);
  });

  it("ranges are in key order, page by page", () => {
    const store = makeStore();
    for (const name of ["c", "a", "d", "b"]) store.put(`/pods/${name}`, name);
    store.put("/podsX", "not below the prefix");
    const first = store.range<string>("/pods/", { limit: 3 });
    assert.deepEqual(
      first.entries.map(({ value }) => value),
      ["a", "b", "c"],
    );
    assert.equal(first.remaining, 1);
    const rest = store.range<string>("/pods/", { after: "/pods/c" });
    assert.deepEqual(
      rest.entries.map(({ value }) => value),
      ["d"],
    );
  });

  it("a watch gets what was missed first, then what happens, none twice", () => {
    const store = makeStore();
    store.put("/a", 1);
    const seen: number[] = [];
    store.put("/a", 2);
    const watching = store.watch("/a", 2, ({ revision }) => seen.push(revision));
    store.put("/b", 1);
    store.delete("/a");
    watching.dispose();
    store.put("/a", 3);
    assert.deepEqual(seen, [3, 5]);
  });

  it("reads and watches below the compacted revision fail in etcd's words", () => {
    const store = makeStore();
    for (let i = 0; i < 5; i++) store.put("/a", i);
    store.compact(4);
    assert.throws(() => store.get("/a", 3), Compacted);
    assert.throws(() => store.watch("/a", 3, () => {}), /required revision has been compacted/);
    assert.equal(store.get("/a", 4)?.value, 2);
    assert.throws(() => store.get("/a", 99), FutureRevision);
  });

  it("restoring its events makes an equal store", () => {
    const events: StoreEvent[] = [];
    const store = new Store(() => 0, { append: (event) => events.push(event), compact() {} });
    store.put("/a", 1);
    store.put("/b", 1);
    store.delete("/a");
    const restored = makeStore();
    restored.restore(events);
    assert.equal(restored.revision, store.revision);
    assert.deepEqual(restored.range("/").entries, store.range("/").entries);
    assert.deepEqual(restored.range("/", { at: 3 }).entries, store.range("/", { at: 3 }).entries);
  });

  it("answers as a list of all its past states would, at every kept revision", () => {
    const command = fc.record({
      key: fc.constantFrom("/a", "/a/b", "/b", "/c"),
      value: fc.option(fc.nat(9), { nil: undefined }),
    });
    void fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), fc.nat(40), (commands, compactAt) => {
        const store = makeStore();
        const states = [new Map<string, number>(), new Map<string, number>()];
        for (const { key, value } of commands) {
          const next = new Map(states.at(-1));
          if (value === undefined) {
            if (!next.delete(key)) continue;
            store.delete(key);
          } else {
            next.set(key, value);
            store.put(key, value);
          }
          states.push(next);
        }
        const compacted = Math.min(compactAt, store.revision);
        store.compact(compacted);
        for (let at = Math.max(1, store.compactRevision); at <= store.revision; at++) {
          const expected = [...(states[at] ?? [])].sort();
          const actual = store.range<number>("/", { at }).entries.map((e) => [e.key, e.value]);
          assert.deepEqual(actual, expected);
        }
        assert.equal(store.keyCount, states.at(-1)?.size);
      }),
    );
  });
});
