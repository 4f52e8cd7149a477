// Events + viewport → what is where, in pixels. Pure; its cost follows from the size of the screen,
// not from the number of events: cells of equal time are counted by binary search.
import type { Fault } from "../../api/fault.ts";
import type { TraceEvent } from "../../api/traceEvent.ts";
import type { Instant } from "../../base/time.ts";
import type { NotReadySpan, TimelineNode } from "../../protocol.ts";
import type { EventIndex, LaneIndex, Pull } from "./eventIndex.ts";
import { isHeartbeat } from "./filters.ts";
import {
  hasReports,
  type Lane,
  laneOf,
  lanePadding,
  marksHeight,
  pullRowHeight,
  pullRowsOf,
  reportRowHeight,
  rowHeight,
} from "./lane.ts";
import { firstIndex, type Track } from "./track.ts";
import { type Scale, spanOf, xOf } from "./viewport.ts";

/** `y` is counted from the top of all lanes, whatever is scrolled away. */
export interface Placed {
  readonly lane: Lane;
  readonly x: number;
  readonly y: number;
}

/** Shares a lane's ground with its neighbours: the label ends where the next mark begins. */
interface Labelled {
  /** Free pixels from the middle of the mark to the right. */
  room: number;
}

export interface PlacedMark extends Placed, Labelled {
  readonly type: "mark";
  readonly event: TraceEvent;
}

/** More marks than a lane can stack in one cell of time. */
export interface PlacedCluster extends Placed {
  readonly type: "cluster";
  readonly track: Track;
  /** Indices into the track. */
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly alarms: number;
}

export interface PlacedPull extends Placed, Labelled {
  readonly type: "pull";
  readonly pull: Pull;
  readonly width: number;
}

export interface PlacedReport extends Placed {
  readonly type: "report";
  /** The first one of its few pixels. */
  readonly event: TraceEvent;
  /** A Node's status rather than a Lease. */
  readonly isTall: boolean;
}

export interface PlacedBand {
  readonly lane: Lane;
  readonly x: number;
  readonly width: number;
  readonly reason: Fault | NotReadySpan;
}

export type PlacedItem = PlacedMark | PlacedCluster | PlacedPull | PlacedReport;

export interface Layout {
  readonly scale: Scale;
  readonly now: Instant;
  readonly lanes: readonly Lane[];
  readonly marks: readonly PlacedMark[];
  readonly clusters: readonly PlacedCluster[];
  readonly pulls: readonly PlacedPull[];
  readonly reports: readonly PlacedReport[];
  readonly bands: readonly PlacedBand[];
}

export interface LayoutInput {
  readonly index: EventIndex;
  /** The lanes that are at least partly in sight. */
  readonly lanes: readonly Lane[];
  readonly nodes: readonly TimelineNode[];
  readonly scale: Scale;
  readonly now: Instant;
}

/** Half of a mark, in pixels. */
export const markRadius = 5.5;
/** A cell is this wide or up to twice as wide, so that zooming regroups rarely and panning never. */
const minCellWidth = 18;
const reportCellWidth = 4;
const minPullWidth = 4;

export function layOut({ index, lanes, nodes, scale, now }: LayoutInput): Layout {
  const marks: PlacedMark[] = [];
  const clusters: PlacedCluster[] = [];
  const pulls: PlacedPull[] = [];
  const reports: PlacedReport[] = [];
  const bands: PlacedBand[] = [];
  for (const lane of lanes) {
    const events = index.lane(lane.id);
    placeMarks(lane, events.marks, scale, marks, clusters);
    bands.push(...bandsOf(lane, events, nodes, scale, now));
    if (hasReports(lane.kind)) {
      reports.push(...reportsOf(lane, events.leases, scale, false));
      reports.push(...reportsOf(lane, events.statuses, scale, true));
    }
    if (lane.kind === "node") pulls.push(...pullsOf(lane, events, scale, now));
  }
  return { scale, now, lanes, marks, clusters, pulls, reports, bands };
}

/** The lanes that a window of `height` pixels, scrolled by `top`, shows at least in part. */
export function lanesInSight(lanes: readonly Lane[], top: number, height: number): readonly Lane[] {
  const from = firstIndex(0, lanes.length, (i) => {
    const lane = lanes[i];
    return lane !== undefined && lane.top + lane.height > top;
  });
  const to = firstIndex(from, lanes.length, (i) => (lanes[i]?.top ?? 0) >= top + height);
  return lanes.slice(from, to);
}

/** Where arrows end: beside a mark, a cluster or a report, `reach` pixels from its middle. */
export interface Anchor extends Placed {
  readonly reach: number;
}

/** Finds where events are drawn: at their mark, or at the cluster or pull that holds them. */
export function placer(
  layout: Layout,
  index: EventIndex,
): (event: TraceEvent) => Anchor | undefined {
  const lanes = new Map(layout.lanes.map((lane) => [lane.id, lane]));
  const marks = new Map(layout.marks.map((mark) => [mark.event.id, mark]));
  return (event) => {
    const lane = lanes.get(laneOf(event));
    if (!lane) return undefined;
    const x = xOf(layout.scale, event.at);
    if (isHeartbeat(event)) return { lane, x, y: reportsY(lane), reach: 2 };
    const pull = index.pullWith(event.id);
    if (pull) return { lane, x, y: pullY(lane, pull.row), reach: 1 };
    const mark = marks.get(event.id);
    if (mark) return { lane, x: mark.x, y: mark.y, reach: markRadius + 1 };
    const cluster = layout.clusters.find((each) => each.lane === lane && holds(each, event));
    return cluster
      ? { lane, x: cluster.x, y: cluster.y, reach: cluster.width / 2 + 1 }
      : { lane, x, y: middleOf(lane), reach: 0 };
  };
}

export function holds({ track, from, to }: PlacedCluster, event: TraceEvent): boolean {
  const index = track.indexOf(event);
  return index >= from && index < to && track.at(index)?.id === event.id;
}

/** The length of time of a cell: a power of two, so that the cells of two zoom levels nest. */
function cellSpan(scale: Scale, minWidth: number): number {
  return 2 ** Math.ceil(Math.log2((spanOf(scale) / scale.width) * minWidth));
}

function placeMarks(
  lane: Lane,
  track: Track,
  scale: Scale,
  marks: PlacedMark[],
  clusters: PlacedCluster[],
): void {
  const span = cellSpan(scale, minCellWidth);
  const firstCell = Math.floor(scale.from / span) - 1;
  const labels = new LabelRoom();
  let index = track.firstAt(firstCell * span);
  for (let event = track.at(index); event && event.at <= scale.to + span; event = track.at(index)) {
    const start = Math.floor(event.at / span) * span;
    const next = track.nextAt(start + span, index);
    const left = xOf(scale, start);
    const cell = { left, right: xOf(scale, start + span) };
    if (next - index > lane.rows) {
      const cluster = clusterOf(lane, track, index, next, cell);
      clusters.push(cluster);
      labels.block(cluster.x - cluster.width / 2);
    } else {
      for (const mark of stack(lane, track.slice(index, next), scale, cell)) {
        marks.push(mark);
        labels.add(mark);
      }
    }
    index = next;
  }
  labels.block(Number.POSITIVE_INFINITY);
}

interface Cell {
  readonly left: number;
  readonly right: number;
}

function clusterOf(
  lane: Lane,
  track: Track,
  from: number,
  to: number,
  { left, right }: Cell,
): PlacedCluster {
  const alarms = track.alarmsIn(from, to);
  const [x, y, width] = [(left + right) / 2, middleOf(lane), right - left - 2];
  return { type: "cluster", lane, track, from, to, x, y, width, alarms };
}

/** Marks of one cell lie one below the other, centred; none reaches into a neighbouring cell. */
function stack(
  lane: Lane,
  events: readonly TraceEvent[],
  scale: Scale,
  { left, right }: Cell,
): readonly PlacedMark[] {
  const middle = middleOf(lane);
  return events.map((event, i) => ({
    type: "mark",
    lane,
    event,
    x: Math.min(Math.max(xOf(scale, event.at), left + markRadius), right - markRadius),
    y: middle + (i - (events.length - 1) / 2) * rowHeight,
    room: Number.POSITIVE_INFINITY,
  }));
}

/** Marks wait here until something to their right ends the room for their label. */
class LabelRoom {
  private waiting: PlacedMark[] = [];

  add(mark: PlacedMark): void {
    this.waiting = this.waiting.filter((earlier) => {
      const isInTheWay = Math.abs(earlier.y - mark.y) < rowHeight - 2 && earlier.x <= mark.x;
      if (isInTheWay) earlier.room = mark.x - earlier.x - markRadius;
      return !isInTheWay;
    });
    this.waiting.push(mark);
  }

  block(x: number): void {
    for (const mark of this.waiting) mark.room = x - mark.x;
    this.waiting = [];
  }
}

function pullsOf(
  lane: Lane,
  { pulls }: LaneIndex,
  scale: Scale,
  now: Instant,
): readonly PlacedPull[] {
  const end = firstIndex(0, pulls.length, (i) => (pulls[i]?.start.at ?? 0) > scale.to);
  const placed: PlacedPull[] = [];
  const lastInRow = new Map<number, PlacedPull>();
  for (let i = firstInSight(pulls, scale.from, end); i < end; i++) {
    const pull = pulls[i];
    if (!pull) continue;
    const left = xOf(scale, pull.start.at);
    const right = xOf(scale, Math.min(pull.until ?? now, scale.to + spanOf(scale)));
    if (right < 0) continue;
    const width = Math.max(right - left, minPullWidth);
    const before = lastInRow.get(pull.row);
    if (before && right - before.x < minPullWidth) continue;
    if (before) before.room = left - before.x;
    const room = Number.POSITIVE_INFINITY;
    const item: PlacedPull = {
      ...{ type: "pull", lane, pull, x: left, y: pullY(lane, pull.row), width, room },
    };
    lastInRow.set(pull.row, item);
    placed.push(item);
  }
  return placed;
}

/** Pulls are ordered by start, not by end; one that lasts longer than this many others is missed. */
const longestOverlap = 200;

function firstInSight(pulls: readonly Pull[], from: Instant, end: number): number {
  const started = firstIndex(0, end, (i) => (pulls[i]?.start.at ?? 0) >= from);
  return Math.max(0, started - longestOverlap);
}

/** One tick for each pixel or two that holds any. */
function reportsOf(
  lane: Lane,
  track: Track,
  scale: Scale,
  isTall: boolean,
): readonly PlacedReport[] {
  const span = cellSpan(scale, reportCellWidth);
  const [placed, y]: [PlacedReport[], number] = [[], reportsY(lane)];
  let index = track.firstAt(scale.from);
  for (let event = track.at(index); event && event.at <= scale.to; event = track.at(index)) {
    placed.push({ type: "report", lane, event, x: xOf(scale, event.at), y, isTall });
    index = track.nextAt((Math.floor(event.at / span) + 1) * span, index);
  }
  return placed;
}

function bandsOf(
  lane: Lane,
  { faults }: LaneIndex,
  nodes: readonly TimelineNode[],
  scale: Scale,
  now: Instant,
): readonly PlacedBand[] {
  const notReady = lane.node ? nodes.find(({ name }) => name === lane.node)?.notReady : undefined;
  return [
    ...(notReady ?? []).map((reason) => ({ from: reason.from, to: reason.to, reason })),
    ...faults.map(({ fault, from, to }) => ({ from, to, reason: fault })),
  ].flatMap(({ from, to = now, reason }) => {
    if (from > scale.to || to < scale.from) return [];
    const left = Math.max(xOf(scale, from), -2);
    const right = Math.min(xOf(scale, to), scale.width + 2);
    return { lane, x: left, width: Math.max(right - left, 2), reason };
  });
}

function middleOf(lane: Lane): number {
  return lane.top + lanePadding + marksHeight(lane) / 2;
}

function pullY(lane: Lane, row: number): number {
  return (
    lane.top + lanePadding + marksHeight(lane) + ((row % pullRowsOf(lane)) + 0.5) * pullRowHeight
  );
}

function reportsY(lane: Lane): number {
  return lane.top + lane.height - lanePadding / 2 - reportRowHeight / 2;
}
