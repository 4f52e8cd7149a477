// What of a manifest can be folded away: documents, and the blocks below a key or dash.

import type { TreeNode } from "../base/yaml/yamlTree.ts";
import { legibleDocuments } from "./ownDocuments.ts";

export interface Fold {
  /** From the end of this offset's line… */
  readonly start: number;
  /** …to the end of this offset's. */
  readonly end: number;
  readonly isComment: boolean;
}

/** Undefined for texts that are not ours, so that others may say how they fold. */
export function folds(text: string): readonly Fold[] | undefined {
  const documents = legibleDocuments(text);
  if (documents.length === 0) return undefined;
  const found: Fold[] = [...commentFolds(text)];
  const add = (start: number, end: number): void => {
    if (text.slice(start, end).includes("\n")) found.push({ start, end, isComment: false });
  };
  for (const { root } of documents) {
    if (!root) continue;
    if (documents.length > 1) add(root.range.start, root.range.end);
    blocks(root, add);
  }
  return found;
}

function blocks(node: TreeNode, add: (start: number, end: number) => void): void {
  if (node.type === "scalar") return;
  const parts: readonly { readonly start: number; readonly node: TreeNode }[] =
    node.type === "map"
      ? [...node.entries.values()].map(({ keyRange, node: value }) => ({
          start: keyRange.start,
          node: value,
        }))
      : node.items.map((item) => ({ start: item.range.start, node: item }));
  for (const { start, node: part } of parts) {
    // What an alias or a merge repeats stands elsewhere.
    if (start < node.range.start || part.range.end > node.range.end) continue;
    add(start, part.range.end);
    blocks(part, add);
  }
}

/** Two lines of comment and more, one below the other. */
function* commentFolds(text: string): Iterable<Fold> {
  for (const { 0: comment, index } of text.matchAll(/(?:^[ \t]*#.*\r?\n){2,}/gm)) {
    const start = index + comment.search(/\S/);
    yield { start, end: index + comment.trimEnd().length, isComment: true };
  }
}
