// How custom resources are printed: by name, and by the columns of their definition.
// Source: apiextensions-apiserver pkg/registry/customresource/tableconvertor, kubernetes v1.34.
import { type Instant, parseTime } from "../../base/time.ts";
import { type Column, column } from "../kind.ts";
import { nameColumn, timeSince } from "../kinds/columns.ts";
import type { KubeObject } from "../object.ts";
import { goJson, goText } from "../patch/goText.ts";
import type { CustomResourceColumnDefinition } from "../types.ts";
import { parseJsonPath } from "./jsonPath.ts";

type Cell = string | number | boolean | null;

const ageColumn = column<KubeObject>(
  "Age",
  "date",
  ({ metadata }, now) => dateCell(metadata.creationTimestamp, now),
  { field: "meta.v1.ObjectMeta.creationTimestamp" },
);

/** @returns the columns up to the first whose path cannot be read */
export function printerColumns(
  definitions: readonly CustomResourceColumnDefinition[] = [],
): readonly Column<KubeObject>[] {
  if (definitions.length === 0) return [nameColumn, ageColumn];
  const columns: Column<KubeObject>[] = [nameColumn];
  for (const definition of definitions) {
    const made = printerColumn(definition);
    if (!made) break;
    columns.push(made);
  }
  return columns;
}

function printerColumn({
  name,
  type,
  format,
  description,
  jsonPath,
  priority = 0,
}: CustomResourceColumnDefinition): Column<KubeObject> | undefined {
  const path = parseJsonPath(jsonPath);
  if (!path) return undefined;
  const found = `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return column<KubeObject>(
    name,
    type as Column<KubeObject>["type"],
    (object, now) => {
      const values = path(object);
      return values.length === 0 ? null : cell(type, values[0], now);
    },
    { description: description || found, priority, ...(format ? { format } : {}) },
  );
}

function cell(type: string, value: unknown, now: Instant): Cell {
  if (type === "string") return stringCell(value);
  if (type === "date") return dateCell(value, now);
  if (type === "boolean") return typeof value === "boolean" ? value : null;
  if (typeof value !== "number") return null;
  return type === "integer" ? Math.trunc(value) : value;
}

function stringCell(value: unknown): string {
  if (value === null) return "<no value>";
  return typeof value === "object" ? goJson(value) : goText(value);
}

function dateCell(value: unknown, now: Instant): string | null {
  if (typeof value !== "string") return null;
  if (value === "") return "<unknown>";
  return parseTime(value) === undefined ? "<invalid>" : timeSince(value, now);
}
