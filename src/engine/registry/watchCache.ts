// Brings the store's changes of one kind to the engine's informers: each event a clock task that runs
// `watchLatencyMs` after the write, with the write as its cause.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { WatchEvent } from "../../api/request.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Instant } from "../../base/time.ts";
import type { VirtualClock } from "../clock.ts";
import { watchLatencyMs } from "../limits.ts";
import type { StoreEvent } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import { storagePrefix } from "./storageKeys.ts";
import { storedValue } from "./storedValue.ts";

/** A change of an object; not a bookmark. */
type ObjectEvent = Exclude<WatchEvent, { readonly type: "BOOKMARK" }>;

interface Pending {
  readonly due: Instant;
  readonly event: WatchEvent;
  readonly revision: number;
  cause: number | undefined;
}

interface Subscriber {
  /** Events up to here were in the list that the subscriber got. */
  readonly from: number;
  readonly changed: (event: WatchEvent) => void;
}

export class WatchCache {
  private readonly subscribers = new Set<Subscriber>();
  private pending: Pending[] = [];

  constructor(
    /** As its definition has it now. */
    public kind: Kind,
    private readonly store: Store,
    private readonly clock: VirtualClock,
  ) {
    store.watch(storagePrefix(kind), store.revision, (event) => this.take(event));
  }

  /** The objects now. */
  list(): readonly KubeObject[] {
    return this.store
      .range<KubeObject>(storagePrefix(this.kind))
      .entries.map(({ value }) => storedValue(this.kind, value));
  }

  subscribe(changed: (event: WatchEvent) => void): Disposable {
    const subscriber = { from: this.store.revision, changed };
    this.subscribers.add(subscriber);
    return disposable(() => this.subscribers.delete(subscriber));
  }

  /** Names the trace event that made the changes after `revision`, written in the running request. */
  blame(revision: number, cause: number): void {
    for (let i = this.pending.length - 1; i >= 0; i--) {
      const entry = this.pending[i];
      if (!entry || entry.revision <= revision) return;
      entry.cause = cause;
    }
  }

  private take(event: StoreEvent): void {
    if (this.subscribers.size === 0) return;
    const due = this.clock.now() + watchLatencyMs;
    const last = this.pending.at(-1);
    this.pending.push({
      due,
      event: watchEventOf(this.kind, event),
      revision: event.revision,
      cause: this.clock.cause,
    });
    if (last?.due !== due)
      this.clock.after(watchLatencyMs, `deliver changes of ${this.kind.plural}`, () =>
        this.deliver(),
      );
  }

  private deliver(): void {
    const now = this.clock.now();
    const split = this.pending.findIndex(({ due }) => due > now);
    const ready = split < 0 ? this.pending : this.pending.slice(0, split);
    this.pending = split < 0 ? [] : this.pending.slice(split);
    for (const { event, revision, cause } of ready) {
      this.clock.cause = cause;
      for (const { from, changed } of [...this.subscribers]) if (revision > from) changed(event);
    }
  }
}

/** What a watch without a selector makes of a change. A deleted object carries the deletion's revision. */
export function watchEventOf(
  kind: Kind,
  { type, entry, previous, revision }: StoreEvent,
): ObjectEvent {
  if (type === "put")
    return {
      type: previous ? "MODIFIED" : "ADDED",
      object: storedValue(kind, entry?.value as KubeObject),
    };
  const last = storedValue(kind, previous?.value as KubeObject);
  const metadata = { ...last.metadata, resourceVersion: String(revision) };
  return { type: "DELETED", object: Object.freeze({ ...last, metadata }) };
}
