// Where to underline a problem: the value; its key where the value is missing; else what comes nearest.
import type { FieldPath } from "../api/fieldPath.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import type { ManifestDocument } from "./manifest.ts";

/**
 * The range of the field at `path`. A field that the text does not have is shown at the key of its
 * nearest parent, or on the first line of the parent if that is an item of a list.
 */
export function problemRange(document: ManifestDocument, path: FieldPath, text: string): Range {
  const location = document.locate(path);
  if (!location) return firstLine(document.place, text);
  const { node, keyRange, missing } = location;
  if (missing.length === 0) {
    const isAbsent = node.range.start >= node.range.end;
    return isAbsent && keyRange ? keyRange : trimmed(node.range, text);
  }
  return keyRange ?? firstLine(node.range, text);
}

function firstLine({ start, end }: Range, text: string): Range {
  const newline = text.indexOf("\n", start);
  return trimmed({ start, end: newline < 0 || newline > end ? end : newline }, text);
}

/** Without the blanks and line breaks that a block's range ends with. */
function trimmed({ start, end }: Range, text: string): Range {
  let last = end;
  while (last > start && " \t\r\n".includes(text[last - 1] ?? "x")) last--;
  return { start, end: last };
}
