// A document's YAML as a tree of values with their places. This is what the rest of the language
// layer reads: aliases resolved, merge keys applied, scalars as Kubernetes understands them.
import { setOwn } from "../setOwn.ts";
import type { ScalarValue } from "./scalar.ts";

/** A stretch of the whole text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface TreeEntry {
  readonly key: string;
  readonly keyRange: Range;
  readonly node: TreeNode;
}

export type TreeNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly type: "map";
  readonly range: Range;
  /** The last of several entries of one name counts, as for kubectl. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
}

export interface ListNode {
  readonly type: "list";
  readonly range: Range;
  readonly items: readonly TreeNode[];
}

export interface ScalarNode {
  readonly type: "scalar";
  /** Empty where the value is left out ("key:"). */
  readonly range: Range;
  readonly value: ScalarValue;
}

/** The text of a scalar; undefined for everything else. */
export function textOf(node: TreeNode | undefined): string | undefined {
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** The text of a map's entry. */
export function textIn(node: TreeNode | undefined, key: string): string | undefined {
  return node?.type === "map" ? textOf(node.entries.get(key)?.node) : undefined;
}

/** The tree as a JSON value, names sorted as the server's conversion from YAML sorts them. */
export function treeValue(node: TreeNode): unknown {
  if (node.type === "scalar") return node.value;
  if (node.type === "list") return node.items.map(treeValue);
  const value: Record<string, unknown> = {};
  for (const key of [...node.entries.keys()].sort()) {
    const entry = node.entries.get(key);
    if (entry) setOwn(value, key, treeValue(entry.node));
  }
  return value;
}
