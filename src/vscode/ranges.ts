// Places in a document from offsets.
import { Range, type TextDocument } from "vscode";
import type { Range as Offsets } from "../base/yaml/yamlTree.ts";

export function rangeIn(document: TextDocument, { start, end }: Offsets): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
