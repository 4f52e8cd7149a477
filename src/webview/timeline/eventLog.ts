// All events that the view has been told of, by id and by cause.
import type { TraceEvent } from "../../api/traceEvent.ts";

/** As many as the engine keeps, and a fifth more, so that the oldest are dropped in one go. */
const defaultCapacity = 120_000;

export class EventLog {
  private readonly byId = new Map<number, TraceEvent>();
  private readonly effects = new Map<number, number[]>();
  private lastId = 0;

  constructor(private readonly capacity = defaultCapacity) {}

  get size(): number {
    return this.byId.size;
  }

  /** What to ask the cluster for next. */
  get nextId(): number {
    return this.lastId + 1;
  }

  /** @returns whether old events were dropped to make room. */
  add(batch: readonly TraceEvent[]): boolean {
    for (const event of batch) {
      this.byId.set(event.id, event);
      this.lastId = Math.max(this.lastId, event.id);
      if (event.cause === undefined) continue;
      const siblings = this.effects.get(event.cause);
      if (siblings) siblings.push(event.id);
      else this.effects.set(event.cause, [event.id]);
    }
    if (this.byId.size <= this.capacity) return false;
    this.dropOldest(this.byId.size - Math.floor(this.capacity * 0.8));
    return true;
  }

  get(id: number): TraceEvent | undefined {
    return this.byId.get(id);
  }

  /** In the order in which they came. */
  all(): Iterable<TraceEvent> {
    return this.byId.values();
  }

  causeOf(event: TraceEvent): TraceEvent | undefined {
    return event.cause === undefined ? undefined : this.byId.get(event.cause);
  }

  effectsOf(id: number): readonly TraceEvent[] {
    const ids = this.effects.get(id) ?? [];
    return ids.flatMap((effect) => this.byId.get(effect) ?? []);
  }

  private dropOldest(count: number): void {
    let rest = count;
    for (const id of this.byId.keys()) {
      if (rest-- <= 0) return;
      this.byId.delete(id);
      this.effects.delete(id);
    }
  }
}
