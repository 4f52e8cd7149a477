// The picture: lane names, time axis, and a canvas that is repainted when anything it shows changes.
import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Axis, axisHeight } from "./axis.tsx";
import { ChartPointer, type Measure } from "./chartPointer.ts";
import { labelOf } from "./describe.ts";
import { draw } from "./draw.ts";
import { handleKey } from "./keyboard.ts";
import { LaneLabels } from "./lanes.tsx";
import { type Layout, lanesInSight, layOut, type PlacedBand, type PlacedItem } from "./layout.ts";
import type { Translate } from "./texts.ts";
import { Tooltip } from "./tooltip.tsx";
import type { View, ViewProps } from "./view.ts";

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Kept in step with `--lane-label-width` of the style sheet by measuring the canvas. */
export const Chart = ({ view }: ViewProps) => {
  const { model } = view;
  const size = useSignal<ChartSize>({ width: 0, height: 0 });
  const scrollTop = useSignal(0);
  const isKeyboardIn = useSignal(false);
  const hovered = useSignal<PlacedItem | undefined>(undefined);
  const measure = useSignal<Measure | undefined>(undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const [surface, box] = [canvas.current, scroller.current];
    if (!surface || !box) return undefined;
    const painter = new Painter(surface, view, { size, scrollTop, isKeyboardIn, hovered });
    const pointer = new ChartPointer(surface, box, model, () => painter.layout, {
      hovered,
      measure,
    });
    const observer = new ResizeObserver(() => {
      size.value = { width: surface.clientWidth, height: box.clientHeight };
    });
    observer.observe(surface);
    observer.observe(box);
    const stopScrolling = effect(() => scrollToCursor(view, box));
    return () => {
      stopScrolling();
      observer.disconnect();
      pointer.dispose();
      painter.dispose();
    };
  }, [view]);

  const t = model.t.value;
  const lanes = model.lanes.value;
  const last = lanes.at(-1);
  const { width, height } = size.value;
  return (
    <div class="chart">
      <div class="chart-head">
        <div class="chart-corner">{t("axis.clusterTime")}</div>
        <Axis view={view} width={width} />
      </div>
      <div
        class="chart-scroll"
        ref={scroller}
        onScroll={({ currentTarget }) => {
          scrollTop.value = currentTarget.scrollTop;
        }}
      >
        <div class="chart-content" style={{ height: `${last ? last.top + last.height : 0}px` }}>
          <LaneLabels
            lanes={lanesInSight(lanes, scrollTop.value, Math.max(height, 400))}
            status={model.status.value}
            t={t}
          />
          <div
            class="chart-surface"
            role="application"
            aria-roledescription={t("chart.role")}
            aria-label={t("chart.label")}
            aria-describedby="chart-keys"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is driven by the keyboard
            tabIndex={0}
            onFocus={() => {
              isKeyboardIn.value = true;
            }}
            onBlur={() => {
              isKeyboardIn.value = false;
            }}
            onKeyDown={(event) => {
              if (handleKey(view, event)) event.preventDefault();
            }}
          >
            <canvas ref={canvas} style={{ height: `${height}px` }} />
          </div>
        </div>
      </div>
      <Tooltip
        view={view}
        item={hovered.value}
        measure={measure.value}
        offset={{ x: 0, y: axisHeight - scrollTop.value }}
      />
    </div>
  );
};

interface PainterState {
  readonly size: { readonly value: ChartSize };
  readonly scrollTop: { readonly value: number };
  readonly isKeyboardIn: { readonly value: boolean };
  readonly hovered: { readonly value: PlacedItem | undefined };
}

/** Repaints once a frame at most, when a signal that the picture depends on has changed. */
class Painter {
  layout: Layout | undefined;
  private frame = 0;
  private readonly stop: () => void;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly view: View,
    private readonly state: PainterState,
  ) {
    this.stop = effect(() => {
      this.touchSignals();
      this.frame ||= requestAnimationFrame(() => this.paint());
    });
  }

  dispose(): void {
    this.stop();
    cancelAnimationFrame(this.frame);
  }

  private touchSignals(): void {
    const { model, theme } = this.view;
    const { size, scrollTop, isKeyboardIn, hovered } = this.state;
    for (const { value: _ } of [size, scrollTop, isKeyboardIn, hovered, theme]);
    for (const { value: _ } of [model.viewport, model.now, model.version, model.lanes]);
    for (const { value: _ } of [model.status, model.chain, model.cursor, model.t]);
  }

  private paint(): void {
    this.frame = 0;
    const { model, theme } = this.view;
    const { width, height } = this.state.size.value;
    const context = this.canvas.getContext("2d");
    if (!context || width <= 0 || height <= 0) return;
    this.fitToDevice(context, width, height);
    const scrollTop = this.state.scrollTop.value;
    const [index, t] = [model.index, model.t.value];
    this.layout = layOut({
      index,
      lanes: lanesInSight(model.lanes.value, scrollTop, height),
      nodes: model.status.value.nodes,
      scale: { ...model.viewport.value, width },
      now: model.now.value,
    });
    draw(context, {
      layout: this.layout,
      index,
      theme: theme.value,
      chain: model.chain.value,
      cursor: model.cursorEvent(),
      isKeyboardIn: this.state.isKeyboardIn.value,
      hovered: this.state.hovered.value,
      height,
      scrollTop,
      label: (event) => labelOf(event, t),
      pullLabel: ({ start }) => start.message,
      bandLabel: (band) => bandLabel(band, t),
    });
  }

  private fitToDevice(context: CanvasRenderingContext2D, width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w) this.canvas.width = w;
    if (this.canvas.height !== h) this.canvas.height = h;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }
}

function bandLabel({ reason }: PlacedBand, t: Translate): string {
  if ("status" in reason) return t("band.notReady", reason.status);
  return reason.type === "powerOff" ? t("band.poweredOff") : t("band.stopped");
}

/** The lane of the keyboard's cursor, or of the selection, is scrolled into sight. */
function scrollToCursor({ model }: View, box: HTMLElement): void {
  if (model.cursor.value === undefined) return;
  const event = model.cursorEvent();
  const lane = event && model.laneOf(event);
  if (!lane) return;
  if (lane.top < box.scrollTop) box.scrollTop = lane.top;
  else if (lane.top + lane.height > box.scrollTop + box.clientHeight)
    box.scrollTop = lane.top + lane.height - box.clientHeight;
}
