// All that was recorded, at a glance, with the part that the chart shows. A drag moves that part; the
// keyboard does the same in the chart itself.
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Instant } from "../../base/time.ts";
import type { TimelineModel } from "./model.ts";
import type { Theme } from "./theme.ts";
import type { View, ViewProps } from "./view.ts";
import { type Scale, spanOf, timeAt, xOf } from "./viewport.ts";

const height = 26;
const barWidth = 3;

export const Minimap = ({ view }: ViewProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    if (!surface) return undefined;
    let frame = 0;
    const repaint = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        paint(surface, view);
      });
    };
    const stop = effect(() => {
      const { viewport, nowSeconds, version } = view.model;
      for (const { value: _ } of [viewport, nowSeconds, version, view.theme]);
      repaint();
    });
    const observer = new ResizeObserver(repaint);
    observer.observe(surface);
    return () => {
      stop();
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [view]);
  return (
    <canvas
      class="minimap"
      ref={canvas}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(view.model, event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) moveTo(view.model, event);
      }}
    />
  );
};

function moveTo(model: TimelineModel, event: PointerEvent & { currentTarget: HTMLElement }): void {
  const scale = wholeScale(model, event.currentTarget.clientWidth);
  const middle = timeAt(scale, event.offsetX);
  const half = spanOf(model.viewport.peek()) / 2;
  model.show({ from: middle - half, to: middle + half });
}

function wholeScale(model: TimelineModel, width: number): Scale {
  const now = model.nowSeconds.peek() + 1_000;
  const first: Instant = model.index.events.at(0)?.at ?? now - 60_000;
  return { from: first, to: Math.max(now, first + 1_000), width };
}

function paint(canvas: HTMLCanvasElement, { model, theme }: View): void {
  const context = canvas.getContext("2d");
  const width = canvas.clientWidth;
  if (!context || width === 0) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const scale = wholeScale(model, width);
  const colors = theme.peek();
  paintBars(context, model, scale, colors);
  paintWindow(context, model, scale, colors);
}

/** Each bar's height is the logarithm of the number of events; a dot above it marks problems. */
function paintBars(
  context: CanvasRenderingContext2D,
  model: TimelineModel,
  scale: Scale,
  theme: Theme,
): void {
  const { events } = model.index;
  let index = 0;
  for (let x = 0; x < scale.width && index < events.length; x += barWidth) {
    const next = events.nextAt(timeAt(scale, x + barWidth), index);
    const start = (events.at(index)?.at ?? 0) < timeAt(scale, x + barWidth) ? index : next;
    const count = next - start;
    if (count > 0) {
      const tall = Math.min(height - 5, 2 + Math.log2(1 + count) * 2.6);
      context.fillStyle = theme.muted;
      context.fillRect(x, height - tall, barWidth - 1, tall);
      if (events.alarmsIn(start, next) > 0) {
        context.fillStyle = theme.alarm;
        context.fillRect(x - 0.5, 1, barWidth, 3);
      }
    }
    index = count > 0 ? next : index;
  }
}

function paintWindow(
  context: CanvasRenderingContext2D,
  model: TimelineModel,
  scale: Scale,
  theme: Theme,
): void {
  const { from, to } = model.viewport.peek();
  const left = Math.max(xOf(scale, from), 0);
  const right = Math.min(xOf(scale, to), scale.width);
  const width = Math.max(right - left, 4);
  context.globalAlpha = 0.14;
  context.fillStyle = theme.text;
  context.fillRect(left, 0, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = theme.focus;
  context.lineWidth = 1.5;
  context.strokeRect(left + 0.75, 0.75, width - 1.5, height - 1.5);
}
