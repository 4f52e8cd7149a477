// The marks of the time axis: round instants, and how exactly they have to be written.
import {
  day,
  formatTime,
  formatTimeOfDay,
  hour,
  type Instant,
  type Millis,
  minute,
  second,
} from "../../base/time.ts";
import { type Scale, spanOf, xOf } from "./viewport.ts";

export interface Tick {
  readonly at: Instant;
  readonly x: number;
  readonly label: string;
}

const steps: readonly Millis[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 5, 10].map((n) => n * day),
];

export function ticksOf(scale: Scale, spacing = 100): readonly Tick[] {
  const wanted = (spanOf(scale) / Math.max(scale.width, 1)) * spacing;
  const step = steps.find((candidate) => candidate >= wanted) ?? 10 * day;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(scale.from / step) * step; at <= scale.to; at += step)
    ticks.push({ at, x: xOf(scale, at), label: labelOf(at, step) });
  return ticks;
}

/** "09:00:05.120": as exact as the trace. */
export function exactTime(at: Instant): string {
  const whole = Math.round(at);
  return `${formatTimeOfDay(whole)}.${String(((whole % second) + second) % second).padStart(3, "0")}`;
}

/** "2026-01-31 09:00:00 UTC" */
export function dateAndTime(at: Instant): string {
  return formatTime(Math.round(at)).replace("T", " ").replace("Z", " UTC");
}

function labelOf(at: Instant, step: Millis): string {
  if (step < second) return exactTime(at);
  if (step < minute) return formatTimeOfDay(at);
  return step < day ? formatTimeOfDay(at).slice(0, 5) : formatTime(at).slice(0, 10);
}
