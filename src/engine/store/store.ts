// A multi-version key-value store with etcd v3's semantics. It knows nothing of Kubernetes: it keeps
// frozen values under keys, and every revision of them until it is compacted.
import { assert } from "../../base/assert.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Instant } from "../../base/time.ts";
import { BTree } from "./btree.ts";
import { KeyHistory } from "./keyHistory.ts";

/** Grows by one with every transaction that writes. */
export type Revision = number;

/** A key's state at some revision, as etcd's mvccpb.KeyValue. */
export interface Entry<Value = unknown> {
  readonly key: string;
  readonly value: Value;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  /** Writes since the key was created; 1 for the first. */
  readonly version: number;
}

export interface StoreEvent<Value = unknown> {
  readonly type: "put" | "delete";
  readonly revision: Revision;
  /** When it was written, on the cluster's clock. */
  readonly at: Instant;
  readonly key: string;
  /** Absent for a delete. */
  readonly entry?: Entry<Value>;
  /** What the key held before; absent if it was created. */
  readonly previous?: Entry<Value>;
}

export interface RangeOptions {
  /** Read as of this revision; the newest if absent. */
  readonly at?: Revision;
  readonly limit?: number;
  /** Only keys greater than this one. */
  readonly after?: string;
}

export interface Range<Value = unknown> {
  readonly entries: readonly Entry<Value>[];
  /** The store's revision when it answered. */
  readonly revision: Revision;
  /** Keys in the range beyond `limit`. */
  readonly remaining: number;
}

/** A write whose expectation of the key's revision did not hold. */
export class CompareFailed extends Error {
  constructor(
    readonly key: string,
    readonly actual: Revision,
  ) {
    super(`etcdserver: the key ${key} is at revision ${actual}`);
  }
}

/** A read or watch below the oldest kept revision. The text is etcd's. */
export class Compacted extends Error {
  constructor(readonly compactRevision: Revision) {
    super("etcdserver: mvcc: required revision has been compacted");
  }
}

/** A read of a revision that does not exist yet. The text is etcd's. */
export class FutureRevision extends Error {
  constructor() {
    super("etcdserver: mvcc: required revision is a future revision");
  }
}

/** Keeps what the store acknowledges. `append` may batch; the host knows when a batch is durable. */
export interface StoreBackend {
  append(event: StoreEvent): void;
  /** Forget what is older than `revision`, as `Store.compact` does. */
  compact(revision: Revision): void;
}

interface Watcher {
  readonly prefix: string;
  readonly sink: (event: StoreEvent) => void;
}

/** A large key that sorts after all keys with the prefix. */
function prefixEnd(prefix: string): string {
  return `${prefix}\uffff`;
}

export class Store {
  private readonly keys = new BTree<string, KeyHistory>();
  /** Events by revision; index 0 holds `firstKept`. */
  private readonly log: StoreEvent[] = [];
  private firstKept: Revision = 2;
  private compacted: Revision = 0;
  private current: Revision = 1;
  private live = 0;
  private readonly watchers = new Set<Watcher>();

  constructor(
    private readonly now: () => Instant,
    private readonly backend?: StoreBackend,
  ) {}

  /** The newest revision; 1 in an empty store, as in etcd. */
  get revision(): Revision {
    return this.current;
  }

  get compactRevision(): Revision {
    return this.compacted;
  }

  /** @throws Compacted, FutureRevision */
  get<Value>(key: string, at?: Revision): Entry<Value> | undefined {
    this.checkReadable(at);
    return this.keys.get(key)?.at(at ?? this.current) as Entry<Value> | undefined;
  }

  /** Entries whose key starts with `prefix`, in key order. @throws Compacted, FutureRevision */
  range<Value>(prefix: string, { at, limit = Infinity, after }: RangeOptions = {}): Range<Value> {
    this.checkReadable(at);
    const revision = at ?? this.current;
    const entries: Entry[] = [];
    let remaining = 0;
    const from = after !== undefined && after >= prefix ? after : prefix;
    this.keys.forRange(from, prefixEnd(prefix), false, (key, history) => {
      if (key === after) return;
      const entry = history.at(revision);
      if (!entry) return;
      if (entries.length < limit) entries.push(entry);
      else remaining++;
    });
    return { entries: entries as Entry<Value>[], revision: this.current, remaining };
  }

  /** Keys that hold a value now. */
  get keyCount(): number {
    return this.live;
  }

  /**
   * Writes one key. `expected` is the modRevision that the caller saw (0: the key must not exist).
   * @returns the new revision
   * @throws CompareFailed if the key is at another revision
   */
  put(key: string, value: unknown, expected?: Revision): Revision {
    const history = this.keys.get(key);
    const previous = history?.at(this.current);
    this.check(key, previous, expected);
    const revision = this.current + 1;
    const entry: Entry = {
      key,
      value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
    };
    this.commit({
      type: "put",
      revision,
      at: this.now(),
      key,
      entry,
      ...(previous ? { previous } : {}),
    });
    return revision;
  }

  /** Deletes one key. @returns the new revision, or the present one if there was nothing to delete */
  delete(key: string, expected?: Revision): Revision {
    const previous = this.keys.get(key)?.at(this.current);
    this.check(key, previous, expected);
    if (!previous) return this.current;
    const revision = this.current + 1;
    this.commit({ type: "delete", revision, at: this.now(), key, previous });
    return revision;
  }

  /**
   * Takes over what was stored before: the kept events, oldest first, of which those up to
   * `compactRevision` are only the last states of their keys. Tells nobody.
   */
  restore(events: Iterable<StoreEvent>, compactRevision: Revision = 0): void {
    assert(this.current === 1, "only an empty store is restored");
    this.compacted = compactRevision;
    this.current = Math.max(this.current, compactRevision);
    this.firstKept = this.current + 1;
    for (const event of events) {
      if (event.revision <= compactRevision) this.remember(event);
      else this.apply(event);
    }
  }

  /**
   * Calls `sink` for every change of keys with `prefix` after revision `from`, in revision order, none
   * twice: the kept ones at once, later ones within the write that makes them.
   * @throws Compacted if changes after `from` are gone
   */
  watch(prefix: string, from: Revision, sink: (event: StoreEvent) => void): Disposable {
    for (const event of this.changes(from)) if (event.key.startsWith(prefix)) sink(event);
    const watcher = { prefix, sink };
    this.watchers.add(watcher);
    return disposable(() => this.watchers.delete(watcher));
  }

  /** Every kept change after `from`, oldest first. @throws Compacted */
  changes(from: Revision): readonly StoreEvent[] {
    if (from < this.compacted) throw new Compacted(this.compacted);
    return this.log.slice(Math.max(0, from + 1 - this.firstKept));
  }

  /** Forgets states that ended before `revision`; reads and watches below it fail from now on. */
  compact(revision: Revision): void {
    if (revision <= this.compacted || revision > this.current) return;
    const dropped = this.log.splice(0, Math.max(0, revision + 1 - this.firstKept));
    this.firstKept = revision + 1;
    this.compacted = revision;
    for (const key of new Set(dropped.map((event) => event.key)))
      if (this.keys.get(key)?.compact(revision)) this.keys.delete(key);
    this.backend?.compact(revision);
  }

  private commit(event: StoreEvent): void {
    this.backend?.append(event);
    this.apply(event);
    for (const { prefix, sink } of [...this.watchers])
      if (event.key.startsWith(prefix)) sink(event);
  }

  private apply(event: StoreEvent): void {
    assert(event.revision === this.current + 1, "revisions follow one another");
    this.log.push(event);
    this.current = event.revision;
    this.remember(event);
  }

  private remember({ key, revision, entry }: StoreEvent): void {
    const history = this.keys.get(key) ?? new KeyHistory();
    this.live += Number(entry !== undefined) - Number(history.at(revision) !== undefined);
    history.record(revision, entry);
    this.keys.set(key, history);
  }

  private check(key: string, previous: Entry | undefined, expected: Revision | undefined): void {
    if (expected === undefined) return;
    const actual = previous?.modRevision ?? 0;
    if (actual !== expected) throw new CompareFailed(key, actual);
  }

  private checkReadable(at: Revision | undefined): void {
    if (at === undefined) return;
    if (at > this.current) throw new FutureRevision();
    if (at < this.compacted) throw new Compacted(this.compacted);
  }
}
