// A document's YAML as a tree of values with their places. This is what the rest of the language
// layer reads: aliases resolved, merge keys applied, scalars as Kubernetes understands them.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { plainScalar, type ScalarValue, taggedScalar } from "./scalar.ts";

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

/** A key that its map already has. */
export interface DuplicateKey {
  readonly key: string;
  readonly range: Range;
  /** Where its value begins: the server names that line. */
  readonly valueStart: number;
}

/** What go-yaml refuses although the syntax is right: unknown anchors, keys that are no texts. */
export interface TreeError {
  readonly message: string;
  readonly range: Range;
}

export interface YamlTree {
  readonly root: TreeNode | undefined;
  readonly duplicates: readonly DuplicateKey[];
  readonly errors: readonly TreeError[];
}

/** Aliases may multiply: beyond this many nodes the document is refused. */
const maxNodes = 400_000;

/** Builds the tree of a parsed document that begins at offset `base` of the text. */
export function buildTree(document: Document.Parsed, base: number): YamlTree {
  const builder = new TreeBuilder(base);
  const { contents } = document;
  return {
    root: contents === null ? undefined : builder.node(contents, base),
    duplicates: builder.duplicates,
    errors: builder.errors,
  };
}

type YamlNode = YAMLMap | YAMLSeq | Scalar | Alias;
type MutableMap = Map<string, TreeEntry>;

class TreeBuilder {
  readonly duplicates: DuplicateKey[] = [];
  readonly errors: TreeError[] = [];
  private readonly anchors = new Map<string, TreeNode>();
  private readonly open = new Set<string>();
  private count = 0;

  constructor(private readonly base: number) {}

  /** `at` is where an absent value would stand. */
  node(node: unknown, at: number): TreeNode {
    if (isAlias(node)) return this.alias(node);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return absent(at);
    this.tally(1);
    const { anchor } = node;
    if (anchor !== undefined) this.open.add(anchor);
    const built = isMap(node)
      ? this.map(node)
      : isSeq(node)
        ? this.list(node)
        : this.scalar(node, at);
    if (anchor !== undefined) {
      this.open.delete(anchor);
      this.anchors.set(anchor, built);
    }
    return built;
  }

  private alias(node: Alias): TreeNode {
    const range = this.rangeOf(node);
    const target = this.anchors.get(node.source);
    if (!target || this.open.has(node.source)) {
      const message = this.open.has(node.source)
        ? `anchor '${node.source}' value contains itself`
        : `unknown anchor '${node.source}' referenced`;
      this.errors.push({ message, range });
      return { type: "scalar", range, value: null };
    }
    this.tally(sizeOf(target));
    return { ...target, range };
  }

  private map(node: YAMLMap): MapNode {
    const entries: MutableMap = new Map();
    const range = this.rangeOf(node);
    for (const { key, value } of node.items) {
      const keyRange = isNode(key) ? this.rangeOf(key) : { start: range.start, end: range.start };
      const end = keyRange.end;
      if (isMergeKey(key)) {
        this.merge(this.node(value, end), entries);
        continue;
      }
      const name = this.keyText(key, keyRange);
      const entry = { key: name, keyRange, node: this.node(value, end) };
      this.set(entries, entry);
    }
    return { type: "map", range, entries };
  }

  private set(entries: MutableMap, entry: TreeEntry): void {
    if (entries.has(entry.key)) {
      const { key, keyRange, node } = entry;
      this.duplicates.push({ key, range: keyRange, valueStart: node.range.start });
    }
    entries.set(entry.key, entry);
  }

  /** Merged entries are set in order, so that a key after the merge counts as given twice. */
  private merge(value: TreeNode, entries: MutableMap): void {
    if (value.type === "map") for (const entry of value.entries.values()) this.set(entries, entry);
    else if (value.type === "list")
      for (const item of [...value.items].reverse()) this.merge(item, entries);
    else
      this.errors.push({
        message: "map merge requires map or sequence of maps as the value",
        range: value.range,
      });
  }

  private list(node: YAMLSeq): ListNode {
    const range = this.rangeOf(node);
    let at = range.start;
    const items = node.items.map((item) => {
      const built = this.node(item, at);
      at = built.range.end;
      return built;
    });
    return { type: "list", range, items };
  }

  private scalar(node: Scalar, at: number): ScalarNode {
    const range = this.rangeOf(node);
    const text = String(node.value ?? "");
    if (node.tag !== undefined && node.tag !== "!") {
      const read = taggedScalar(node.tag, text);
      if ("value" in read) return { type: "scalar", range, value: read.value };
      this.errors.push({ message: read.error, range });
      return { type: "scalar", range, value: null };
    }
    const isPlain = node.type === Scalar.PLAIN && node.tag === undefined;
    const value = isPlain ? plainScalar(text) : text;
    const isAbsent = isPlain && range.start === range.end;
    return { type: "scalar", range: isAbsent ? { start: at, end: at } : range, value };
  }

  private keyText(key: unknown, range: Range): string {
    const node = this.node(key, range.start);
    if (node.type === "scalar")
      return typeof node.value === "string" ? node.value : keyOf(node.value);
    this.errors.push({ message: `invalid map key: ${goValueText(node)}`, range });
    return "";
  }

  private rangeOf(node: YamlNode): Range {
    const [start = 0, end = 0] = node.range ?? [];
    return { start: start + this.base, end: end + this.base };
  }

  private tally(nodes: number): void {
    this.count += nodes;
    if (this.count > maxNodes) throw new ExcessiveAliasing();
  }
}

/** The document would grow beyond all bounds. Source: go-yaml's own limit. */
export class ExcessiveAliasing extends Error {
  constructor() {
    super("document contains excessive aliasing");
  }
}

const sizes = new WeakMap<TreeNode, number>();

function sizeOf(node: TreeNode): number {
  if (node.type === "scalar") return 1;
  const known = sizes.get(node);
  if (known !== undefined) return known;
  let size = 1;
  if (node.type === "list") for (const item of node.items) size += sizeOf(item);
  else for (const entry of node.entries.values()) size += sizeOf(entry.node);
  sizes.set(node, size);
  return size;
}

function absent(at: number): ScalarNode {
  return { type: "scalar", range: { start: at, end: at }, value: null };
}

function isNode(value: unknown): value is YamlNode {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN && key.tag === undefined;
}

/** Keys that are no texts become some, as JSON needs it. */
function keyOf(value: ScalarValue): string {
  return value === null ? "null" : String(value);
}

/** A map as Go's %#v prints it: the server's words for "{{ .Values.x }}" left unquoted. */
function goValueText(node: TreeNode): string {
  if (node.type === "list") return `[]interface {}{${node.items.map(goValueText).join(", ")}}`;
  if (node.type === "map") {
    const entries = [...node.entries.values()].map(
      ({ key, node: value }) => `${JSON.stringify(key)}:${goValueText(value)}`,
    );
    return `map[interface {}]interface {}{${entries.join(", ")}}`;
  }
  if (node.value === null) return "interface {}(nil)";
  return typeof node.value === "string" ? JSON.stringify(node.value) : String(node.value);
}

/** The tree as a JSON value, names sorted as the server's conversion from YAML sorts them. */
export function treeValue(node: TreeNode): unknown {
  if (node.type === "scalar") return node.value;
  if (node.type === "list") return node.items.map(treeValue);
  const value: Record<string, unknown> = {};
  for (const key of [...node.entries.keys()].sort()) {
    const entry = node.entries.get(key);
    if (entry) define(value, key, treeValue(entry.node));
  }
  return value;
}

/** Sets a property even if it is called __proto__. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
}
