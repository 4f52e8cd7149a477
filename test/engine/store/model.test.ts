// The store beside a plain model of etcd, under random operations. STORE_RUNS=10000 tries more seeds.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Disposable } from "../../../src/base/disposable.ts";
import { EtcdError } from "../../../src/engine/store/etcdError.ts";
import { Store } from "../../../src/engine/store/store.ts";
import type { Compare, Operation } from "../../../src/engine/store/txn.ts";
import { recordingBackend } from "../../support/recordingBackend.ts";
import { ReferenceStore } from "./referenceStore.ts";

const numRuns = Number(process.env.STORE_RUNS ?? 1_000);

const key = fc.constantFrom("/a", "/a/b", "/a/c", "/b", "/c");
const prefix = fc.constantFrom("/", "/a", "/a/", "/b", "");
const value = fc.nat(9);
const lease = fc.constantFrom(1, 2, 3);
const revision = fc.nat(30);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const put = fc
  .record({ key, value, lease: optional(lease) })
  .map((one) => defined({ type: "put" as const, ...one }));
const remove = fc
  .oneof(fc.record({ key }), fc.record({ prefix }))
  .map((keys) => ({ type: "delete" as const, ...keys }));
const range = fc
  .record({ keys: fc.oneof(fc.record({ key }), fc.record({ prefix })), at: optional(revision) })
  .map(({ keys, at }) => defined({ type: "range" as const, ...keys, at }));
const operations = fc.array(fc.oneof(put, remove, range) as fc.Arbitrary<Operation>, {
  maxLength: 3,
});
const compare = fc.record({
  key,
  target: fc.constantFrom("createRevision", "modRevision", "version", "lease", "value"),
  relation: fc.constantFrom("=", "!=", "<", ">"),
  wanted: fc.nat(9),
}) as fc.Arbitrary<Compare>;
const txn = fc.record({
  compare: fc.array(compare, { maxLength: 2 }),
  success: operations,
  failure: operations,
});
const listing = fc
  .record({ at: optional(revision), limit: optional(fc.nat(3)), after: optional(key) })
  .map(defined);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("txn" as const), txn }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("grant" as const), lease }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("revoke" as const), lease }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("compact" as const), revision }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("range" as const), prefix, listing }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

describe("Store, beside a plain model", () => {
  it(`answers alike in ${numRuns} random histories, and after each of them from its backend`, () => {
    void fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const backend = recordingBackend();
        const store = new Store(() => 0, { backend });
        const model = new ReferenceStore();
        for (const one of steps) assert.deepEqual(actual(store, one), expected(model, one));
        assert.equal(store.revision, model.revision);
        const restored = new Store(() => 0);
        const leases = [...backend.leases].map(([id, ttl]) => ({ id, ttl }));
        restored.restore({ events: backend.events, leases });
        assert.deepEqual(restored.range("").entries, store.range("").entries);
        assert.deepEqual(restored.allLeases(), store.allLeases());
        assert.equal(restored.keyCount, store.keyCount);
      }),
      { numRuns },
    );
  });

  it("a watcher that reconnects at random sees each change once and in order", () => {
    const visit = fc.record({
      steps: fc.array(step, { maxLength: 5 }),
      next: fc.constantFrom("stay", "leave", "return"),
    });
    void fc.assert(
      fc.property(fc.array(visit, { maxLength: 8 }), prefix, (visits, watched) => {
        const store = new Store(() => 0);
        const model = new ReferenceStore();
        const watcher = new Watcher(store, watched);
        for (const { steps, next } of visits) {
          for (const one of steps) assert.deepEqual(actual(store, one), expected(model, one));
          if (next === "leave") watcher.leave();
          if (next === "return") watcher.connect(model.keepsChangesAfter(watcher.from));
        }
        watcher.connect(model.keepsChangesAfter(watcher.from));
        const missed = (at: number) => watcher.gaps.some(([from, to]) => at > from && at <= to);
        const wanted = model.changes(watched).filter((change) => !missed(change.revision));
        assert.deepEqual(watcher.seen.toSorted(), wanted.map(({ text }) => text).sort());
        assert.deepEqual(
          watcher.revisions,
          wanted.map((change) => change.revision),
        );
      }),
      { numRuns },
    );
  });
});

/** Goes on from the last revision it saw; what was compacted in between it lists anew. */
class Watcher {
  readonly seen: string[] = [];
  readonly revisions: number[] = [];
  readonly gaps: [from: number, to: number][] = [];
  from = 1;
  private watching: Disposable | undefined;

  constructor(
    private readonly store: Store,
    private readonly prefix: string,
  ) {}

  connect(isKept: boolean): void {
    if (this.watching) return;
    const watch = (): Disposable =>
      this.store.watch(this.prefix, this.from, ({ revision, key, entry }) => {
        this.seen.push(`${revision} ${key} ${entry?.value}`);
        this.revisions.push(revision);
        this.from = revision;
      });
    if (!isKept) {
      assert.throws(watch, /required revision has been compacted/);
      this.gaps.push([this.from, this.store.revision]);
      this.from = this.store.revision;
    }
    this.watching = watch();
  }

  leave(): void {
    this.watching?.dispose();
    this.watching = undefined;
  }
}

function actual(store: Store, step: Step): unknown {
  try {
    switch (step.type) {
      case "txn":
        return plain(store.txn(step.txn));
      case "grant":
        return store.grantLease(60, step.lease).id;
      case "revoke":
        return store.revokeLease(step.lease);
      case "compact":
        return store.compact(step.revision);
      case "range":
        return plain(store.range(step.prefix, step.listing));
    }
  } catch (error) {
    assert.ok(error instanceof EtcdError);
    return error.message;
  }
}

function expected(model: ReferenceStore, step: Step): unknown {
  switch (step.type) {
    case "txn":
      return model.txn(step.txn);
    case "grant":
      return model.grant(step.lease);
    case "revoke":
      return model.revoke(step.lease);
    case "compact":
      return model.compact(step.revision);
    case "range":
      return model.range(step.prefix, step.listing);
  }
}

/** Without sizes, which the model does not keep. */
function plain(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (name, item: unknown) => (name === "size" ? undefined : item)),
  );
}

/** Without the fields that are undefined. */
function defined<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}
