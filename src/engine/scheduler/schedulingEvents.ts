// Events of events.k8s.io, as kube-scheduler writes them: one that comes again becomes a series, whose
// count is written at its second time, every half an hour, and when it has ended.
// Source: client-go tools/events/event_broadcaster.go and event_recorder.go, 1.34.
import { EventsEvent } from "../../api/kinds/eventsEvent.ts";
import type { KubeObject } from "../../api/object.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import type { EventsV1Event, ObjectReference } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import { formatMicroTime, type Instant, type Millis, minute } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { LocalClient } from "../localClient.ts";

export interface SchedulingEvent {
  readonly regarding: KubeObject;
  readonly related?: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  /** What was being done. */
  readonly action: string;
  readonly note: string;
  /** Who reports it: the name of the profile. */
  readonly reporter: string;
}

/** finishTime: a series that is silent for so long is over. */
const finishMs: Millis = 6 * minute;
/** refreshTime: how often the counts of series that go on are written. */
const refreshMs: Millis = 30 * minute;

interface Known {
  readonly event: EventsV1Event;
  readonly at: Instant;
  /** Absent for what came once. */
  series?: { count: number; lastAt: Instant };
}

export class SchedulingEvents extends DisposableStore {
  private readonly known = new Map<string, Known>();
  private sequence = 0;

  /** @param host where the scheduler runs */
  constructor(
    private readonly clock: Clock,
    private readonly client: LocalClient,
    private readonly host: string,
  ) {
    super();
    this.add(clock.every(finishMs, "end series of events", () => this.finish()));
    this.add(clock.every(refreshMs, "write series of events", () => this.refresh()));
  }

  /** A failure to write it is dropped. */
  record(said: SchedulingEvent): void {
    const now = this.clock.now();
    const event = this.eventOf(said, now);
    // The note is none of what makes two events one; the version of the object is.
    const { type, reason, action, reportingController, regarding } = event;
    const key = JSON.stringify([type, reason, action, reportingController, regarding]);
    const known = this.known.get(key);
    if (!known) {
      this.known.set(key, { event, at: now });
      this.create(event);
    } else if (known.series) {
      known.series.count++;
      known.series.lastAt = now;
    } else {
      known.series = { count: 2, lastAt: now };
      this.write(known);
    }
  }

  private eventOf(said: SchedulingEvent, now: Instant): EventsV1Event {
    const { regarding, related, type, reason, action, note, reporter } = said;
    const { name, namespace = "default" } = regarding.metadata;
    const serial = BigInt(now) * 1_000_000n + BigInt(this.sequence++ % 1_000_000);
    return {
      apiVersion: EventsEvent.apiVersion,
      kind: "Event",
      metadata: { name: `${name}.${serial.toString(16)}`, namespace },
      eventTime: formatMicroTime(now),
      reportingController: reporter,
      reportingInstance: `${reporter}-${this.host}`,
      action,
      reason,
      regarding: referenceTo(regarding),
      ...(related ? { related: referenceTo(related) } : {}),
      note,
      type,
    };
  }

  private finish(): void {
    const limit = this.clock.now() - finishMs;
    for (const [key, known] of this.known) {
      if ((known.series?.lastAt ?? known.at) >= limit) continue;
      if (known.series) this.write(known);
      this.known.delete(key);
    }
  }

  private refresh(): void {
    for (const known of this.known.values()) if (known.series) this.write(known);
  }

  private write({ event, series }: Known): void {
    if (!series) return;
    const { namespace = "", name } = event.metadata;
    const told = { count: series.count, lastObservedTime: formatMicroTime(series.lastAt) };
    try {
      this.client.patch(EventsEvent, { namespace, name }, { series: told }, { type: "strategic" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (hasReason(error, "NotFound")) this.create({ ...event, series: told });
    }
  }

  private create(event: EventsV1Event): void {
    try {
      this.client.create(EventsEvent, event);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    apiVersion,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
