// Builds the tree of a YAML document out of what a parser finds, in the order in which it finds it.
import { plainScalar, type ScalarValue, taggedScalar } from "./scalar.ts";
import type { Token } from "./yamlScanner.ts";
import type { Range, TreeEntry, TreeNode } from "./yamlTree.ts";

/** A key that its map already has. */
export interface DuplicateKey {
  readonly key: string;
  readonly range: Range;
  /** Where its value begins: the server names that line. */
  readonly valueStart: number;
}

/** What go-yaml refuses although the syntax is right: aliases within themselves, keys that are no texts. */
export interface TreeError {
  readonly message: string;
  readonly range: Range;
}

/** The document would grow beyond all bounds. Source: go-yaml's own limit. */
export class ExcessiveAliasing extends Error {
  constructor() {
    super("document contains excessive aliasing");
  }
}

/** What stands before a node: "&anchor" and "!tag". */
export interface NodeProperties {
  readonly anchor?: string;
  readonly tag?: string;
}

/** Aliases may multiply: beyond this many nodes the document is refused. */
const maxNodes = 400_000;
/** go-yaml itself stops at 10,000 levels; ours is what is safe to walk by recursion. */
const maxLevels = 500;

interface OpenList {
  readonly type: "list";
  readonly start: number;
  readonly anchor: string | undefined;
  readonly items: TreeNode[];
  end: number;
}

interface OpenMap {
  readonly type: "map";
  readonly start: number;
  readonly anchor: string | undefined;
  readonly entries: Map<string, TreeEntry>;
  end: number;
  /** Waits for its value. */
  key?: { readonly name: string; readonly range: Range; readonly isMerge: boolean };
}

/** Offsets are counted from `base` on. */
export class YamlTreeBuilder {
  root: TreeNode | undefined;
  readonly duplicates: DuplicateKey[] = [];
  readonly errors: TreeError[] = [];
  private readonly anchors = new Map<string, TreeNode>();
  private readonly openAnchors = new Set<string>();
  private readonly frames: (OpenList | OpenMap)[] = [];
  private count = 0;

  constructor(private readonly base: number) {}

  /** True if one more level would be too deep. */
  get isFull(): boolean {
    return this.frames.length >= maxLevels;
  }

  open(type: "list" | "map", at: number, { anchor }: NodeProperties = {}): void {
    this.tally(1);
    const start = at + this.base;
    if (anchor !== undefined) this.openAnchors.add(anchor);
    this.frames.push(
      type === "list"
        ? { type, start, anchor, items: [], end: start }
        : { type, start, anchor, entries: new Map(), end: start },
    );
  }

  /** @param end behind the bracket that closes it; a block ends with the last it holds */
  close(end = 0): void {
    const frame = this.frames.pop();
    if (!frame) return;
    const { type, start, anchor } = frame;
    const range = { start, end: Math.max(frame.end, end + this.base) };
    const node: TreeNode =
      type === "list"
        ? { type, range, items: frame.items }
        : { type, range, entries: frame.entries };
    if (anchor !== undefined) this.openAnchors.delete(anchor);
    this.add(node, anchor);
  }

  scalar({ start, end, text, isPlain }: Token, { anchor, tag }: NodeProperties): void {
    this.tally(1);
    const range = { start: start.index + this.base, end: end + this.base };
    const isUntagged = tag === undefined || tag === "!";
    const value = isUntagged
      ? isPlain && tag === undefined
        ? plainScalar(text)
        : text
      : this.tagged(tag, text, range);
    const isMerge = text === "<<" && isPlain && tag === undefined;
    this.add({ type: "scalar", range, value }, anchor, isMerge);
  }

  /** A value, or key, that is left out. */
  empty({ anchor, tag }: NodeProperties = {}): void {
    this.tally(1);
    const at = this.next();
    const range = { start: at, end: at };
    const value = tag === undefined ? null : tag === "!" ? "" : this.tagged(tag, "", range);
    this.add({ type: "scalar", range, value }, anchor);
  }

  alias({ start, end, text: name }: Token): void {
    const range = { start: start.index + this.base, end: end + this.base };
    const target = this.anchors.get(name);
    if (!target || this.openAnchors.has(name)) {
      this.errors.push({ message: `anchor '${name}' value contains itself`, range });
      this.add({ type: "scalar", range, value: null });
      return;
    }
    this.tally(sizeOf(target));
    this.add({ ...target, range });
  }

  private tagged(tag: string, text: string, range: Range): ScalarValue {
    const read = taggedScalar(tag, text);
    if ("value" in read) return read.value;
    this.errors.push({ message: read.error, range });
    return null;
  }

  /** Where the next value would stand if it were not left out. */
  private next(): number {
    const frame = this.frames.at(-1);
    if (!frame) return this.base;
    return (frame.type === "map" ? frame.key?.range.end : undefined) ?? frame.end;
  }

  private add(node: TreeNode, anchor?: string, isMerge = false): void {
    if (anchor !== undefined) this.anchors.set(anchor, node);
    const frame = this.frames.at(-1);
    if (!frame) {
      this.root = node;
      return;
    }
    frame.end = Math.max(frame.end, node.range.end);
    if (frame.type === "list") frame.items.push(node);
    else if (!frame.key) {
      const name = isMerge ? "<<" : this.keyText(node);
      frame.key = { name, range: node.range, isMerge };
    } else {
      const { name, range, isMerge: merges } = frame.key;
      if (merges) this.merge(node, frame);
      else this.set(frame, { key: name, keyRange: range, node });
      delete frame.key;
    }
  }

  private keyText(node: TreeNode): string {
    // Keys that are no texts become some, as JSON needs it.
    if (node.type === "scalar") return String(node.value);
    this.errors.push({ message: `invalid map key: ${goValueText(node)}`, range: node.range });
    return "";
  }

  private set({ entries }: OpenMap, entry: TreeEntry): void {
    if (entries.has(entry.key)) {
      const { key, keyRange, node } = entry;
      this.duplicates.push({ key, range: keyRange, valueStart: node.range.start });
    }
    entries.set(entry.key, entry);
  }

  /** Merged entries are set in order, so that a key after the merge counts as given twice. */
  private merge(value: TreeNode, frame: OpenMap): void {
    if (value.type === "map") for (const entry of value.entries.values()) this.set(frame, entry);
    else if (value.type === "list")
      for (const item of value.items.toReversed()) this.merge(item, frame);
    else
      this.errors.push({
        message: "map merge requires map or sequence of maps as the value",
        range: value.range,
      });
  }

  private tally(nodes: number): void {
    this.count += nodes;
    if (this.count > maxNodes) throw new ExcessiveAliasing();
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
