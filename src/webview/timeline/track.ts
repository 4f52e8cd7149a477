// Things in order of time with the searches that keep a frame's cost independent of their number.
import type { TraceEvent } from "../../api/traceEvent.ts";
import type { Instant } from "../../base/time.ts";

/** Whether an event asks for attention: a refusal, a Pod that fits nowhere, a container that fails. */
export function isAlarm(event: TraceEvent): boolean {
  switch (event.type) {
    case "request":
      return event.code >= 400;
    case "schedule":
      return event.outcome !== "scheduled";
    case "reconcile":
      return event.error !== undefined;
    case "container":
      return event.step === "failed" || event.step === "backOff" || event.step === "unready";
    case "fault":
      return !event.healed;
    default:
      return false;
  }
}

/** Events ordered by time, then by id. They arrive almost in order, so that adding is an append. */
export class Track {
  private readonly items: TraceEvent[] = [];
  /** At i: how many of the first i events are alarms. */
  private readonly alarmsBefore: number[] = [0];

  get length(): number {
    return this.items.length;
  }

  at(index: number): TraceEvent | undefined {
    return this.items[index];
  }

  add(event: TraceEvent): void {
    const last = this.items.at(-1);
    const index = last && isBefore(event, last) ? this.indexOf(event) : this.items.length;
    this.items.splice(index, 0, event);
    this.alarmsBefore.length = index + 1;
    for (let i = index; i < this.items.length; i++) {
      const item = this.items[i];
      this.alarmsBefore.push(
        (this.alarmsBefore[i] ?? 0) + (item !== undefined && isAlarm(item) ? 1 : 0),
      );
    }
  }

  /** The index of the first event at or after `time`; `length` if there is none. */
  firstAt(time: Instant, from = 0): number {
    return firstIndex(from, this.items.length, (i) => (this.items[i]?.at ?? 0) >= time);
  }

  /** As `firstAt`, in time that grows with the distance from `from` only. */
  nextAt(time: Instant, from: number): number {
    let step = 1;
    let low = from;
    while (low + step < this.items.length && (this.items[low + step]?.at ?? 0) < time) {
      low += step;
      step *= 2;
    }
    const high = Math.min(low + step, this.items.length);
    return firstIndex(low, high, (i) => (this.items[i]?.at ?? 0) >= time);
  }

  /** Where the event is, or would have to be. */
  indexOf(event: TraceEvent): number {
    return firstIndex(0, this.items.length, (i) => {
      const item = this.items[i];
      return item !== undefined && !isBefore(item, event);
    });
  }

  alarmsIn(from: number, to: number): number {
    return (this.alarmsBefore[to] ?? 0) - (this.alarmsBefore[from] ?? 0);
  }

  slice(from: number, to?: number): readonly TraceEvent[] {
    return this.items.slice(from, to);
  }
}

function isBefore(a: TraceEvent, b: TraceEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}

/** The first index in [low, high) that holds, given that all after it hold too; else `high`. */
export function firstIndex(low: number, high: number, holds: (index: number) => boolean): number {
  let [first, end] = [low, high];
  while (first < end) {
    const middle = (first + end) >>> 1;
    if (holds(middle)) end = middle;
    else first = middle + 1;
  }
  return first;
}
