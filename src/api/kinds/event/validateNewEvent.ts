// The stricter rules for Events that come by events.k8s.io, told in the names of the stored fields.
// Source: pkg/apis/core/validation/events.go, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Event } from "../../types.ts";
import { checkImmutable } from "../../validation/fields.ts";
import { validateObjectMeta } from "../../validation/objectMeta.ts";
import { validateEvent } from "./validation.ts";

const leastSeries = 2;

export function validateNewEvent(event: Event): FieldError[] {
  const { metadata, eventTime, type = "", source, count } = event;
  const unset = (field: string, isSet: boolean): FieldError[] =>
    isSet ? [invalid(FieldPath.of(field), "", "needs to be unset")] : [];
  return [
    ...validateEvent(event, "reportingController"),
    ...validateObjectMeta(metadata, { namespaced: true }),
    ...validateSeries(event),
    ...(eventTime ? [] : [required(FieldPath.of("eventTime"))]),
    ...(type === "Normal" || type === "Warning"
      ? []
      : [invalid(FieldPath.of("type"), "", `has invalid value: ${type}`)]),
    ...unset("firstTimestamp", event.firstTimestamp !== undefined),
    ...unset("lastTimestamp", event.lastTimestamp !== undefined),
    ...unset("count", (count ?? 0) !== 0),
    ...unset("source", Boolean(source?.component || source?.host)),
  ];
}

/** What one may not change; fields that the server prints as Go's zero when they are absent. */
const fixed = [
  ["involvedObject", null],
  ["reason", ""],
  ["message", ""],
  ["source", null],
  ["firstTimestamp", null],
  ["lastTimestamp", null],
  ["count", 0],
  ["reason", ""],
  ["type", ""],
  ["eventTime", null],
  ["action", ""],
  ["related", null],
  ["reportingComponent", ""],
  ["reportingInstance", ""],
] as const satisfies readonly (readonly [keyof Event, unknown])[];

export function validateNewEventUpdate(event: Event, old: Event): FieldError[] {
  return [
    ...validateEvent(event, "reportingController"),
    ...(dequal(event.series, old.series) ? [] : validateSeries(event)),
    ...fixed.flatMap(([field, zero]) =>
      checkImmutable(
        event[field] ?? zero,
        old[field] ?? zero,
        FieldPath.of(field === "reportingComponent" ? "reportingController" : field),
      ),
    ),
  ];
}

function validateSeries({ series }: Event): FieldError[] {
  if (!series) return [];
  return [
    ...((series.count ?? 0) < leastSeries
      ? [invalid(FieldPath.of("series.count"), "", `should be at least ${leastSeries}`)]
      : []),
    ...(series.lastObservedTime ? [] : [required(FieldPath.of("series.lastObservedTime"))]),
  ];
}
