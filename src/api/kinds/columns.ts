// Columns that many kinds print.
import { humanDuration, parseTime } from "../../base/time.ts";
import { column } from "../kind.ts";
import type { KubeObject } from "../object.ts";

/** Time since creation, as kubectl prints it. */
export const ageColumn = column<KubeObject>("Age", "string", ({ metadata }, now) => {
  const created = parseTime(metadata.creationTimestamp ?? "");
  return created === undefined ? "<unknown>" : humanDuration(now - created);
});

export const nameColumn = column<KubeObject>("Name", "string", ({ metadata }) => metadata.name);
