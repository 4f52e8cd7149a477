// Writes core/v1 Events as client-go's recorder does: a repeated one raises the count of the first.
import { Event as EventKind } from "../api/kinds/event.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import type { Event, ObjectReference } from "../api/types.ts";
import { hash } from "../base/random.ts";
import { formatTime } from "../base/time.ts";
import type { Clock } from "./clock.ts";
import type { LocalClient } from "./localClient.ts";

/** Source: client-go tools/record, 1.34. */
export class EventRecorder {
  /** The events written, by what makes two events the same. Counts are kept: few may read events. */
  private readonly known = new Map<string, { readonly name: string; count: number }>();
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
    const reference = referenceTo(object, fieldPath);
    // The object may have changed meanwhile: its resourceVersion does not make an event another one.
    const { resourceVersion: _, ...involved } = reference;
    const identity = JSON.stringify([involved, type, reason, message]);
    try {
      if (!this.raiseCount(identity, object))
        this.create(identity, object, { reference, type, reason, message });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private raiseCount(identity: string, object: KubeObject): boolean {
    const known = this.known.get(identity);
    if (known === undefined) return false;
    const key = { namespace: object.metadata.namespace ?? "default", name: known.name };
    try {
      this.client.patch(EventKind, key, {
        count: known.count + 1,
        lastTimestamp: formatTime(this.clock.now()),
      });
      known.count++;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.known.delete(identity);
      return false;
    }
  }

  private create(
    identity: string,
    object: KubeObject,
    {
      reference,
      type,
      reason,
      message,
    }: { reference: ObjectReference; type: string; reason: string; message: string },
  ): void {
    const now = this.clock.now();
    const serial = (now * 1_000 + (this.sequence++ % 1_000)).toString(16);
    const name = `${object.metadata.name}.${serial}${(hash(identity) & 0xfff).toString(16).padStart(3, "0")}`;
    const namespace = object.metadata.namespace ?? "default";
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
      count: 1,
      firstTimestamp: formatTime(now),
      lastTimestamp: formatTime(now),
    };
    this.client.create(EventKind, event);
    this.known.set(identity, { name, count: 1 });
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
