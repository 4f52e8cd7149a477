// What to select around a place, ever more of it: the value, its field, the block around, the object.

import type { Range, TreeNode } from "../base/yaml/yamlTree.ts";
import { contains } from "./fields.ts";
import { legibleDocuments } from "./ownDocuments.ts";

/** From the narrowest to the widest, each within the next; none outside of manifests. */
export function selectionRanges(text: string, offset: number): readonly Range[] {
  const document = legibleDocuments(text).find(({ place }) => contains(place, offset));
  if (!document?.root) return [];
  const kept: Range[] = [];
  // Where two values touch, the first counts.
  for (const range of [document.place, ...rangesAround(document.root, offset, text)])
    if (isNarrower(range, kept.at(-1))) kept.push(range);
  return kept.reverse();
}

/** From the widest to the narrowest. */
function rangesAround(node: TreeNode, offset: number, text: string): Range[] {
  if (!contains(node.range, offset)) return [];
  if (node.type === "scalar")
    return [node.range, ...unquoted(node.range, text).filter((inner) => contains(inner, offset))];
  if (node.type === "list")
    return [node.range, ...node.items.flatMap((item) => rangesAround(item, offset, text))];
  return [
    node.range,
    ...[...node.entries.values()].flatMap(({ keyRange, node: value }) => {
      const entry = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
      if (!contains(entry, offset)) return [];
      const isOnKey = contains(keyRange, offset);
      return [entry, ...(isOnKey ? [keyRange] : rangesAround(value, offset, text))];
    }),
  ];
}

function unquoted({ start, end }: Range, text: string): Range[] {
  const isQuoted = /["']/.test(text[start] ?? "") && text[start] === text[end - 1];
  return isQuoted && end - start > 2 ? [{ start: start + 1, end: end - 1 }] : [];
}

function isNarrower({ start, end }: Range, around: Range | undefined): boolean {
  if (!around) return true;
  return start >= around.start && end <= around.end && end - start < around.end - around.start;
}
