// The part of time that is shown, and how it is moved: pure sums.
import { day, type Instant, type Millis, minute, second } from "../../base/time.ts";

/** `from` and `to` need not be integers while one drags. */
export interface Viewport {
  readonly from: Instant;
  readonly to: Instant;
}

/** Where a moment is on the screen. */
export interface Scale extends Viewport {
  readonly width: number;
}

export const minSpan: Millis = 20;
export const maxSpan: Millis = 30 * day;
/** In follow mode, now is this far across the chart, so that its labels have room. */
export const nowPosition = 0.86;
/** Following at high speed, the whole chart passes by in no less than this much wall time. */
const calmWallMs: Millis = 25 * second;
export const defaultSpan: Millis = minute;

export function spanOf({ from, to }: Viewport): Millis {
  return to - from;
}

export function xOf({ from, to, width }: Scale, at: Instant): number {
  return ((at - from) / (to - from)) * width;
}

export function timeAt({ from, to, width }: Scale, x: number): Instant {
  return from + (x / width) * (to - from);
}

/** Magnifies by 1 / `factor`; the moment at `anchor` (0 to 1 across) stays where it is. */
export function zoomed(viewport: Viewport, factor: number, anchor: number): Viewport {
  const span = clampSpan(spanOf(viewport) * factor);
  const fixed = viewport.from + spanOf(viewport) * anchor;
  return { from: fixed - span * anchor, to: fixed + span * (1 - anchor) };
}

/** Moves by a share of what is shown; positive towards the future. */
export function panned(viewport: Viewport, share: number): Viewport {
  const shift = spanOf(viewport) * share;
  return { from: viewport.from + shift, to: viewport.to + shift };
}

export function following(now: Instant, span: Millis): Viewport {
  return { from: now - span * nowPosition, to: now + span * (1 - nowPosition) };
}

/** What to show while following: at least as much as keeps the movement calm at this speed. */
export function followSpan(wished: Millis, speed: number): Millis {
  return clampSpan(Math.max(wished, speed * calmWallMs));
}

const leastAroundMs: Millis = 60;

/** Everything between two moments, with a margin. */
export function around(from: Instant, to: Instant): Viewport {
  const span = clampSpan(Math.max((to - from) * 1.15, leastAroundMs));
  const middle = (from + to) / 2;
  return { from: middle - span / 2, to: middle + span / 2 };
}

/** The same span, moved as little as needed so that `at` is well inside. */
export function including(viewport: Viewport, at: Instant): Viewport {
  const span = spanOf(viewport);
  const margin = span * 0.1;
  if (at < viewport.from + margin) return { from: at - margin, to: at - margin + span };
  if (at > viewport.to - margin) return { from: at + margin - span, to: at + margin };
  return viewport;
}

function clampSpan(span: Millis): Millis {
  return Math.min(Math.max(span, minSpan), maxSpan);
}
