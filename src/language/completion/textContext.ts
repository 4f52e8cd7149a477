// Whether an offset is among indented lines, in braces, or in text that is nobody's business.
import type { Range } from "../../base/yaml/yamlTree.ts";
import { lineAt } from "./blockCursor.ts";
import { type FlowContext, quotedLength, scanFlow } from "./flowCursor.ts";

export type TextContext =
  | { readonly type: "block" }
  /** In a comment or a block of text. */
  | { readonly type: "none" }
  | FlowContext;

const block: TextContext = { type: "block" };
const none: TextContext = { type: "none" };

export function textContext(text: string, { start, end }: Range, offset: number): TextContext {
  for (let at = start; at <= offset && at < end; ) {
    const { context, next } = readLine({ text, at, end, offset });
    if (context) return context;
    at = next;
  }
  return block;
}

interface Place {
  readonly text: string;
  /** Where the line begins. */
  readonly at: number;
  readonly end: number;
  readonly offset: number;
}

interface Reading {
  /** Of the offset, if it was found. */
  readonly context?: TextContext;
  /** Where the next line begins. */
  readonly next: number;
}

/** Reads a line, and what of its value goes on below. */
function readLine(place: Place): Reading {
  const { text, at, end } = place;
  const lineEnd = endOfLine(text, at, end);
  const line = lineAt(text, at, lineEnd);
  const valueStart = at + valueColumn(text.slice(at, lineEnd), line.column, line.key);
  switch (text[valueStart]) {
    case "{":
    case "[":
      return readFlow(place, valueStart);
    case "|":
    case ">":
      return readText(place, line.key === undefined ? (line.dashes.at(-1) ?? -1) : line.column);
    case '"':
    case "'":
      return readQuoted(place, valueStart);
    default:
      return readPlain(place);
  }
}

function readFlow({ text, end, offset }: Place, open: number): Reading {
  const scan = scanFlow(text, open, end, offset);
  const next = endOfLine(text, Math.max(open, scan.end), end) + 1;
  if (!scan.context) return { next };
  return { context: scan.context.frames.length > 0 ? scan.context : none, next };
}

function readText({ text, at, end, offset }: Place, parent: number): Reading {
  const start = endOfLine(text, at, end) + 1;
  const next = Math.max(start, endOfText(text, start, end, parent, offset));
  return offset >= start && offset < next ? { context: none, next } : { next };
}

function readQuoted({ text, at, end, offset }: Place, start: number): Reading {
  const close = start + longQuoted(text, start, end);
  const isBelow = offset > endOfLine(text, at, end) && offset < close;
  const next = endOfLine(text, close, end) + 1;
  return isBelow ? { context: none, next } : { next };
}

function readPlain({ text, at, end, offset }: Place): Reading {
  const lineEnd = endOfLine(text, at, end);
  const comment = /(?:^|\s)#/.exec(text.slice(at, lineEnd));
  const isCommented = comment !== null && offset <= lineEnd && offset > at + comment.index;
  return isCommented ? { context: none, next: lineEnd + 1 } : { next: lineEnd + 1 };
}

function endOfLine(text: string, from: number, end: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 || newline > end ? end : newline;
}

/** Where the line's value is: behind its key, or its dashes, and behind anchors and tags. */
function valueColumn(line: string, column: number, key: string | undefined): number {
  const colon = key === undefined ? column : line.indexOf(":", column + key.length) + 1;
  const rest = line.slice(colon);
  return colon + (/^\s*(?:[&!]\S*\s+)*/.exec(rest)?.[0].length ?? 0);
}

/** Where a block of text ends that is indented by more than `parent`. */
function endOfText(
  text: string,
  from: number,
  end: number,
  parent: number,
  offset: number,
): number {
  for (let at = from; at < end; ) {
    const lineEnd = endOfLine(text, at, end);
    const indent = /^ */.exec(text.slice(at, lineEnd))?.[0].length ?? 0;
    const isBlank = text.slice(at, lineEnd).trim() === "";
    const isHere = isBlank && offset >= at && offset <= lineEnd;
    // On a blank line the cursor's own column decides.
    if (isHere ? offset - at <= parent : !isBlank && indent <= parent) return at;
    at = lineEnd + 1;
  }
  return end + 1;
}

/** The length of a quoted text that may go on over several lines. */
function longQuoted(text: string, start: number, end: number): number {
  const quote = text[start] ?? "";
  let length = quotedLength(text, start, quote);
  while (text[start + length] === "\n" && start + length < end)
    length += quotedLength(text, start + length, quote);
  return length;
}
