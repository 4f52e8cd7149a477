// meta/v1 Table: objects as rows of cells, which is all that `kubectl get` prints.
// Source: apiserver pkg/endpoints/handlers/response.go and printers/tablegenerator.go, 1.34.
import type { Instant } from "../base/time.ts";
import type { Column, Kind, RowCondition } from "./kind.ts";
import { createdAtColumn, nameColumn } from "./kinds/columns.ts";
import type { KubeObject } from "./object.ts";
import type { Documentation } from "./openapi/documentation.ts";
import { printedForm } from "./openapi/printedForm.ts";
import type { ObjectList } from "./request.ts";
import type { ObjectMeta } from "./types.ts";

export interface Table {
  readonly kind: "Table";
  readonly apiVersion: MetaVersion;
  readonly metadata: ListMeta;
  /** Null in all frames of a watch but the first. */
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[];
}

export type MetaVersion = "meta.k8s.io/v1" | "meta.k8s.io/v1beta1";

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  /** "name" for names of objects. */
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly (string | number | boolean | null)[];
  readonly conditions?: readonly RowCondition[];
  readonly object: KubeObject | PartialObjectMetadata | null;
}

export interface PartialObjectMetadata {
  readonly kind: "PartialObjectMetadata";
  readonly apiVersion: MetaVersion;
  readonly metadata: ObjectMeta;
}

export interface TableOptions {
  readonly apiVersion: MetaVersion;
  readonly now: Instant;
  /** What each row says of its object beside the cells; "Metadata" if the request leaves it open. */
  readonly includeObject: "None" | "Metadata" | "Object";
  /** False for the later frames of a watch. */
  readonly withColumns: boolean;
  /** Has the texts of fields that describe columns. */
  readonly documentation: Documentation;
}

/** A list as a table. */
export function tableOfList(kind: Kind, list: ObjectList, options: TableOptions): Table {
  const { compareRows } = kind;
  const objects = compareRows ? [...list.items].sort(compareRows) : list.items;
  return table(kind, { metadata: list.metadata, objects }, options);
}

/** One object as a table of one row, for a get or as a frame of a watch. */
export function tableOfObject(kind: Kind, object: KubeObject, options: TableOptions): Table {
  const metadata = { resourceVersion: object.metadata.resourceVersion ?? "" };
  return table(kind, { metadata, objects: [object] }, options);
}

/** An object reduced to what all kinds have. */
export function partialObjectMetadata(
  { metadata }: KubeObject,
  apiVersion: MetaVersion,
): PartialObjectMetadata {
  return { kind: "PartialObjectMetadata", apiVersion, metadata };
}

interface Content {
  readonly metadata: ListMeta;
  readonly objects: readonly KubeObject[];
}

function table(kind: Kind, { metadata, objects }: Content, options: TableOptions): Table {
  const columns = kind.columns.length === 0 ? [nameColumn, createdAtColumn] : kind.columns;
  return {
    kind: "Table",
    apiVersion: options.apiVersion,
    metadata,
    columnDefinitions: options.withColumns
      ? columns.filter(({ isUndeclared }) => !isUndeclared).map((each) => definition(each, options))
      : null,
    rows: objects.map((object) => {
      const conditions = kind.rowConditions?.(object) ?? [];
      return {
        cells: columns.map((column) => column.value(object, options.now)),
        ...(conditions.length === 0 ? {} : { conditions }),
        object: included(object, options),
      };
    }),
  };
}

function definition(
  { name, type, format, description, field, priority }: Column<KubeObject>,
  { documentation }: TableOptions,
): ColumnDefinition {
  const text =
    description ?? (field === undefined ? undefined : documentation.ofField(field)) ?? "";
  return { name, type, format: format ?? "", description: text, priority };
}

function included(
  object: KubeObject,
  { includeObject, apiVersion }: TableOptions,
): KubeObject | PartialObjectMetadata | null {
  if (includeObject === "None") return null;
  return includeObject === "Object"
    ? printedForm(object, object.apiVersion, object.kind)
    : partialObjectMetadata(object, apiVersion);
}
