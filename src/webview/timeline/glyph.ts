// The shape of each kind of event: told apart without colour. Paths are for a circle of radius 1.
import type { ContainerStep, TraceEvent, Verb } from "../../api/traceEvent.ts";
import { unreachable } from "../../base/assert.ts";
import { isAlarm } from "./track.ts";

export interface Glyph {
  /** SVG path data around the origin. */
  readonly path: string;
  readonly isFilled: boolean;
}

const circle = "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z";
const diamond = "M0 -1.1L1.1 0L0 1.1L-1.1 0Z";
const square = "M-.85 -.85H.85V.85H-.85Z";
const cross = "M-.8 -.8L.8 .8M.8 -.8L-.8 .8";
const hexagon = "M-1.05 0L-.52 -.95H.52L1.05 0L.52 .95H-.52Z";
const right = "M-.75 -1L1.05 0L-.75 1Z";
const down = "M-1 -.75H1L0 1.05Z";
const warning = "M0 -1.1L1.15 .9H-1.15ZM0 -.35V.25M0 .55V.62";
const hourglass = "M-.85 -1H.85L-.85 1H.85Z";
const bolt = "M.35 -1.3L-.8 .2H-.05L-.35 1.3L.8 -.25H.05Z";
const check = "M-1 .05L-.3 .75L1 -.75";
const arrowIn = "M0 -1V.6M-.75 -.1L0 .65L.75 -.1M-.85 1H.85";
const target = "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0ZM.35 0A.35 .35 0 1 1 -.35 0A.35 .35 0 1 1 .35 0Z";
const halfCircle = "M0 -1A1 1 0 0 1 0 1ZM0 -1A1 1 0 0 0 0 1";
const star = "M0 -1.2L.3 -.4L1.1 -.35L.45 .15L.7 1L0 .5L-.7 1L-.45 .15L-1.1 -.35L-.3 -.4Z";
const bar = "M-1 0H1";
const tick = "M0 -.9V.9";

const filled = (path: string): Glyph => ({ path, isFilled: true });
const hollow = (path: string): Glyph => ({ path, isFilled: false });

const verbGlyphs: Readonly<Record<Verb, Glyph>> = {
  get: hollow(circle),
  list: hollow(circle),
  watch: hollow(circle),
  create: filled(circle),
  update: filled(diamond),
  patch: hollow(diamond),
  delete: hollow(cross),
  deletecollection: hollow(cross),
};

const stepGlyphs: Readonly<Record<ContainerStep, Glyph>> = {
  pulling: hollow(arrowIn),
  pulled: hollow(arrowIn),
  created: hollow(circle),
  started: filled(right),
  ready: hollow(check),
  unready: hollow(halfCircle),
  exited: filled(square),
  failed: hollow(warning),
  backOff: hollow(hourglass),
  killing: hollow(down),
  removed: hollow(bar),
};

export function glyphOf(event: TraceEvent): Glyph {
  switch (event.type) {
    case "request":
      if (isAlarm(event)) return hollow(warning);
      return event.subresource === "binding" ? hollow(target) : verbGlyphs[event.verb];
    case "schedule":
      if (event.outcome === "scheduled") return filled(right);
      return event.outcome === "unschedulable" ? hollow(square) : hollow(warning);
    case "reconcile":
      return isAlarm(event) ? hollow(warning) : filled(hexagon);
    case "container":
      return stepGlyphs[event.step];
    case "report":
      return hollow(tick);
    case "election":
      return filled(star);
    case "fault":
      return event.healed ? hollow(bolt) : filled(bolt);
    default:
      return unreachable(event);
  }
}
