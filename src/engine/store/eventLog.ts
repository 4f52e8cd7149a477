// Every kept change in the order of revisions, so that a watch can begin in the past.
import type { Revision, StoreEvent } from "./entry.ts";

export class EventLog {
  private events: StoreEvent[] = [];

  append(event: StoreEvent): void {
    this.events.push(event);
  }

  /** The changes after `revision`, oldest first. */
  *after(revision: Revision): Iterable<StoreEvent> {
    for (let i = this.indexAfter(revision); i < this.events.length; i++) {
      const event = this.events[i];
      if (event) yield event;
    }
  }

  /** Newest first. */
  *backwards(): Iterable<StoreEvent> {
    for (let i = this.events.length - 1; i >= 0; i--) {
      const event = this.events[i];
      if (event) yield event;
    }
  }

  /** Forgets the changes before `revision`. @returns the keys that they and those of `revision` changed */
  compact(revision: Revision): ReadonlySet<string> {
    const kept = this.indexAfter(revision - 1);
    const touched = this.events.slice(0, this.indexAfter(revision)).map(({ key }) => key);
    this.events = this.events.slice(kept);
    return new Set(touched);
  }

  /** Index of the first change after `revision`. */
  private indexAfter(revision: Revision): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
