// Small pictures: VS Code's product icons, and our own marks as SVG.
import type { TraceEvent } from "../../api/traceEvent.ts";
import { type Glyph, glyphOf } from "./glyph.ts";
import { laneOf } from "./lane.ts";
import { isAlarm } from "./track.ts";

/** `name` is a codicon's, e.g. "debug-pause". The text beside it or the button's label says the same. */
export const Icon = ({ name }: { readonly name: string }) => (
  <span class={`codicon codicon-${name}`} aria-hidden="true" />
);

export const EventIcon = ({ event }: { readonly event: TraceEvent }) => {
  const lane = laneOf(event);
  const color = isAlarm(event) ? "alarm" : lane.startsWith("node/") ? "node" : lane;
  return <GlyphIcon glyph={glyphOf(event)} color={color} />;
};

interface GlyphIconProps {
  readonly glyph: Glyph;
  /** The last part of a `--timeline-*` variable. */
  readonly color: string;
}

export const GlyphIcon = ({ glyph, color }: GlyphIconProps) => (
  <svg class={`glyph glyph-${color}`} viewBox="-1.6 -1.6 3.2 3.2" aria-hidden="true">
    <path d={glyph.path} class={glyph.isFilled ? "filled" : "hollow"} />
  </svg>
);
