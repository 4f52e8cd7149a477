// Where an event belongs: the lanes of the timeline, one for each component that acts.
import type { Fault } from "../../api/fault.ts";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { unreachable } from "../../base/assert.ts";
import type { TimelineNode } from "../../protocol.ts";

export type LaneId = "api" | "scheduler" | "controllers" | `node/${string}`;
export type LaneKind = "api" | "scheduler" | "controllers" | "node";

export interface Lane {
  readonly id: LaneId;
  readonly kind: LaneKind;
  /** Of a node's lane: its name. */
  readonly node?: string;
  readonly isControlPlane: boolean;
  /** The node is no longer in the cluster, or its lane is known from events alone. */
  readonly isGone: boolean;
  /** How many marks are stacked. */
  readonly rows: number;
  readonly top: number;
  readonly height: number;
}

/** Marks are stacked this far apart, in pixels. */
export const rowHeight = 15;
/** How many marks of one instant a lane stacks before it counts them; fewer where nodes are many. */
const roomyRows = 3;
const compactRows = 1;
const fewNodes = 12;
export const lanePadding = 6;
/** A node's lane has two rows for image pulls, a compact one draws them over each other. */
export const pullRows = 2;
export const pullRowHeight = 13;
/** Heartbeats are ticks in a thin row at the bottom of the lane: what nodes report, and its writes. */
export const reportRowHeight = 10;

export function laneOf(event: TraceEvent): LaneId {
  switch (event.type) {
    case "request":
    case "election":
      return "api";
    case "schedule":
      return "scheduler";
    case "reconcile":
      return "controllers";
    case "container":
    case "report":
      return `node/${event.node}`;
    case "fault":
      return laneOfFault(event.fault);
    default:
      return unreachable(event);
  }
}

export function laneOfFault(fault: Fault): LaneId {
  if ("node" in fault) return `node/${fault.node}`;
  if (fault.type === "stopController") return "controllers";
  if (fault.type !== "stopComponent") return "api";
  switch (fault.component) {
    case "kube-apiserver":
      return "api";
    case "kube-scheduler":
      return "scheduler";
    case "kube-controller-manager":
      return "controllers";
  }
}

/** Rows for pulls that a lane has room for. */
export function pullRowsOf({ rows }: Pick<Lane, "rows">): number {
  return Math.min(rows, pullRows);
}

/** The lanes from top to bottom: the control plane's components, its node, the workers, what is gone. */
export function arrangeLanes(
  nodes: readonly TimelineNode[],
  nodesSeen: Iterable<string>,
  isShown: (node: string) => boolean = () => true,
): readonly Lane[] {
  const known = new Set(nodes.map(({ name }) => name));
  const lanes: Omit<Lane, "top" | "height" | "rows">[] = [
    ...(["api", "scheduler", "controllers"] as const).map((id) => ({
      id,
      kind: id,
      isControlPlane: true,
      isGone: false,
    })),
    ...[...nodes]
      .filter(({ name }) => isShown(name))
      .sort(byRoleAndName)
      .map(({ name, isControlPlane }) => ({
        ...nodeRow(name),
        isControlPlane,
        isGone: false,
      })),
    ...[...nodesSeen]
      .filter((name) => !known.has(name) && isShown(name))
      .sort(compareNames)
      .map((name) => ({ ...nodeRow(name), isControlPlane: false, isGone: true })),
  ];
  let top = 0;
  const isCompact = lanes.length > fewNodes;
  return lanes.map((lane) => {
    const rows = isCompact && lane.kind === "node" ? compactRows : roomyRows;
    const placed = { ...lane, rows, top, height: heightOf(lane.kind, rows) };
    top += placed.height;
    return placed;
  });
}

export function hasReports(kind: LaneKind): boolean {
  return kind === "node" || kind === "api";
}

/** The height of the part of a lane that holds the stacked marks. */
export function marksHeight({ rows }: Pick<Lane, "rows">): number {
  return rows * rowHeight;
}

function heightOf(kind: LaneKind, rows: number): number {
  const pulls = kind === "node" ? pullRowsOf({ rows }) * pullRowHeight : 0;
  const reports = hasReports(kind) ? reportRowHeight : 0;
  return marksHeight({ rows }) + pulls + reports + 2 * lanePadding;
}

function nodeRow(name: string): { id: LaneId; kind: "node"; node: string } {
  return { id: `node/${name}`, kind: "node", node: name };
}

function byRoleAndName(a: TimelineNode, b: TimelineNode): number {
  return Number(b.isControlPlane) - Number(a.isControlPlane) || compareNames(a.name, b.name);
}

/** worker-2 comes before worker-10. */
function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
