// The events that pass the filters, sorted into what the layout draws: marks, pulls, ticks, bands.
import { type Fault, faultKey } from "../../api/fault.ts";
import type { ObjectRef } from "../../api/object.ts";
import type { ContainerEvent, TraceEvent } from "../../api/traceEvent.ts";
import type { Instant } from "../../base/time.ts";
import { isHeartbeat, isNodeStatus } from "./filters.ts";
import { type LaneId, laneOf, laneOfFault, pullRows } from "./lane.ts";
import { Track } from "./track.ts";

/** An image pull: from the "pulling" step to the step that ends it. */
export interface Pull {
  readonly start: TraceEvent & ContainerEvent;
  /** Absent while it goes on, and if the machine lost power meanwhile. */
  end?: TraceEvent & ContainerEvent;
  until?: Instant;
  /** Overlapping pulls of a node are drawn one above the other. */
  readonly row: number;
}

/** A fault from its injection to its healing. */
export interface FaultBand {
  readonly fault: Fault;
  readonly from: Instant;
  to?: Instant;
}

export interface LaneIndex {
  /** All that the lane shows, for the keyboard. */
  readonly events: Track;
  readonly marks: Track;
  readonly leases: Track;
  readonly statuses: Track;
  /** Ordered by start. */
  readonly pulls: Pull[];
  readonly faults: FaultBand[];
}

export class EventIndex {
  /** Of all lanes. */
  readonly events = new Track();
  private readonly lanes = new Map<LaneId, LaneIndex>();
  private readonly openPulls = new Map<string, Pull>();
  private readonly openFaults = new Map<string, FaultBand>();
  /** The pull that a "pulling" or "pulled" step is drawn with. */
  private readonly pullOf = new Map<number, Pull>();

  constructor(private readonly shows: (event: TraceEvent) => boolean) {}

  add(event: TraceEvent): void {
    if (event.type === "fault") this.follow(event.fault, event);
    if (!this.shows(event)) return;
    const lane = this.lane(laneOf(event));
    this.events.add(event);
    lane.events.add(event);
    if (isHeartbeat(event)) (isNodeStatus(event) ? lane.statuses : lane.leases).add(event);
    else if (!(event.type === "container" && this.isPartOfPull(event, lane.pulls)))
      lane.marks.add(event);
  }

  lane(id: LaneId): LaneIndex {
    const known = this.lanes.get(id);
    if (known) return known;
    const lane: LaneIndex = {
      events: new Track(),
      marks: new Track(),
      leases: new Track(),
      statuses: new Track(),
      pulls: [],
      faults: [],
    };
    this.lanes.set(id, lane);
    return lane;
  }

  pullWith(eventId: number): Pull | undefined {
    return this.pullOf.get(eventId);
  }

  /** Of the nodes that events speak of. */
  nodeNames(): readonly string[] {
    return [...this.lanes].flatMap(([id, { events }]) =>
      id.startsWith("node/") && events.length > 0 ? id.slice("node/".length) : [],
    );
  }

  private isPartOfPull(event: TraceEvent & ContainerEvent, pulls: Pull[]): boolean {
    const key = pullKey(event.node, event.pod, event.container);
    const open = this.openPulls.get(key);
    if (event.step === "pulling") {
      const pull: Pull = { start: event, row: freeRow(pulls, event.at) };
      pulls.push(pull);
      this.openPulls.set(key, pull);
      this.pullOf.set(event.id, pull);
      return true;
    }
    if (!open || !endsPull(event)) return false;
    this.openPulls.delete(key);
    open.end = event;
    open.until = event.at;
    if (event.step !== "pulled") return false;
    this.pullOf.set(event.id, open);
    return true;
  }

  private follow(fault: Fault, { at, healed }: TraceEvent & { healed: boolean }): void {
    const key = faultKey(fault);
    const open = this.openFaults.get(key);
    if (healed) {
      if (open) open.to = at;
      this.openFaults.delete(key);
    } else if (!open) {
      const band: FaultBand = { fault, from: at };
      this.lane(laneOfFault(fault)).faults.push(band);
      this.openFaults.set(key, band);
      if (fault.type === "powerOff") this.cutPulls(fault.node, at);
    }
  }

  /** A machine without power pulls nothing. */
  private cutPulls(node: string, at: Instant): void {
    for (const [key, pull] of this.openPulls)
      if (pull.start.node === node) {
        pull.until = at;
        this.openPulls.delete(key);
      }
  }
}

function endsPull({ step }: ContainerEvent): boolean {
  return step !== "pulling" && step !== "exited" && step !== "ready" && step !== "unready";
}

function pullKey(node: string, { namespace, name }: ObjectRef, container = ""): string {
  return `${node}/${namespace}/${name}/${container}`;
}

function freeRow(pulls: readonly Pull[], at: Instant): number {
  const busy = new Set(
    pulls.slice(-20).flatMap(({ until, row }) => (until === undefined || until > at ? row : [])),
  );
  for (let row = 0; row < pullRows; row++) if (!busy.has(row)) return row;
  return pulls.length % pullRows;
}
