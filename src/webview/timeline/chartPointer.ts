// Mouse and pen on the chart: the wheel zooms, a drag pans, a drag with Shift measures and zooms in.
import type { Signal } from "@preact/signals";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import type { Instant } from "../../base/time.ts";
import { itemAt } from "./hitTest.ts";
import type { Layout, PlacedItem } from "./layout.ts";
import type { TimelineModel } from "./model.ts";
import { timeAt, type Viewport } from "./viewport.ts";

/** A stretch of time that is being marked, in pixels and instants. */
export interface Measure {
  readonly x: number;
  readonly width: number;
  readonly from: Instant;
  readonly to: Instant;
}

interface Drag {
  readonly type: "pan" | "measure";
  readonly x: number;
  readonly y: number;
  readonly viewport: Viewport;
  readonly scrollTop: number;
  hasMoved: boolean;
}

const dragThreshold = 4;
const wheelZoom = 0.0022;
const minMeasureWidth = 6;

export class ChartPointer extends DisposableStore {
  private drag: Drag | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scroller: HTMLElement,
    private readonly model: TimelineModel,
    private readonly layout: () => Layout | undefined,
    private readonly shown: {
      readonly hovered: Signal<PlacedItem | undefined>;
      readonly measure: Signal<Measure | undefined>;
    },
  ) {
    super();
    this.add(listen(canvas, "wheel", (event) => this.wheel(event)));
    this.add(listen(canvas, "pointerdown", (event) => this.down(event)));
    this.add(listen(canvas, "pointermove", (event) => this.move(event)));
    this.add(listen(canvas, "pointerup", (event) => this.up(event)));
    this.add(listen(canvas, "pointercancel", () => this.cancel()));
    this.add(listen(canvas, "pointerleave", () => this.hover(undefined)));
    this.add(listen(canvas, "dblclick", (event) => this.doubleClick(event)));
  }

  private get width(): number {
    return this.canvas.clientWidth;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.altKey) this.scroller.scrollTop += event.deltaY;
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      this.model.pan((event.deltaX || event.deltaY) / this.width);
    else this.model.zoom(Math.exp(event.deltaY * wheelZoom), event.offsetX / this.width);
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = {
      type: event.shiftKey ? "measure" : "pan",
      x: event.offsetX,
      y: event.offsetY,
      viewport: this.model.viewport.peek(),
      scrollTop: this.scroller.scrollTop,
      hasMoved: false,
    };
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    if (!drag) this.hover(this.itemUnder(event));
    else this.dragTo(drag, event);
  }

  private dragTo(drag: Drag, event: PointerEvent): void {
    const [dx, dy] = [event.offsetX - drag.x, event.offsetY - drag.y];
    if (!drag.hasMoved && Math.hypot(dx, dy) < dragThreshold) return;
    drag.hasMoved = true;
    this.hover(undefined);
    if (drag.type === "measure") this.shown.measure.value = this.measureOf(drag, event.offsetX);
    else this.panFrom(drag, dx, dy);
  }

  private panFrom({ viewport, scrollTop }: Drag, dx: number, dy: number): void {
    const shift = (dx / this.width) * (viewport.to - viewport.from);
    this.scroller.scrollTop = scrollTop - dy;
    if (Math.abs(dx) >= dragThreshold || !this.model.follow.peek())
      this.model.show({ from: viewport.from - shift, to: viewport.to - shift });
  }

  private up(event: PointerEvent): void {
    const { drag } = this;
    const measured = this.shown.measure.peek();
    this.cancel();
    if (!drag?.hasMoved) this.click(event);
    else if (measured && measured.width >= minMeasureWidth)
      this.model.show({ from: measured.from, to: measured.to });
  }

  private click(event: PointerEvent): void {
    const item = this.itemUnder(event);
    if (!item) this.model.select(undefined);
    else if (item.type === "cluster")
      this.model.select({ type: "cluster", events: item.track.slice(item.from, item.to) });
    else
      this.model.select({
        type: "event",
        id: (item.type === "pull" ? item.pull.start : item.event).id,
      });
  }

  /** On a cluster: zooms in until its marks come apart; else towards the pointer. */
  private doubleClick(event: MouseEvent): void {
    const item = this.itemUnder(event);
    if (item?.type === "cluster") this.model.showEvents(item.track.slice(item.from, item.to));
    else this.model.zoom(0.4, event.offsetX / this.width);
  }

  private cancel(): void {
    this.drag = undefined;
    this.shown.measure.value = undefined;
  }

  private hover(item: PlacedItem | undefined): void {
    this.shown.hovered.value = item;
    this.canvas.classList.toggle("over-item", item !== undefined);
  }

  private itemUnder({ offsetX, offsetY }: MouseEvent): PlacedItem | undefined {
    const layout = this.layout();
    return layout && itemAt(layout, offsetX, offsetY + this.scroller.scrollTop);
  }

  private measureOf(drag: Drag, x: number): Measure {
    const scale = { ...this.model.viewport.peek(), width: this.width };
    const [left, right] = [Math.min(drag.x, x), Math.max(drag.x, x)];
    return {
      x: left,
      width: right - left,
      from: timeAt(scale, left),
      to: timeAt(scale, right),
    };
  }
}

function listen<K extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  type: K,
  listener: (event: HTMLElementEventMap[K]) => void,
): Disposable {
  element.addEventListener(type, listener, { passive: false });
  return disposable(() => element.removeEventListener(type, listener));
}
