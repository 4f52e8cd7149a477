// A multi-version key-value store with etcd v3's semantics. It knows nothing of Kubernetes: it keeps
// frozen values under keys, and every revision of them until it is compacted.
import { assert } from "../../base/assert.ts";
import type { Disposable } from "../../base/disposable.ts";
import { Emitter, type Event } from "../../base/emitter.ts";
import type { Instant } from "../../base/time.ts";
import type { Agreement, StoreRequest } from "./agreement.ts";
import { BTree } from "./btree.ts";
import type { Entry, Revision, StoreEvent } from "./entry.ts";
import { Compacted, CompareFailed, type EtcdError, futureRevision } from "./etcdError.ts";
import { EventLog } from "./eventLog.ts";
import { KeyHistory } from "./keyHistory.ts";
import { type Lease, type LeaseId, Leases } from "./leases.ts";
import { sizeOf } from "./size.ts";
import type { StoreBackend, StoredStates } from "./storeBackend.ts";
import {
  checkTxn,
  holds,
  type Keys,
  type Operation,
  type OperationResult,
  type PutOperation,
  type Txn,
  type TxnResult,
} from "./txn.ts";
import { Watchers } from "./watchers.ts";

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
  /** Keys in the range, within `limit` or beyond. */
  readonly count: number;
}

export interface WriteOptions {
  /** The modRevision that the caller saw; 0: the key must not exist. Anything goes if absent. */
  readonly expected?: Revision | undefined;
  /** The lease whose end deletes the key. */
  readonly lease?: LeaseId | undefined;
}

export interface StoreOptions {
  readonly backend?: StoreBackend;
  /** What is kept of a value that is written at a revision; the value itself if absent. */
  stamp?(value: unknown, revision: Revision): unknown;
}

/** A large key that sorts after all keys with the prefix. */
function prefixEnd(prefix: string): string {
  return `${prefix}\uffff`;
}

export class Store {
  private readonly keys = new BTree<string, KeyHistory>();
  private readonly log = new EventLog();
  private readonly leases = new Leases();
  private readonly watchers = new Watchers();
  private compacted: Revision = 0;
  private current: Revision = 1;
  private live = 0;
  private lastLease = 0;
  private refusal: EtcdError | undefined;
  /** Absent for a store on its own, whose writes need nobody's consent. */
  private agreement: Agreement | undefined;
  private readonly granted = new Emitter<Lease>();

  /** Fires for each new lease: whoever counts its time begins now. */
  readonly onLeaseGranted: Event<Lease> = this.granted.event;

  constructor(
    private readonly now: () => Instant,
    private readonly options: StoreOptions = {},
  ) {}

  /** The newest revision; 1 in an empty store, as in etcd. */
  get revision(): Revision {
    return this.current;
  }

  get compactRevision(): Revision {
    return this.compacted;
  }

  /** Keys that hold a value now. */
  get keyCount(): number {
    return this.live;
  }

  /** @throws EtcdError if the revision is compacted or yet to come */
  get<Value>(key: string, at?: Revision): Entry<Value> | undefined {
    this.checkReadable(at);
    return this.keys.get(key)?.at(at ?? this.current) as Entry<Value> | undefined;
  }

  /**
   * Entries whose key starts with `prefix`, in key order.
   * @throws EtcdError if the revision is compacted or yet to come
   */
  range<Value>(prefix: string, { at, limit = Infinity, after }: RangeOptions = {}): Range<Value> {
    this.checkReadable(at);
    const entries: Entry[] = [];
    let count = 0;
    const from = after !== undefined && after >= prefix ? after : prefix;
    this.keys.forRange(from, prefixEnd(prefix), false, (key, history) => {
      if (key === after) return;
      const entry = at === undefined ? history.newest : history.at(at);
      if (!entry) return;
      count++;
      if (entries.length < limit) entries.push(entry);
    });
    return { entries: entries as Entry<Value>[], revision: this.current, count };
  }

  /** How many keys start with `prefix`. */
  count(prefix: string): number {
    return this.range(prefix, { limit: 0 }).count;
  }

  /** The kept states of a key, oldest first; `at` is absent where the change itself is compacted. */
  history(
    key: string,
  ): readonly { readonly revision: Revision; readonly at?: Instant; readonly entry?: Entry }[] {
    const changes = [...this.log.after(0)].filter((event) => event.key === key);
    const [first] = changes;
    const oldest = this.keys.get(key)?.oldest;
    if (!oldest || oldest.modRevision === first?.revision) return changes;
    return [{ revision: oldest.modRevision, entry: oldest }, ...changes];
  }

  /** @throws EtcdError if a read of the newest state could miss what a majority of members has */
  confirmRead(): void {
    this.agreement?.confirmRead();
  }

  /**
   * Writes one key.
   * @returns the new revision
   * @throws CompareFailed if the key is at another revision than expected
   * @throws EtcdError if there is no such lease, or the write cannot be made now
   */
  put(key: string, value: unknown, { expected, lease }: WriteOptions = {}): Revision {
    const operation = {
      type: "put",
      key,
      value,
      ...(lease === undefined ? {} : { lease }),
    } as const;
    return this.optimistic(key, operation, expected).revision;
  }

  /**
   * Deletes one key.
   * @returns the new revision, or the present one if there was nothing to delete
   * @throws CompareFailed if the key is at another revision than expected
   */
  delete(key: string, expected?: Revision): Revision {
    return this.optimistic(key, { type: "delete", key }, expected).revision;
  }

  /**
   * Does one thing or the other, whole and in one revision.
   * @throws EtcdError if it is refused; nothing is done then
   */
  txn(txn: Txn): TxnResult {
    checkTxn(txn);
    return this.request({ type: "txn", txn }) as TxnResult;
  }

  /**
   * A lease of at least `ttl` seconds; `id` is chosen if absent.
   * @throws EtcdError if the id is taken or the time too long
   */
  grantLease(ttl: number, id: LeaseId = this.lastLease + 1): Lease {
    return this.request({ type: "grantLease", id, ttl }) as Lease;
  }

  /** Ends a lease: its keys are deleted in one revision. @throws EtcdError if there is none */
  revokeLease(id: LeaseId): Revision {
    return this.request({ type: "revokeLease", id }) as Revision;
  }

  lease(id: LeaseId): Lease | undefined {
    return this.leases.get(id);
  }

  /** Oldest first. */
  allLeases(): readonly Lease[] {
    return this.leases.list();
  }

  /**
   * Forgets states that ended before `revision`; reads and watches below it fail from now on.
   * @throws EtcdError if it was compacted already or is yet to come
   */
  compact(revision: Revision): void {
    this.request({ type: "compact", revision });
  }

  /**
   * Calls `sink` for every change of keys with `prefix` after revision `from`, in revision order, none
   * twice: the kept ones at once, later ones within the write that makes them. `from` may be yet to
   * come. `progress` is called by `reportProgress` while nothing happens.
   * @throws Compacted if changes after `from` are gone
   */
  watch(
    prefix: string,
    from: Revision,
    sink: (event: StoreEvent) => void,
    progress?: (revision: Revision) => void,
  ): Disposable {
    if (from + 1 < this.compacted) throw new Compacted(this.compacted);
    let busy = false;
    for (const event of this.log.after(from)) {
      if (!event.key.startsWith(prefix)) continue;
      busy = true;
      sink(event);
    }
    return this.watchers.add(prefix, { sink, from: Math.max(from, this.current), progress, busy });
  }

  /** Tells watchers that saw nothing since the last time up to where they have missed nothing. */
  reportProgress(): void {
    this.watchers.tellProgress(this.current);
  }

  /** From now on nothing is written but what `agreement` has carried out. */
  agreeThrough(agreement: Agreement): void {
    this.agreement = agreement;
  }

  /** Until it is called without one, every write is refused with `refusal`. */
  refuseWrites(refusal: EtcdError | undefined): void {
    this.refusal = refusal;
  }

  /** The oldest revision from which on superseded values take no more than `bytes`. */
  oldestWithin(bytes: number): Revision {
    let sum = 0;
    for (const { revision, previous } of this.log.backwards()) {
      sum += previous?.size ?? 0;
      if (sum > bytes) return revision;
    }
    return this.compacted;
  }

  /** Takes over what was stored before. Tells nobody. */
  restore({ events, compactRevision = 0, leases = [] }: StoredStates): void {
    assert(this.current === 1, "only an empty store is restored");
    for (const { id, ttl } of leases) this.addLease(id, ttl);
    this.compacted = compactRevision;
    this.current = Math.max(this.current, compactRevision);
    for (const event of events) {
      this.record(event);
      if (event.revision >= compactRevision) this.log.append(event);
      this.current = Math.max(this.current, event.revision);
    }
  }

  private optimistic(key: string, operation: Operation, expected: Revision | undefined): TxnResult {
    const result = this.txn({
      compare:
        expected === undefined
          ? []
          : [{ key, target: "modRevision", relation: "=", wanted: expected }],
      success: [operation],
      failure: [{ type: "range", key }],
    });
    if (result.succeeded) return result;
    const [found] = result.results;
    const entry = found?.type === "range" ? found.entries[0] : undefined;
    throw new CompareFailed(key, entry?.modRevision ?? 0);
  }

  private request(request: StoreRequest): unknown {
    if (this.refusal && request.type !== "compact") throw this.refusal;
    return this.agreement ? this.agreement.propose(request, this.carryOut) : this.carryOut(request);
  }

  private readonly carryOut = (request: StoreRequest): unknown => {
    switch (request.type) {
      case "txn":
        return this.carryOutTxn(request.txn);
      case "grantLease": {
        const lease = this.addLease(request.id, request.ttl);
        this.options.backend?.grantLease(lease.id, lease.ttl);
        this.granted.fire(lease);
        return lease;
      }
      case "revokeLease":
        return this.carryOutRevoke(request.id);
      case "compact":
        return this.carryOutCompact(request.revision);
    }
  };

  private carryOutTxn({ compare, success, failure = [] }: Txn): TxnResult {
    const succeeded = compare.every((one) => holds(one, this.keys.get(one.key)?.newest));
    const operations = succeeded ? success : failure;
    for (const operation of operations) {
      if (operation.type === "put") this.leases.check(operation.lease);
      else if (operation.type === "range") this.checkReadable(operation.at);
    }
    const events: StoreEvent[] = [];
    const results = operations.map((operation) => this.carryOutOperation(operation, events));
    this.commit(events);
    return { succeeded, revision: this.current, results };
  }

  /** What is written is seen by the operations after it. */
  private carryOutOperation(operation: Operation, events: StoreEvent[]): OperationResult {
    if (operation.type === "put") {
      const previous = this.write(operation, events);
      return previous ? { type: "put", previous } : { type: "put" };
    }
    if (operation.type === "delete")
      return { type: "delete", deleted: this.erase(operation, events) };
    const { at, limit = Infinity } = operation;
    const found = this.find(operation, at);
    return { type: "range", entries: found.slice(0, limit), count: found.length };
  }

  private find(keys: Keys, at?: Revision): readonly Entry[] {
    if ("prefix" in keys) return this.range(keys.prefix, at === undefined ? {} : { at }).entries;
    const history = this.keys.get(keys.key);
    const entry = at === undefined ? history?.newest : history?.at(at);
    return entry ? [entry] : [];
  }

  private write({ key, value, lease }: PutOperation, events: StoreEvent[]): Entry | undefined {
    const previous = this.keys.get(key)?.newest;
    const revision = this.current + 1;
    const kept = this.options.stamp ? this.options.stamp(value, revision) : value;
    const entry: Entry = {
      key,
      value: kept,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      size: sizeOf(kept),
      ...(lease === undefined ? {} : { lease }),
    };
    const event = { type: "put", revision, at: this.now(), key, entry } as const;
    events.push(this.record(previous ? { ...event, previous } : event));
    return previous;
  }

  private erase(keys: Keys, events: StoreEvent[]): readonly Entry[] {
    const deleted = this.find(keys);
    const revision = this.current + 1;
    for (const previous of deleted) {
      const { key } = previous;
      events.push(this.record({ type: "delete", revision, at: this.now(), key, previous }));
    }
    return deleted;
  }

  private addLease(id: LeaseId, ttl: number): Lease {
    const lease = this.leases.grant(id, ttl);
    this.lastLease = Math.max(this.lastLease, id);
    return lease;
  }

  private carryOutRevoke(id: LeaseId): Revision {
    const { keys } = this.leases.remove(id);
    const events: StoreEvent[] = [];
    for (const key of [...keys].sort()) this.erase({ key }, events);
    this.options.backend?.revokeLease(id);
    this.commit(events);
    return this.current;
  }

  private carryOutCompact(revision: Revision): void {
    if (revision <= this.compacted) throw new Compacted(this.compacted);
    if (revision > this.current) throw futureRevision();
    this.compacted = revision;
    for (const key of this.log.compact(revision))
      if (this.keys.get(key)?.compact(revision)) this.keys.delete(key);
    this.options.backend?.compact(revision);
  }

  /** Makes the recorded changes of one transaction a revision, and tells of them. */
  private commit(events: readonly StoreEvent[]): void {
    if (events.length === 0) return;
    this.current++;
    for (const event of events) {
      this.log.append(event);
      this.options.backend?.append(event);
    }
    for (const event of events) this.watchers.tell(event);
  }

  private record(event: StoreEvent): StoreEvent {
    const { key, revision, entry } = event;
    const known = this.keys.get(key);
    const before = known?.newest;
    this.live += Number(entry !== undefined) - Number(before !== undefined);
    this.leases.detach(key, before?.lease);
    this.leases.attach(key, entry?.lease);
    if (known) known.record(revision, entry);
    else this.keys.set(key, new KeyHistory(revision, entry));
    return event;
  }

  private checkReadable(at: Revision | undefined): void {
    if (at === undefined) return;
    if (at > this.current) throw futureRevision();
    if (at < this.compacted) throw new Compacted(this.compacted);
  }
}
