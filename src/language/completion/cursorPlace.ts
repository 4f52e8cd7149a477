// Where in a manifest the cursor is. The text is being typed, so it is rarely whole YAML.

import type { Range } from "../../base/yaml/yamlTree.ts";
import { splitDocuments } from "../documents.ts";
import { blockPlace, topLevel } from "./blockCursor.ts";
import { type FlowContext, flowPath } from "./flowCursor.ts";
import { textContext } from "./textContext.ts";

/** How the text around the cursor is written: by indentation, in braces, or as JSON. */
export type Style = "block" | "flow" | "json";

export type Quote = '"' | "'";

export interface CursorPlace {
  readonly apiVersion: string;
  readonly kind: string;
  /** Of the map or list that the cursor is in: keys, and -1 for an item of a list. */
  readonly path: readonly (string | -1)[];
  /** The key whose value is being typed; absent while a key, or an item, is typed. */
  readonly key?: string;
  /** What is typed so far, to be replaced. */
  readonly typed: Range;
  /** Entries that the map has already; values of scalars. */
  readonly siblings: ReadonlyMap<string, string>;
  /** What the typed text begins with, if that is a quote. */
  readonly quote?: Quote;
  /** Of the line's first key. */
  readonly column: number;
  readonly style: Style;
}

/** @returns undefined in comments and texts */
export function cursorPlace(text: string, offset: number): CursorPlace | undefined {
  const document = documentAt(text, offset);
  const context = textContext(text, document, offset);
  if (context.type === "none") return undefined;
  const place: CursorPlace =
    context.type === "flow"
      ? flowPlace(text, document, context)
      : { ...blockPlace(text, document, offset), style: "block" };
  const first = text[place.typed.start];
  const isQuote = place.typed.start < place.typed.end && (first === '"' || first === "'");
  return isQuote ? { ...place, quote: first } : place;
}

/** The document that the offset is in, or ends; an empty one behind a separator. */
export function documentAt(text: string, offset: number): Range {
  const document = splitDocuments(text).findLast(({ start }) => start <= offset);
  if (!document) return { start: 0, end: text.length };
  if (offset <= document.end) return document;
  const newline = text.indexOf("\n", document.end);
  return { start: newline < 0 ? offset : Math.min(newline + 1, offset), end: text.length };
}

function flowPlace(text: string, document: Range, context: FlowContext): CursorPlace {
  const { open, frames, typed, key } = context;
  const isJson = text.slice(document.start, open).trim() === "";
  const outer = isJson ? undefined : blockPlace(text, document, open);
  const base = outer
    ? [...outer.path, ...(outer.key === undefined ? [] : [outer.key])]
    : ([] as (string | -1)[]);
  const own = text.slice(document.start, document.end);
  const root = frames[0]?.values;
  const path = [...base, ...flowPath(frames)];
  const item = isJson && path[0] === "items" && path[1] === -1 ? frames[2]?.values : undefined;
  const named = (name: string): string =>
    item?.get(name) ?? (isJson ? root?.get(name) : undefined) ?? topLevel(own, name);
  return {
    apiVersion: outer?.apiVersion ?? named("apiVersion"),
    kind: outer?.kind ?? named("kind"),
    path: item ? path.slice(2) : path,
    ...(key === undefined ? {} : { key }),
    typed,
    siblings: frames.at(-1)?.values ?? new Map(),
    column: outer?.column ?? 0,
    style: isJson ? "json" : "flow",
  };
}
