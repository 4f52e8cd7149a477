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
  /** The items' times, apart: searches touch nothing else. */
  private readonly times: number[] = [];
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
    if (last && isBefore(event, last)) this.insert(event);
    else this.append(event);
  }

  /** The index of the first event at or after `time`; `length` if there is none. */
  firstAt(time: Instant, from = 0): number {
    return this.firstTime(from, this.times.length, time);
  }

  /** As `firstAt`, in time that grows with the distance from `from` only. */
  nextAt(time: Instant, from: number): number {
    let step = 1;
    let low = from;
    while ((this.times[low + step] ?? Number.POSITIVE_INFINITY) < time) {
      low += step;
      step *= 2;
    }
    return this.firstTime(low, Math.min(low + step, this.times.length), time);
  }

  /** Where the event is, or would have to be. */
  indexOf(event: TraceEvent): number {
    let index = this.firstAt(event.at);
    for (let item = this.items[index]; item && isBefore(item, event); item = this.items[index])
      index++;
    return index;
  }

  alarmsIn(from: number, to: number): number {
    return (this.alarmsBefore[to] ?? 0) - (this.alarmsBefore[from] ?? 0);
  }

  slice(from: number, to?: number): readonly TraceEvent[] {
    return this.items.slice(from, to);
  }

  private append(event: TraceEvent): void {
    const before = this.alarmsBefore[this.items.length] ?? 0;
    this.items.push(event);
    this.times.push(event.at);
    this.alarmsBefore.push(before + Number(isAlarm(event)));
  }

  /** Takes the later ones off and puts them back behind it. */
  private insert(event: TraceEvent): void {
    const index = this.indexOf(event);
    const later = this.items.splice(index);
    this.times.length = index;
    this.alarmsBefore.length = index + 1;
    for (const item of [event, ...later]) this.append(item);
  }

  private firstTime(low: number, high: number, time: Instant): number {
    let [first, end] = [low, high];
    while (first < end) {
      const middle = (first + end) >>> 1;
      if ((this.times[middle] ?? 0) >= time) end = middle;
      else first = middle + 1;
    }
    return first;
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
