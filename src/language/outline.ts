// What a manifest consists of: its objects, and the fields of each.

import { type Range, type TreeEntry, type TreeNode, textIn } from "../base/yaml/yamlTree.ts";
import { objectsOf } from "./fields.ts";
import type { ManifestDocument } from "./manifest.ts";
import { legibleDocuments } from "./ownDocuments.ts";

export interface OutlineSymbol {
  /** "Deployment/web", "spec", or what tells an item of a list from the others. */
  readonly name: string;
  /** The namespace of an object, the value of a field. */
  readonly detail: string;
  readonly type: "object" | TreeNode["type"];
  readonly range: Range;
  /** Within `range`: what to select. */
  readonly nameRange: Range;
  readonly children: readonly OutlineSymbol[];
}

/** Deeper fields are not listed. */
const deepest = 24;
const longestValue = 60;

export function outline(text: string): readonly OutlineSymbol[] {
  return legibleDocuments(text).flatMap((document) =>
    objectsOf(document).flatMap((object) => objectSymbol(object)),
  );
}

function objectSymbol({ root, fields }: ManifestDocument): readonly OutlineSymbol[] {
  if (root?.type !== "map") return [];
  const metadata = root.entries.get("metadata")?.node;
  const name = textIn(metadata, "name") ?? textIn(metadata, "generateName");
  const kind = typeof fields?.kind === "string" ? fields.kind : "";
  const named = metadata?.type === "map" ? metadata.entries.get("name")?.node : undefined;
  return [
    {
      name: [kind, name].filter(Boolean).join("/") || "?",
      detail: textIn(metadata, "namespace") ?? "",
      type: "object",
      range: root.range,
      nameRange: within(named?.range, root.range),
      children: childrenOf(root, 1),
    },
  ];
}

function childrenOf(node: TreeNode, depth: number): readonly OutlineSymbol[] {
  if (depth > deepest || node.type === "scalar") return [];
  const children =
    node.type === "map"
      ? [...node.entries.values()].map((entry) => fieldSymbol(entry, depth))
      : node.items.map((item, i) => itemSymbol(item, i, depth));
  // What an alias or a merge repeats stands elsewhere.
  return children.filter(({ range }) => isWithin(range, node.range));
}

function fieldSymbol({ key, keyRange, node }: TreeEntry, depth: number): OutlineSymbol {
  return {
    name: key === "" ? '""' : key,
    detail: valueText(node),
    type: node.type,
    range: { start: keyRange.start, end: Math.max(keyRange.end, node.range.end) },
    nameRange: keyRange,
    children: childrenOf(node, depth + 1),
  };
}

function itemSymbol(node: TreeNode, index: number, depth: number): OutlineSymbol {
  return {
    name: itemName(node) || `[${index}]`,
    detail: "",
    type: node.type,
    range: node.range,
    nameRange: { start: node.range.start, end: node.range.start },
    children: childrenOf(node, depth + 1),
  };
}

/** The name of an item; else its first value. */
function itemName(node: TreeNode): string {
  if (node.type === "scalar") return valueText(node);
  if (node.type === "list") return "";
  const named = textIn(node, "name");
  if (named) return named;
  for (const { key, node: value } of node.entries.values())
    return value.type === "scalar" ? `${key}: ${valueText(value)}` : key;
  return "";
}

function valueText(node: TreeNode): string {
  if (node.type !== "scalar" || node.value === null) return "";
  const [line = ""] = String(node.value).split("\n");
  return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
}

function within(range: Range | undefined, around: Range): Range {
  if (range && isWithin(range, around)) return range;
  return { start: around.start, end: around.start };
}

function isWithin({ start, end }: Range, around: Range): boolean {
  return start >= around.start && end <= around.end;
}
