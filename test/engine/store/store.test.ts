import assert from "node:assert/strict";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { Compacted, CompareFailed } from "../../../src/engine/store/etcdError.ts";
import { Lessor } from "../../../src/engine/store/lessor.ts";
import { Store } from "../../../src/engine/store/store.ts";

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
      size: 1,
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
    assert.throws(() => store.put("/a", 2, { expected: 0 }), CompareFailed);
    assert.throws(() => store.delete("/a", 99), CompareFailed);
    assert.equal(store.put("/a", 2, { expected: 2 }), 3);
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
    assert.equal(first.count, 4);
    assert.equal(store.count("/pods/"), 4);
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
    assert.throws(() => store.watch("/a", 2, () => {}), {
      message: "etcdserver: mvcc: required revision has been compacted",
    });
    assert.throws(() => store.compact(4), Compacted);
    assert.equal(store.get("/a", 4)?.value, 2);
    assert.throws(() => store.get("/a", 99), {
      message: "etcdserver: mvcc: required revision is a future revision",
    });
  });

  it("the changes of the compacted revision itself are still there for a watch", () => {
    const store = makeStore();
    store.put("/a", 1);
    store.delete("/a");
    store.compact(3);
    const seen: string[] = [];
    store.watch("/a", 2, ({ type, revision }) => seen.push(`${type} ${revision}`));
    assert.deepEqual(seen, ["delete 3"]);
    assert.equal(store.get("/a", 3), undefined);
  });

  it("a watch from a revision yet to come hears nothing before it", () => {
    const store = makeStore();
    const seen: number[] = [];
    store.watch("/", 3, ({ revision }) => seen.push(revision));
    for (let i = 0; i < 3; i++) store.put("/a", i);
    assert.deepEqual(seen, [4]);
  });

  it("a watcher that hears nothing is told that it missed nothing", () => {
    const store = makeStore();
    const told: string[] = [];
    for (const prefix of ["/a", "/b"])
      store.watch(
        prefix,
        1,
        () => undefined,
        (revision) => told.push(`${prefix} ${revision}`),
      );
    store.put("/a", 1);
    store.reportProgress();
    assert.deepEqual(told.splice(0), ["/b 2"]);
    store.reportProgress();
    assert.deepEqual(told, ["/a 2", "/b 2"]);
  });

  it("a transaction is one revision, and its later operations see the earlier ones", () => {
    const store = makeStore();
    store.put("/a", 1);
    const { succeeded, revision, results } = store.txn({
      compare: [{ key: "/b", target: "version", relation: "=", wanted: 0 }],
      success: [
        { type: "delete", prefix: "/a" },
        { type: "put", key: "/b", value: 2 },
        { type: "range", prefix: "/" },
      ],
    });
    assert.deepEqual([succeeded, revision], [true, 3]);
    const [, , found] = results;
    assert.ok(found?.type === "range");
    assert.deepEqual(
      found.entries.map((entry) => [entry.key, entry.value, entry.modRevision]),
      [["/b", 2, 3]],
    );
  });

  it("a transaction whose conditions fail does the other thing", () => {
    const store = makeStore();
    const { succeeded, revision } = store.txn({
      compare: [{ key: "/a", target: "value", relation: "!=", wanted: "x" }],
      success: [{ type: "put", key: "/a", value: "y" }],
      failure: [{ type: "delete", key: "/a" }],
    });
    assert.deepEqual([succeeded, revision], [false, 1]);
  });

  for (const [claim, operations, message] of [
    [
      "a key twice",
      [
        { type: "put", key: "/a", value: 1 },
        { type: "delete", prefix: "/" },
      ],
      "etcdserver: duplicate key given in txn request",
    ],
    ["no key", [{ type: "put", key: "", value: 1 }], "etcdserver: key is not provided"],
    [
      "an unknown lease",
      [{ type: "put", key: "/a", value: 1, lease: 7 }],
      "etcdserver: requested lease not found",
    ],
    [
      "too much",
      Array.from({ length: 129 }, (_, i) => ({ type: "put", key: `/${i}`, value: 1 }) as const),
      "etcdserver: too many operations in txn request",
    ],
  ] as const)
    it(`a transaction that writes ${claim} is refused whole`, () => {
      const store = makeStore();
      assert.throws(() => store.txn({ compare: [], success: operations }), { message });
      assert.equal(store.revision, 1);
    });

  it("what is written can be stamped with its revision", () => {
    const store = new Store(() => 0, { stamp: (value, revision) => `${value}@${revision}` });
    store.put("/a", "x");
    assert.equal(store.get("/a")?.value, "x@2");
  });
});

describe("Lessor", () => {
  function leased() {
    const clock = new VirtualClock(0);
    const store = new Store(() => clock.now());
    return { clock, store, lessor: new Lessor(store, clock) };
  }

  it("deletes a lease's keys in one revision when its time is over", () => {
    const { clock, store, lessor } = leased();
    const { id } = store.grantLease(10);
    for (const key of ["/b", "/a"]) store.put(key, 1, { lease: id });
    store.put("/c", 1);
    const seen: string[] = [];
    store.watch("/", store.revision, ({ type, key, revision }) =>
      seen.push(`${type} ${key} ${revision}`),
    );
    clock.runUntil(9_999);
    assert.equal(lessor.timeToLive(id), 0);
    assert.deepEqual(seen, []);
    clock.runUntil(10_000);
    assert.deepEqual(seen, ["delete /a 5", "delete /b 5"]);
    assert.equal(lessor.timeToLive(id), -1);
  });

  it("a lease that is kept alive begins again", () => {
    const { clock, store, lessor } = leased();
    const { id } = store.grantLease(10);
    store.put("/a", 1, { lease: id });
    clock.run(9_000);
    assert.equal(lessor.keepAlive(id), 10);
    clock.run(9_000);
    assert.equal(store.get("/a")?.value, 1);
    clock.run(1_500);
    assert.equal(store.get("/a"), undefined);
    assert.throws(() => lessor.keepAlive(id), { message: "etcdserver: requested lease not found" });
  });

  it("a key that is written without its lease outlives it", () => {
    const { clock, store } = leased();
    const { id } = store.grantLease(5);
    store.put("/a", 1, { lease: id });
    store.put("/a", 2);
    clock.run(60_000);
    assert.equal(store.get("/a")?.value, 2);
  });

  it("no lease is shorter than etcd's elections, and none is for ever", () => {
    const { store } = leased();
    assert.equal(store.grantLease(1).ttl, 2);
    assert.throws(() => store.grantLease(9_000_000_001), {
      message: "etcdserver: too large lease TTL",
    });
    assert.throws(() => store.grantLease(5, 1), { message: "etcdserver: lease already exists" });
    assert.throws(() => store.revokeLease(99), {
      message: "etcdserver: requested lease not found",
    });
  });
});
