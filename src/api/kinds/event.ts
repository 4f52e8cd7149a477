// Event: what a component wants people to know about an object.

import { humanDuration, parseTime } from "../../base/time.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Event as EventObject } from "../types.ts";
import { validateEvent } from "./event/validation.ts";

export const Event = defineKind<EventObject>({
  gvk: gvk("", "v1", "Event"),
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  nameRule: "pathSegment",
  checksMetadataLast: true,
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
    source: (event) => event.source?.component ?? event.reportingComponent ?? "",
    type: (event) => event.type ?? "",
  },
  columns: [
    column("Last Seen", "string", (event, now) => {
      const last = parseTime(event.lastTimestamp ?? event.eventTime ?? "");
      return last === undefined ? "<unknown>" : humanDuration(now - last);
    }),
    column("Type", "string", (event) => event.type ?? ""),
    column("Reason", "string", (event) => event.reason ?? ""),
    column(
      "Object",
      "string",
      ({ involvedObject: { kind = "", name = "" } }) => `${kind.toLowerCase()}/${name}`,
    ),
    column("Message", "string", (event) => (event.message ?? "").trim()),
  ],
  validate: validateEvent,
});
