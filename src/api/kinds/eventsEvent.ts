// Event of events.k8s.io: the stored objects of v1 Events, with newer names for their fields.
// Source: pkg/apis/events/v1/conversion.go, kubernetes v1.34.
import { defineKind } from "../kind.ts";
import { gvk, type KubeObject } from "../object.ts";
import type { Event as EventObject, EventsV1Event } from "../types.ts";
import { validateNewEvent, validateNewEventUpdate } from "./event/validateNewEvent.ts";
import { Event } from "./event.ts";

/** Fields by another name, in v1 and here. */
const renamed = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
] as const;

const selectable = [
  ["reason", "reason"],
  ["regarding.kind", "involvedObject.kind"],
  ["regarding.namespace", "involvedObject.namespace"],
  ["regarding.name", "involvedObject.name"],
  ["regarding.uid", "involvedObject.uid"],
  ["regarding.apiVersion", "involvedObject.apiVersion"],
  ["regarding.resourceVersion", "involvedObject.resourceVersion"],
  ["regarding.fieldPath", "involvedObject.fieldPath"],
  ["reportingController", "reportingComponent"],
  ["type", "type"],
] as const;

export const EventsEvent = defineKind<EventsV1Event>({
  gvk: gvk("events.k8s.io", "v1", "Event"),
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  nameRule: "pathSegment",
  checksMetadataLast: true,
  allowsCreateOnUpdate: true,
  storedAs: { kind: Event, toStored, fromStored },
  fields: Object.fromEntries(
    selectable.map(([field, stored]) => [
      field,
      (event: EventsV1Event) => Event.fields[stored]?.(toStored(event)) ?? "",
    ]),
  ),
  columns: Event.columns.map((column) => ({
    ...column,
    value: (event, now) => column.value(toStored(event), now),
  })),
  validate: (event) => validateNewEvent(toStored(event)),
  validateUpdate: (event, old) => validateNewEventUpdate(toStored(event), toStored(old)),
});

function toStored(event: KubeObject): EventObject {
  return rename(event, Event.apiVersion, (here, stored) => [stored, here]);
}

function fromStored(event: KubeObject): KubeObject {
  return rename(event, "events.k8s.io/v1", (here, stored) => [here, stored]);
}

/** @param direction gives the name that a field gets and the name that it has */
function rename<T extends KubeObject>(
  object: KubeObject,
  apiVersion: string,
  direction: (here: string, stored: string) => readonly [to: string, from: string],
): T {
  const fields: Record<string, unknown> = { ...object, apiVersion };
  for (const [stored, here] of renamed) {
    const [to, from] = direction(here, stored);
    if (fields[from] === undefined) continue;
    fields[to] = fields[from];
    delete fields[from];
  }
  return fields as unknown as T;
}
