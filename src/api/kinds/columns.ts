// Columns that many kinds print. Source: pkg/printers/internalversion/printers.go, 1.34.
import { humanDuration, type Instant, parseTime } from "../../base/time.ts";
import { type Column, column } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { PodSpec } from "../types.ts";

export const nameColumn = column<KubeObject>("Name", "string", ({ metadata }) => metadata.name, {
  format: "name",
  field: "meta.v1.ObjectMeta.name",
});

/** Time since creation, as kubectl prints it. */
export const ageColumn = column<KubeObject>(
  "Age",
  "string",
  ({ metadata }, now) => timeSince(metadata.creationTimestamp, now),
  { field: "meta.v1.ObjectMeta.creationTimestamp" },
);

/** The instant of creation, which clients make an age of. */
export const createdAtColumn = column<KubeObject>(
  "Created At",
  "date",
  ({ metadata }) => metadata.creationTimestamp ?? null,
  { field: "meta.v1.ObjectMeta.creationTimestamp" },
);

/** "5m12s"; "<unknown>" for a time that is missing. Source: translateTimestampSince. */
export function timeSince(time: string | undefined, now: Instant): string {
  const at = parseTime(time ?? "");
  return at === undefined ? "<unknown>" : humanDuration(now - at);
}

/** Names and images of a Pod template's containers, for wide output. */
export function containerColumns<T>(
  podSpecOf: (object: T) => PodSpec | undefined,
  priority = 1,
): readonly [Column<T>, Column<T>] {
  const joined = (object: T, field: "name" | "image"): string =>
    (podSpecOf(object)?.containers ?? []).map((container) => container[field] ?? "").join(",");
  return [
    column<T>("Containers", "string", (object) => joined(object, "name"), {
      priority,
      description: "Names of each container in the template.",
    }),
    column<T>("Images", "string", (object) => joined(object, "image"), {
      priority,
      description: "Images referenced by each container in the template.",
    }),
  ];
}

/** "a=b,c=d" in the order of the keys; "<none>" without labels. Source: labels.FormatLabels. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.sort().join(",") || "<none>";
}

/** At most three items, and how many more there are. Source: listWithMoreString. */
export function shortList(items: readonly string[], absent = "<unset>"): string {
  const shown = items.slice(0, 3).join(",");
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown || absent;
}
