// Where in a manifest the cursor is, by the indentation of the lines: a text that is being typed is
// rarely whole YAML.

import type { Range } from "../base/yaml/yamlTree.ts";
import { splitDocuments } from "./documents.ts";

export interface CursorPlace {
  readonly apiVersion: string;
  readonly kind: string;
  /** Of the map that the cursor is in: keys, and -1 for an item of a list. */
  readonly path: readonly (string | -1)[];
  /** The key whose value is being typed; absent while a key is typed. */
  readonly key?: string;
  /** What is typed so far, to be replaced. */
  readonly typed: Range;
  /** Keys that the map has already. */
  readonly siblings: readonly string[];
  /** Of the line's first key. */
  readonly column: number;
}

interface Line {
  readonly start: number;
  /** Column of the first character that is neither blank nor a list's dash. */
  readonly column: number;
  /** Columns of the line's dashes. */
  readonly dashes: readonly number[];
  readonly key?: string;
  /** Behind the colon. */
  readonly value?: string;
}

/** @returns undefined outside block style: in comments, texts, braces, and JSON */
export function cursorPlace(text: string, offset: number): CursorPlace | undefined {
  const document = splitDocuments(text).find(({ start, end }) => offset >= start && offset <= end);
  if (!document) return undefined;
  const own = text.slice(document.start, document.end);
  const current = lineAt(text, text.lastIndexOf("\n", offset - 1) + 1, offset);
  const typedText = text.slice(current.start, offset);
  if (/^\s*#/.test(typedText) || / #/.test(typedText) || own.trimStart().startsWith("{"))
    return undefined;
  const lines = linesBefore(text, document.start, current.start);
  const isValue = current.key !== undefined;
  const valueStart = isValue ? offset - (current.value ?? "").trimStart().length : offset;
  const keyStart = current.start + current.column;
  const path = pathOf(current, lines);
  return {
    apiVersion: topLevel(own, "apiVersion"),
    kind: topLevel(own, "kind"),
    path,
    ...(current.key === undefined ? {} : { key: current.key }),
    typed: { start: isValue ? valueStart : keyStart, end: offset },
    siblings: siblingsOf(current, lines, following(text, offset, document.end)),
    column: current.column,
  };
}

/** A line up to `end`. */
function lineAt(text: string, start: number, end: number): Line {
  const content = text.slice(start, end).replace(/\r$/, "");
  const lead = /^\s*(?:-\s+)*(?:-$)?/.exec(content)?.[0] ?? "";
  const dashes = [...lead].flatMap((character, i) => (character === "-" ? [i] : []));
  const rest = content.slice(lead.length);
  const match = /^(?:"([^"]*)"|'([^']*)'|([^\s:#][^:#]*?))\s*:(?:\s(.*)|$)/.exec(rest);
  const key = match?.[1] ?? match?.[2] ?? match?.[3];
  return {
    start,
    column: lead.length,
    dashes,
    ...(key === undefined ? {} : { key, value: match?.[4] ?? "" }),
  };
}

/** The lines above that say something, the nearest first. */
function linesBefore(text: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = [];
  for (let end = to - 1; end > from; ) {
    const start = Math.max(text.lastIndexOf("\n", end - 1) + 1, from);
    const content = text.slice(start, end).trim();
    if (content !== "" && !content.startsWith("#")) lines.push(lineAt(text, start, end));
    end = start - 1;
  }
  return lines;
}

function following(text: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = text.indexOf("\n", from) + 1; start > 0 && start < to; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? to : newline;
    if (text.slice(start, end).trim() !== "") lines.push(lineAt(text, start, end));
    start = newline < 0 ? 0 : newline + 1;
  }
  return lines;
}

/** Up through the lines that are further left: each is a key around, each dash a list. */
function pathOf(current: Line, lines: readonly Line[]): (string | -1)[] {
  const path: (string | -1)[] = [];
  let column = current.column;
  const takeDashes = (dashes: readonly number[]): void => {
    for (const dash of dashes.toReversed())
      if (dash < column) {
        path.unshift(-1);
        column = dash;
      }
  };
  takeDashes(current.dashes);
  for (const line of lines) {
    // A list may stand at the same column as its key.
    const opensList = path[0] === -1 && line.column === column && line.dashes.length === 0;
    if (line.column > column || (line.column === column && !opensList)) {
      if (line.column === column) takeDashes(line.dashes);
      continue;
    }
    if (line.key !== undefined && (line.value ?? "").trim() === "") {
      path.unshift(line.key);
      column = line.column;
    } else if (line.column < column) column = line.column;
    takeDashes(line.dashes);
    if (column === 0) break;
  }
  return path;
}

/** Keys of the same map: same column, with nothing further left in between. */
function siblingsOf(
  current: Line,
  before: readonly Line[],
  after: readonly Line[],
): readonly string[] {
  const names: string[] = [];
  const collect = (lines: readonly Line[], isAbove: boolean): void => {
    for (const { column, dashes, key } of lines) {
      if (column < current.column) return;
      if (column > current.column) continue;
      const isNextItem = dashes.length > 0;
      if (isNextItem && !isAbove) return;
      if (key !== undefined) names.push(key);
      if (isNextItem) return;
    }
  };
  if (current.dashes.length === 0) collect(before, true);
  collect(after, false);
  return names;
}

function topLevel(text: string, key: string): string {
  return new RegExp(`^${key}\\s*:\\s*["']?([^"'\\s#]+)`, "m").exec(text)?.[1] ?? "";
}
