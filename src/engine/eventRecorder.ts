// Writes core/v1 Events as client-go's recorder does: a repeated one raises the count of the first.
import { Event as EventKind } from "../api/kinds/event.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import type { Event, ObjectReference } from "../api/types.ts";
import { hash } from "../base/random.ts";
import { formatTime, type Instant } from "../base/time.ts";
import type { Clock } from "./clock.ts";
import { EventCorrelator } from "./eventCorrelator.ts";
import type { LocalClient } from "./localClient.ts";
import { RecentMap } from "./recentMap.ts";

/** An Event that was written, or would have been but for the flood it was in. */
interface Told {
  readonly name: string;
  readonly firstAt: Instant;
  readonly count: number;
}

/** What one call of `record` says. */
interface Said {
  readonly reference: ObjectReference;
  readonly namespace: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Source: client-go tools/record, 1.34. */
export class EventRecorder {
  /** By what makes two events the same. Counts are kept: few may read events. */
  private readonly known = new RecentMap<Told>();
  private readonly correlator = new EventCorrelator();
  private sequence = 0;

  constructor(
    private readonly clock: Clock,
    private readonly client: LocalClient,
    private readonly source: { readonly component: string; readonly host?: string },
  ) {}

  /** Records that something happened to `object`. A failure to write it is dropped, as in the real one. */
  record(
    object: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const now = this.clock.now();
    const reference = referenceTo(object, fieldPath);
    // The object may have changed meanwhile: its resourceVersion does not make an event another one.
    const { resourceVersion: _, fieldPath: __, ...involved } = reference;
    const traits = { object: JSON.stringify(involved), type, reason, message };
    const combined = this.correlator.combine(traits, now);
    const told = this.tell(`${combined.key}\n${fieldPath ?? ""}`, reference.name ?? "");
    if (!this.correlator.admits(traits, now)) return;
    const namespace = object.metadata.namespace ?? "default";
    const said = { reference, namespace, type, reason, message: combined.message };
    try {
      if (told.count === 1 || !this.raiseCount(told, said)) this.create(told, said);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private tell(key: string, about: string): Told {
    const before = this.known.get(key);
    const now = this.clock.now();
    const told = before
      ? { ...before, count: before.count + 1 }
      : { name: this.newName(key, about), firstAt: now, count: 1 };
    this.known.set(key, told);
    return told;
  }

  private newName(key: string, about: string): string {
    const serial = (this.clock.now() * 1_000 + (this.sequence++ % 1_000)).toString(16);
    return `${about}.${serial}${(hash(key) & 0xfff).toString(16).padStart(3, "0")}`;
  }

  /** @returns false if the Event is not there, or no more */
  private raiseCount({ name, count }: Told, { namespace, message }: Said): boolean {
    const lastTimestamp = formatTime(this.clock.now());
    try {
      this.client.patch(EventKind, { namespace, name }, { count, lastTimestamp, message });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return false;
    }
  }

  private create(
    { name, count, firstAt }: Told,
    { reference, namespace, type, reason, message }: Said,
  ): void {
    const event: Event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: reference,
      type,
      reason,
      message,
      source: this.source,
      reportingComponent: this.source.component,
      reportingInstance: this.source.host ?? "",
      count,
      firstTimestamp: formatTime(firstAt),
      lastTimestamp: formatTime(this.clock.now()),
    };
    this.client.create(EventKind, event);
  }
}

function referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}
