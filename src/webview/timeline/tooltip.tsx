// What lies under the pointer, in words; or how long the stretch is that one marks.
import { humanDuration } from "../../base/time.ts";
import type { Measure } from "./chartPointer.ts";
import { sentenceOf } from "./describe.ts";
import { EventIcon } from "./icon.tsx";
import type { PlacedItem } from "./layout.ts";
import { exactTime } from "./ticks.ts";
import type { View, ViewProps } from "./view.ts";

interface TooltipProps extends ViewProps {
  readonly item: PlacedItem | undefined;
  readonly measure: Measure | undefined;
  /** From the layout's pixels to the chart's. */
  readonly offset: { readonly x: number; readonly y: number };
}

const shownOfCluster = 5;

export const Tooltip = ({ view, item, measure, offset }: TooltipProps) => {
  if (measure)
    return (
      <div class="measure" style={{ "--x": `${measure.x}px`, "--width": `${measure.width}px` }}>
        <span>{spanText(measure.to - measure.from)}</span>
      </div>
    );
  if (!item) return null;
  const side = item.x > 0.6 * window.innerWidth ? "left" : "right";
  return (
    <div
      class={`tooltip tooltip-${side}`}
      aria-hidden="true"
      style={{ "--x": `${item.x + offset.x}px`, "--y": `${item.y + offset.y}px` }}
    >
      <TooltipText view={view} item={item} />
    </div>
  );
};

const TooltipText = ({ view, item }: { view: View; item: PlacedItem }) => {
  const t = view.model.t.value;
  if (item.type !== "cluster") {
    const event = item.type === "pull" ? item.pull.start : item.event;
    return (
      <>
        <div class="tooltip-time">{exactTime(event.at)}</div>
        <div>
          <EventIcon event={event} /> {sentenceOf(event, t)}
        </div>
        {item.type === "pull" && item.pull.until !== undefined && (
          <div class="tooltip-time">
            {t("tooltip.took", spanText(item.pull.until - item.pull.start.at))}
          </div>
        )}
      </>
    );
  }
  const count = item.to - item.from;
  return (
    <>
      <div class="tooltip-time">
        {t("cluster.count", count)}
        {item.alarms > 0 && ` · ${t("cluster.alarms", item.alarms)}`}
      </div>
      {item.track.slice(item.from, Math.min(item.to, item.from + shownOfCluster)).map((event) => (
        <div key={event.id}>
          <EventIcon event={event} /> {sentenceOf(event, t)}
        </div>
      ))}
      {count > shownOfCluster && <div>{t("more", count - shownOfCluster)}</div>}
    </>
  );
};

/** "350ms", "12.5s", "5m12s" */
export function spanText(span: number): string {
  if (span < 1_000) return `${Math.round(span)}ms`;
  return span < 60_000 ? `${(span / 1_000).toFixed(1)}s` : humanDuration(span);
}
