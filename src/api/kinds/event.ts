// Event: what a component wants people to know about an object.
import type { Instant } from "../../base/time.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Event as EventObject } from "../types.ts";
import { nameColumn, timeSince } from "./columns.ts";
import { validateEvent } from "./event/validation.ts";

export const Event = defineKind<EventObject>({
  gvk: gvk("", "v1", "Event"),
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  nameRule: "pathSegment",
  checksMetadataLast: true,
  allowsCreateOnUpdate: true,
  fields: {
    "involvedObject.kind": (event) => event.involvedObject.kind ?? "",
    "involvedObject.namespace": (event) => event.involvedObject.namespace ?? "",
    "involvedObject.name": (event) => event.involvedObject.name ?? "",
    "involvedObject.uid": (event) => event.involvedObject.uid ?? "",
    "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingComponent: (event) => event.reportingComponent ?? "",
    source: (event) => event.source?.component || event.reportingComponent || "",
    type: (event) => event.type ?? "",
  },
  columns: [
    column("Last Seen", "string", lastSeen, { field: "core.v1.Event.lastTimestamp" }),
    column("Type", "string", (event) => event.type ?? "", { field: "core.v1.Event.type" }),
    column("Reason", "string", (event) => event.reason ?? "", { field: "core.v1.Event.reason" }),
    column("Object", "string", objectText, { field: "core.v1.Event.involvedObject" }),
    column("Subobject", "string", (event) => event.involvedObject?.fieldPath ?? "", {
      priority: 1,
      field: "core.v1.ObjectReference.fieldPath",
    }),
    column("Source", "string", sourceText, { priority: 1, field: "core.v1.Event.source" }),
    column("Message", "string", (event) => (event.message ?? "").trim(), {
      field: "core.v1.Event.message",
    }),
    column("First Seen", "string", firstSeen, {
      priority: 1,
      field: "core.v1.Event.firstTimestamp",
    }),
    column("Count", "string", ({ series, count }) => (series ? (series.count ?? 0) : count || 1), {
      priority: 1,
      field: "core.v1.Event.count",
    }),
    { ...nameColumn, priority: 1 },
  ],
  validate: (event) => validateEvent(event),
});

function firstSeen({ firstTimestamp, eventTime }: EventObject, now: Instant): string {
  return timeSince(firstTimestamp ?? eventTime, now);
}

function lastSeen(event: EventObject, now: Instant): string {
  if (event.series) return timeSince(event.series.lastObservedTime, now);
  return event.lastTimestamp ? timeSince(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText({ involvedObject }: EventObject): string {
  const { kind = "", name } = involvedObject ?? {};
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

/** Who reported it, and where. Source: printers.go formatEventSource. */
function sourceText({ source, reportingComponent, reportingInstance }: EventObject): string {
  const component = source?.component || reportingComponent || "";
  const instance = source?.host || reportingInstance;
  return instance ? `${component}, ${instance}` : component;
}
