// Where among indented lines the cursor is: lines further left are around it.

import type { Range } from "../../base/yaml/yamlTree.ts";
import { isList } from "../kindProblem.ts";
import type { CursorPlace } from "./cursorPlace.ts";

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

export function blockPlace(
  text: string,
  { start, end }: Range,
  offset: number,
): Omit<CursorPlace, "style"> {
  const own = text.slice(start, end);
  const current = lineAt(text, text.lastIndexOf("\n", offset - 1) + 1, offset);
  const before = linesBefore(text, start, current.start);
  const after = following(text, offset, end);
  const isValue = current.key !== undefined;
  const keyStart = current.start + current.column;
  const valueStart = isValue ? offset - (current.value ?? "").trimStart().length : keyStart;
  const path = pathOf(current, before);
  const place = {
    apiVersion: topLevel(own, "apiVersion"),
    kind: topLevel(own, "kind"),
    path,
    ...(current.key === undefined ? {} : { key: current.key }),
    typed: { start: valueStart, end: quotedEnd(text, valueStart, offset) },
    siblings: siblingsOf(current, before, after),
    column: current.column,
  };
  if (path[0] !== "items" || path[1] !== -1 || !isList(place)) return place;
  return { ...place, path: path.slice(2), ...itemKind(current, before, after) };
}

/** What is typed in quotes ends behind the closing one. */
function quotedEnd(text: string, start: number, offset: number): number {
  const quote = text[start] ?? "";
  if ((quote !== '"' && quote !== "'") || offset === start) return offset;
  const close = /^[^"'\n]*/.exec(text.slice(offset))?.[0].length ?? 0;
  return text[offset + close] === quote ? offset + close + 1 : offset;
}

/** A line up to `end`. */
export function lineAt(text: string, start: number, end: number): Line {
  const content = text.slice(start, end).replace(/\r$/, "");
  const lead = /^\s*(?:-\s+)*(?:-$)?/.exec(content)?.[0] ?? "";
  const dashes = [...lead].flatMap((character, i) => (character === "-" ? [i] : []));
  const rest = content.slice(lead.length);
  const match = /^(?:"([^"]*)"|'([^']*)'|([^\s:#{["'][^:#]*?))\s*:(?:\s(.*)|$)/.exec(rest);
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
    const content = text.slice(start, end).trim();
    if (content !== "" && !content.startsWith("#")) lines.push(lineAt(text, start, end));
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
    if (line.key !== undefined && isOpening(line.value)) {
      path.unshift(line.key);
      column = line.column;
    } else if (line.column < column) column = line.column;
    takeDashes(line.dashes);
    if (column === 0) break;
  }
  return path;
}

/** True if the value is in the lines below: nothing follows the colon, or only an anchor, tag or comment. */
function isOpening(value = ""): boolean {
  return /^\s*(?:[&!]\S*\s*)*(?:#.*)?$/.test(value);
}

/** Entries of the same map: same column, with nothing further left in between. */
function siblingsOf(
  current: Line,
  before: readonly Line[],
  after: readonly Line[],
): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const collect = (lines: readonly Line[], isAbove: boolean): void => {
    for (const { column, dashes, key, value } of lines) {
      if (column < current.column) return;
      if (column > current.column) continue;
      const isNextItem = dashes.length > 0;
      if (isNextItem && !isAbove) return;
      if (key !== undefined) entries.set(key, plainValue(value));
      if (isNextItem) return;
    }
  };
  if (current.dashes.length === 0) collect(before, true);
  collect(after, false);
  return entries;
}

/** What kind the item of a List is that the cursor is in. */
function itemKind(
  current: Line,
  before: readonly Line[],
  after: readonly Line[],
): { readonly apiVersion: string; readonly kind: string } {
  const dashes = [current, ...before].flatMap((line) => line.dashes.slice(0, 1));
  const dash = Math.min(...dashes);
  const starts = (line: Line): boolean => line.dashes[0] === dash;
  const first = starts(current) ? -1 : before.findIndex(starts);
  const above = starts(current) ? [] : before.slice(0, first + 1);
  const next = after.findIndex(starts);
  const below = next < 0 ? after : after.slice(0, next);
  const item = [current, ...above, ...below];
  const column = (starts(current) ? current : above.at(-1))?.column;
  const find = (name: string): string =>
    plainValue(item.find((line) => line.key === name && line.column === column)?.value);
  return { apiVersion: find("apiVersion"), kind: find("kind") };
}

function plainValue(value = ""): string {
  const trimmed = value.replace(/\s+#.*$/, "").trim();
  return trimmed.replace(/^(["'])(.*)\1$/, "$2");
}

export function topLevel(text: string, key: string): string {
  return new RegExp(`^${key}\\s*:\\s*["']?([^"'\\s#]+)`, "m").exec(text)?.[1] ?? "";
}
