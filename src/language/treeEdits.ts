// Changes of a text that add entries to its maps and lists, or take some away, in the style they have.
import type { ListNode, MapNode, Range, TreeNode } from "../base/yaml/yamlTree.ts";

export interface TextEdit extends Range {
  readonly newText: string;
}

const indentStep = 2;

/**
 * Adds an entry at the end of a map, or the first below a key without a value.
 * @param lines of the entry, further ones indented as below its key
 * @returns undefined in braces
 */
export function entryAdded(
  parent: TreeNode,
  keyRange: Range | undefined,
  lines: readonly string[],
  text: string,
): TextEdit | undefined {
  if (parent.type === "map" && parent.entries.size > 0)
    return isFlow(parent, text)
      ? undefined
      : linesAfter(lastOffset(parent), columnOf(firstKey(parent), text), lines, text);
  const isAbsent = parent.type === "scalar" && parent.value === null;
  return isAbsent && keyRange
    ? linesAfter(keyRange.end, columnOf(keyRange.start, text) + indentStep, lines, text)
    : undefined;
}

/** Adds an item at the end of a list. @returns undefined in brackets */
export function itemAdded(
  list: ListNode,
  lines: readonly string[],
  text: string,
): TextEdit | undefined {
  if (isFlow(list, text)) return undefined;
  const [first = "", ...rest] = lines;
  const item = [`- ${first}`, ...rest.map((line) => `  ${line}`)];
  return linesAfter(list.range.end, columnOf(list.range.start, text), item, text);
}

/**
 * Takes an entry away. @returns undefined if it is the only one: then its parent is to go; and where it
 * stands behind a list's dash with nothing beside it
 */
export function entryRemoved(map: MapNode, key: string, text: string): TextEdit | undefined {
  const entries = [...map.entries.values()].sort((a, b) => a.keyRange.start - b.keyRange.start);
  const i = entries.findIndex((entry) => entry.key === key);
  const entry = entries[i];
  if (!entry || entries.length === 1) return undefined;
  const start = entry.keyRange.start;
  const end = Math.max(entry.node.range.end, entry.keyRange.end);
  const next = entries[i + 1];
  const previous = entries[i - 1];
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const isAlone = /^[ ]*$/.test(text.slice(lineStart, start));
  if (!isFlow(map, text) && isAlone) {
    const lineEnd = text.indexOf("\n", end);
    return { start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1, newText: "" };
  }
  if (next) return { start, end: next.keyRange.start, newText: "" };
  return previous && { start: previous.node.range.end, end, newText: "" };
}

function isFlow({ range }: MapNode | ListNode, text: string): boolean {
  return text[range.start] === "{" || text[range.start] === "[";
}

function firstKey({ entries }: MapNode): number {
  return Math.min(...[...entries.values()].map(({ keyRange }) => keyRange.start));
}

function lastOffset({ entries }: MapNode): number {
  return Math.max(
    ...[...entries.values()].map(({ keyRange, node }) => Math.max(keyRange.end, node.range.end)),
  );
}

function columnOf(offset: number, text: string): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** New lines below the last one that ends before `offset`. */
function linesAfter(
  offset: number,
  column: number,
  lines: readonly string[],
  text: string,
): TextEdit {
  const lastWord = text.slice(0, offset).trimEnd().length;
  const newline = text.indexOf("\n", lastWord);
  const end = newline < 0 ? text.length : newline;
  const at = text[end - 1] === "\r" ? end - 1 : end;
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  const newText = lines.map((line) => lineBreak + " ".repeat(column) + line).join("");
  return { start: at, end: at, newText };
}
