// The state of the view as a small graph of signals, and what one can do with it. No DOM here.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { type Instant, type Millis, second } from "../../base/time.ts";
import type {
  TimelineFilters,
  TimelineInit,
  TimelineStatus,
  TimelineViewState,
} from "../../protocol.ts";
import { type Chain, chainOf } from "./chain.ts";
import { ClusterClock } from "./clusterClock.ts";
import { EventIndex } from "./eventIndex.ts";
import { EventLog } from "./eventLog.ts";
import { eventFilter, noFilters } from "./filters.ts";
import { arrangeLanes, type Lane, type LaneId, laneOf } from "./lane.ts";
import { translator } from "./texts.ts";
import {
  around,
  defaultSpan,
  following,
  followSpan,
  including,
  panned,
  spanOf,
  type Viewport,
  zoomed,
} from "./viewport.ts";

/** One event, or the events of a cluster that share a place. */
export type Selection =
  | { readonly type: "event"; readonly id: number }
  | { readonly type: "cluster"; readonly events: readonly TraceEvent[] };

export type Connection = "waiting" | "connected" | "lost";

const noStatus: TimelineStatus = {
  now: 0,
  paused: true,
  speed: 1,
  behind: false,
  faults: [],
  nodes: [],
};

export class TimelineModel {
  readonly connection: Signal<Connection> = signal("waiting");
  readonly init: Signal<TimelineInit | undefined> = signal(undefined);
  readonly status: Signal<TimelineStatus> = signal(noStatus);
  readonly now: Signal<Instant> = signal(0);
  readonly viewport: Signal<Viewport> = signal({ from: 0, to: defaultSpan });
  readonly follow = signal(true);
  readonly filters: Signal<TimelineFilters> = signal(noFilters);
  readonly selection: Signal<Selection | undefined> = signal(undefined);
  /** Where the keyboard is; Enter selects it. */
  readonly cursor: Signal<number | undefined> = signal(undefined);
  readonly isTextShown = signal(false);
  /** Grows with each batch: what depends on the events depends on it. */
  readonly version = signal(0);

  /** Changes once a second, for texts that speak of ages. */
  readonly nowSeconds = computed(() => Math.floor(this.now.value / second) * second);
  readonly t = computed(() => translator(this.init.value?.strings ?? {}));
  /** Whether a Pod of the user's own was ever scheduled, or tried to be. */
  readonly hasWorkload = signal(false);
  /** Whether what happened before has come: until then nothing can be said of it. */
  readonly hasHistory = signal(false);
  readonly lanes: ReadonlySignal<readonly Lane[]>;
  readonly chain: ReadonlySignal<Chain | undefined>;

  private eventLog = new EventLog();
  private eventIndex = new EventIndex(eventFilter(noFilters));
  private clock = new ClusterClock();
  private wishedSpan: Millis = defaultSpan;
  private toReveal: number | undefined;

  constructor(state?: TimelineViewState) {
    const nodeNames = computed(() => {
      this.version.value;
      return this.eventIndex.nodeNames().join("\n");
    });
    const nodesKey = computed(() => JSON.stringify(this.status.value.nodes.map(laneFacts)));
    this.lanes = computed(() => {
      nodesKey.value;
      const seen = new Set(nodeNames.value.split("\n").filter(Boolean));
      const isSearching = this.filters.value.text.trim() !== "";
      const isShown = (node: string): boolean => !isSearching || seen.has(node);
      return arrangeLanes(this.status.peek().nodes, seen, isShown);
    });
    this.chain = computed(() => {
      this.version.value;
      const selection = this.selection.value;
      return selection?.type === "event" ? chainOf(this.eventLog, selection.id) : undefined;
    });
    if (state) this.restore(state);
  }

  get log(): EventLog {
    return this.eventLog;
  }

  get index(): EventIndex {
    return this.eventIndex;
  }

  /** Begins anew with a cluster, keeping where one looked if it can be the same one. */
  start(init: TimelineInit, wallMs: number): void {
    this.eventLog = new EventLog();
    this.eventIndex = new EventIndex(eventFilter(this.filters.peek()));
    this.clock = new ClusterClock();
    this.init.value = init;
    this.hasWorkload.value = false;
    this.hasHistory.value = false;
    this.connection.value = "connected";
    this.version.value++;
    this.report(init.status, wallMs);
    if (this.viewport.peek().from > init.status.now) this.follow.value = true;
    this.tick(wallMs, true);
  }

  add(batch: readonly TraceEvent[]): void {
    if (this.eventLog.add(batch)) this.rebuildIndex();
    else for (const event of batch) this.eventIndex.add(event);
    this.hasWorkload.value ||= batch.some(isOfUser);
    this.hasHistory.value = true;
    this.version.value++;
    if (this.toReveal !== undefined) this.reveal(this.toReveal);
  }

  report(status: TimelineStatus, wallMs: number): void {
    this.status.value = status;
    this.clock.report(status, wallMs);
  }

  /** Lets time pass. `atOnce` moves to the followed span without a glide. */
  tick(wallMs: number, atOnce = false): void {
    this.now.value = this.clock.now(wallMs);
    if (!this.follow.peek()) return;
    const goal = followSpan(this.wishedSpan, this.status.peek().speed);
    const span = spanOf(this.viewport.peek());
    const next = atOnce || Math.abs(goal / span - 1) < 0.01 ? goal : span + (goal - span) * 0.12;
    this.setViewport(following(this.now.peek(), next));
  }

  toggleFollow(): void {
    this.follow.value = !this.follow.peek();
  }

  /** Shows a part of time of the user's choice, which ends following. */
  show(viewport: Viewport): void {
    this.follow.value = false;
    this.wishedSpan = spanOf(viewport);
    this.setViewport(viewport);
  }

  zoom(factor: number, anchor: number): void {
    this.show(zoomed(this.viewport.peek(), factor, anchor));
  }

  pan(share: number): void {
    this.show(panned(this.viewport.peek(), share));
  }

  showAll(): void {
    const first = this.eventIndex.events.at(0);
    this.show(around(first?.at ?? this.now.peek() - defaultSpan, this.now.peek()));
  }

  setFilters(filters: TimelineFilters): void {
    this.filters.value = filters;
    this.rebuildIndex();
    this.version.value++;
  }

  select(selection: Selection | undefined): void {
    this.selection.value = selection;
    this.cursor.value =
      selection?.type === "event" ? selection.id : (selection?.events[0]?.id ?? this.cursor.peek());
  }

  /** Selects an event and brings it into sight; one that is not known yet as soon as it is. */
  reveal(id: number): void {
    const event = this.eventLog.get(id);
    this.toReveal = event ? undefined : id;
    if (!event) return;
    this.select({ type: "event", id });
    this.bringIntoSight(event);
  }

  /** Puts the keyboard's cursor on an event. */
  moveCursor(event: TraceEvent | undefined): void {
    if (!event) return;
    this.cursor.value = event.id;
    this.bringIntoSight(event);
  }

  selectCursor(): void {
    const event = this.cursorEvent();
    if (event) this.select({ type: "event", id: event.id });
  }

  /** Walks one arrow back from what is selected. */
  selectCause(): void {
    const cause = this.chain.peek()?.causes[0];
    if (cause) this.reveal(cause.id);
  }

  selectEffect(): void {
    const effect = this.chain.peek()?.effects[0];
    if (effect) this.reveal(effect.id);
  }

  /** Zooms so that these events come apart. */
  showEvents(events: readonly TraceEvent[]): void {
    const [first, last] = [events[0], events.at(-1)];
    if (first && last) this.show(around(first.at, last.at));
  }

  laneOf(event: TraceEvent): Lane | undefined {
    const id = laneOf(event);
    return this.lanes.peek().find((lane) => lane.id === id);
  }

  /** The next or previous event of the cursor's lane. */
  neighbour(step: 1 | -1): TraceEvent | undefined {
    const current = this.cursorEvent();
    if (!current) return this.nearestInLane(this.lanes.peek()[0]?.id, this.middle());
    const { events } = this.eventIndex.lane(laneOf(current));
    return events.at(events.indexOf(current) + step);
  }

  /** The event nearest in time of the next lane, upwards or downwards, that has any. */
  laneNeighbour(step: 1 | -1): TraceEvent | undefined {
    const lanes = this.lanes.peek();
    const current = this.cursorEvent();
    const at = current?.at ?? this.middle();
    const own = current ? laneOf(current) : undefined;
    const start = own ? lanes.findIndex(({ id }) => id === own) : -1;
    for (let i = start + step; i >= 0 && i < lanes.length; i += step) {
      const found = this.nearestInLane(lanes[i]?.id, at);
      if (found) return found;
    }
    return undefined;
  }

  cursorEvent(): TraceEvent | undefined {
    const id = this.cursor.peek();
    return id === undefined ? undefined : this.eventLog.get(id);
  }

  state(inspectorSize: number | undefined): TimelineViewState {
    const selection = this.selection.value;
    return {
      version: 1,
      follow: this.follow.value,
      ...this.viewport.value,
      filters: this.filters.value,
      ...(selection?.type === "event" ? { selectedEvent: selection.id } : {}),
      isTextShown: this.isTextShown.value,
      ...(inspectorSize === undefined ? {} : { inspectorSize }),
    };
  }

  private restore(state: TimelineViewState): void {
    this.follow.value = state.follow;
    this.viewport.value = { from: state.from, to: state.to };
    this.wishedSpan = spanOf(state);
    this.filters.value = state.filters;
    this.isTextShown.value = state.isTextShown;
    if (state.selectedEvent !== undefined)
      this.selection.value = { type: "event", id: state.selectedEvent };
  }

  private rebuildIndex(): void {
    this.eventIndex = new EventIndex(eventFilter(this.filters.peek()));
    for (const event of this.eventLog.all()) this.eventIndex.add(event);
  }

  private bringIntoSight(event: TraceEvent): void {
    const shown = this.viewport.peek();
    const moved = including(shown, event.at);
    if (moved !== shown) this.show(moved);
  }

  private nearestInLane(lane: LaneId | undefined, at: Instant): TraceEvent | undefined {
    if (!lane) return undefined;
    const { events } = this.eventIndex.lane(lane);
    const next = events.firstAt(at);
    const [before, after] = [events.at(next - 1), events.at(next)];
    if (!before || !after) return before ?? after;
    return at - before.at < after.at - at ? before : after;
  }

  private middle(): Instant {
    const { from, to } = this.viewport.peek();
    return (from + to) / 2;
  }

  private setViewport(viewport: Viewport): void {
    this.viewport.value = viewport;
  }
}

function laneFacts({ name, isControlPlane }: { name: string; isControlPlane: boolean }): unknown {
  return [name, isControlPlane];
}

function isOfUser(event: TraceEvent): boolean {
  return event.type === "schedule" && event.pod.namespace !== "kube-system";
}
