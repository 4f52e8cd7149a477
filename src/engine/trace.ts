// The cluster's own record of what it does, and why: a bounded ring of facts with their causes.

import type { TraceEvent, TraceFact } from "../api/traceEvent.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import type { VirtualClock } from "./clock.ts";
import { traceCapacity } from "./limits.ts";

export class Trace {
  private readonly ring: TraceEvent[] = [];
  private readonly added = new Emitter<TraceEvent>();
  private nextId = 1;

  constructor(private readonly clock: VirtualClock) {}

  /** Fires for each event as it is recorded. */
  readonly onAdded: Event<TraceEvent> = this.added.event;

  /** Takes over what an engine before this one recorded, oldest first. Tells nobody. */
  restore(events: readonly TraceEvent[]): void {
    for (const event of events) this.ring[(event.id - 1) % traceCapacity] = event;
    this.nextId = (events.at(-1)?.id ?? 0) + 1;
  }

  /** Records a fact. Its cause is whatever made the running task be scheduled. @returns its id */
  emit(fact: TraceFact): number {
    const { cause } = this.clock;
    const id = this.nextId++;
    const event: TraceEvent = {
      ...fact,
      id,
      at: this.clock.now(),
      ...(cause === undefined ? {} : { cause }),
    };
    this.ring[(id - 1) % traceCapacity] = event;
    this.added.fire(event);
    return id;
  }

  /**
   * Completes a fact that was recorded while its task still runs, e.g. a reconcile at its first write.
   * The event stays the same object, so that whoever holds it sees the whole.
   */
  amend<F extends TraceFact>(id: number, details: Partial<Omit<F, "type">>): void {
    const event = this.get(id);
    if (event) Object.assign(event, details);
  }

  /** Runs `consequences` so that what they schedule and emit names `id` as its cause. */
  because<T>(id: number, consequences: () => T): T {
    const { cause } = this.clock;
    this.clock.cause = id;
    try {
      return consequences();
    } finally {
      this.clock.cause = cause;
    }
  }

  get(id: number): TraceEvent | undefined {
    const event = this.ring[(id - 1) % traceCapacity];
    return event?.id === id ? event : undefined;
  }

  /** All kept events from `id` on, oldest first. */
  since(id: number): readonly TraceEvent[] {
    const first = Math.max(id, this.nextId - traceCapacity, 1);
    const kept: TraceEvent[] = [];
    for (let i = first; i < this.nextId; i++) {
      const event = this.ring[(i - 1) % traceCapacity];
      if (event) kept.push(event);
    }
    return kept;
  }
}
