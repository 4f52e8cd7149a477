// A set of fields of an object: what a manager owns. A trie, immutable but for its builder; its JSON is
// what FieldsV1 holds. Source: structured-merge-diff v6 fieldpath/set.go and serialize.go.
import { InternTable } from "../../../base/internTable.ts";
import {
  compareElements,
  elementName,
  type Path,
  type PathElement,
  parseElementName,
} from "./pathElement.ts";

/** FieldsV1 as it is stored: names of elements to their children; "." says that the element itself is in. */
export interface FieldsV1 {
  readonly [name: string]: FieldsV1;
}

interface Node {
  readonly element: PathElement;
  readonly isMember: boolean;
  /** Members beneath; empty if there are none. */
  readonly children: FieldSet;
}

export class FieldSet {
  static readonly empty = new FieldSet([]);

  private json: FieldsV1 | undefined;
  /** Of shared sets: equal ones have the same, as long as the table knows them. */
  private id: number | undefined;

  /** In the order of their elements, none twice, none without anything in it. */
  private constructor(private readonly nodes: readonly Node[]) {}

  static of(...paths: readonly Path[]): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.insert(path);
    return builder.build();
  }

  /** All of the elements, none twice, as members, each with what is beneath it. */
  static ofMembers(
    members: readonly (readonly [element: PathElement, children: FieldSet])[],
  ): FieldSet {
    return FieldSet.sorted(members.map(([element, children]) => memberNode(element, children)));
  }

  /** @returns what is wrong with it, as a text, if it is not FieldsV1 */
  static parse(fields: unknown): FieldSet | string {
    if (!isObject(fields)) return `expected a map, got ${JSON.stringify(fields)}`;
    const nodes = new Map<string, Node>();
    for (const [key, inner] of Object.entries(fields)) {
      if (key === ".") continue;
      const element = parseElementName(key);
      // What a later version may have written is left out.
      if (element === undefined) continue;
      if (typeof element === "object" && "error" in element)
        return `parsing key as path element: ${element.error}`;
      const children = FieldSet.parse(inner);
      if (typeof children === "string") return children;
      const isMember = children.isEmpty || (isObject(inner) && "." in inner);
      nodes.set(elementName(element), makeNode(element, isMember, children));
    }
    return FieldSet.sorted([...nodes.values()]);
  }

  /** For the builder, and within this class. */
  static sorted(nodes: Node[]): FieldSet {
    return FieldSet.from(nodes.sort((a, b) => compareElements(a.element, b.element)));
  }

  private static from(nodes: readonly Node[]): FieldSet {
    return nodes.length === 0 ? FieldSet.empty : new FieldSet(nodes);
  }

  /**
   * The one set that stands for all that are equal to it, its parts shared with other sets: what is kept
   * for long is kept in this form. Pods of one template own the same fields.
   */
  shared(): FieldSet {
    if (this.id !== undefined || this.isEmpty) return this;
    const nodes = this.nodes.map((node) => {
      const children = node.children.shared();
      return children === node.children ? node : makeNode(node.element, node.isMember, children);
    });
    const parts = nodes.map(({ element, isMember, children }) => [
      elementName(element),
      isMember,
      children.identity,
    ]);
    return sharedSets.intern(JSON.stringify(parts), () => {
      const set = new FieldSet(nodes);
      set.id = ++lastIdentity;
      return set;
    });
  }

  /** Of shared sets: two with the same are equal. */
  get identity(): number {
    return this.id ?? 0;
  }

  get isEmpty(): boolean {
    return this.nodes.length === 0;
  }

  has(path: Path): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    const node = this.find(first);
    if (!node) return false;
    return rest.length === 0 ? node.isMember : node.children.has(rest);
  }

  /** The set beneath an element. */
  under(element: PathElement): FieldSet {
    return this.find(element)?.children ?? FieldSet.empty;
  }

  hasElement(element: PathElement): boolean {
    return this.find(element)?.isMember ?? false;
  }

  /** Elements at the top, members or on the way to some, in order. */
  elements(): readonly { readonly element: PathElement; readonly isMember: boolean }[] {
    return this.nodes;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    return this.combined(other, (ours, theirs) => {
      if (!ours || !theirs) return ours ?? theirs;
      const isMember = ours.isMember || theirs.isMember;
      return changed(ours, isMember, ours.children.union(theirs.children));
    });
  }

  intersection(other: FieldSet): FieldSet {
    return this.combined(other, (ours, theirs) => {
      if (!ours || !theirs) return undefined;
      const isMember = ours.isMember && theirs.isMember;
      return changed(ours, isMember, ours.children.intersection(theirs.children));
    });
  }

  /** Without the members of `other`; what lies beneath a member of `other` stays. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty || this.isEmpty) return this;
    return this.combined(other, (ours, theirs) => {
      if (!ours || !theirs) return ours;
      const isMember = ours.isMember && !theirs.isMember;
      return changed(ours, isMember, ours.children.difference(theirs.children));
    });
  }

  /** Without the members of `other` and all that lies beneath them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty || this.isEmpty) return this;
    return this.combined(other, (ours, theirs) => {
      if (!ours || !theirs) return ours;
      if (theirs.isMember) return undefined;
      return changed(ours, ours.isMember, ours.children.recursiveDifference(theirs.children));
    });
  }

  /**
   * What `combine` makes of the nodes of both sets, element by element; undefined for nothing. The set
   * itself if that is all its nodes as they are.
   */
  private combined(
    other: FieldSet,
    combine: (ours: Node | undefined, theirs: Node | undefined) => Node | undefined,
  ): FieldSet {
    const result: Node[] = [];
    let isSame = true;
    for (let i = 0, j = 0; i < this.nodes.length || j < other.nodes.length; ) {
      const [ours, theirs] = [this.nodes[i], other.nodes[j]];
      const order = compareNodes(ours, theirs);
      const made = combine(order <= 0 ? ours : undefined, order >= 0 ? theirs : undefined);
      if (made) result.push(made);
      if (made !== (order <= 0 ? ours : undefined)) isSame = false;
      if (order <= 0) i++;
      if (order >= 0) j++;
    }
    return isSame ? this : FieldSet.from(result);
  }

  /** This set as what lies beneath an element. */
  beneath(element: PathElement): FieldSet {
    return this.isEmpty ? this : new FieldSet([makeNode(element, false, this)]);
  }

  /** With each node made anew; those that are neither members nor have any beneath are left out. */
  mapNodes(change: (node: Node) => Omit<Node, "element">): FieldSet {
    return FieldSet.from(
      this.nodes.flatMap((node) => {
        const { isMember, children } = change(node);
        return changed(node, isMember, children) ?? [];
      }),
    );
  }

  equals(other: FieldSet): boolean {
    if (this === other) return true;
    return (
      this.nodes.length === other.nodes.length &&
      this.nodes.every((ours, i) => {
        const theirs = other.nodes[i];
        return (
          theirs !== undefined &&
          compareElements(ours.element, theirs.element) === 0 &&
          ours.isMember === theirs.isMember &&
          ours.children.equals(theirs.children)
        );
      })
    );
  }

  /** All paths: at each level the members first, then what is beneath, each in order. */
  paths(): readonly Path[] {
    return [
      ...this.nodes.filter(({ isMember }) => isMember).map(({ element }) => [element]),
      ...this.nodes.flatMap(({ element, children }) =>
        children.paths().map((path) => [element, ...path]),
      ),
    ];
  }

  /** FieldsV1, its names in the canonical order. Made once, and frozen. */
  toJSON(): FieldsV1 {
    this.json ??= Object.freeze(this.makeJson());
    return this.json;
  }

  private makeJson(): FieldsV1 {
    const fields: Record<string, FieldsV1> = {};
    for (const { element, isMember, children } of this.nodes)
      fields[elementName(element)] =
        isMember && !children.isEmpty
          ? Object.freeze({ ".": FieldSet.empty.toJSON(), ...children.toJSON() })
          : children.toJSON();
    return fields;
  }

  private find(element: PathElement): Node | undefined {
    let [low, high] = [0, this.nodes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const node = this.nodes[middle] as Node;
      const order = compareElements(node.element, element);
      if (order === 0) return node;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }
}

interface Branch {
  readonly element: PathElement;
  isMember: boolean;
  children: FieldSetBuilder | undefined;
  /** All that is beneath, if it came at once. */
  grafted: FieldSet;
}

/** Collects paths. */
export class FieldSetBuilder {
  private readonly branches = new Map<string, Branch>();

  /** The path of no steps is the object itself, which nobody owns. */
  insert(path: Path): void {
    this.graft(path, FieldSet.empty);
  }

  /** Adds a path with all that is beneath it. */
  graft(path: Path, beneath: FieldSet, depth = 0): void {
    const element = path[depth];
    if (element === undefined) return;
    const branch = this.branch(element);
    if (depth === path.length - 1) {
      branch.isMember = true;
      branch.grafted = branch.grafted.union(beneath);
      return;
    }
    branch.children ??= new FieldSetBuilder();
    branch.children.graft(path, beneath, depth + 1);
  }

  build(): FieldSet {
    const nodes: Node[] = [];
    for (const { element, isMember, children, grafted } of this.branches.values())
      nodes.push(makeNode(element, isMember, children?.build().union(grafted) ?? grafted));
    return FieldSet.sorted(nodes);
  }

  private branch(element: PathElement): Branch {
    const name = elementName(element);
    const known = this.branches.get(name);
    if (known) return known;
    const made = { element, isMember: false, children: undefined, grafted: FieldSet.empty };
    this.branches.set(name, made);
    return made;
  }
}

const sharedSets = new InternTable<FieldSet>(10_000);
let lastIdentity = 0;

const mostLeaves = 10_000;
/** The same few fields are leaves of nearly all sets: their nodes are shared. */
const leaves = new Map<string, Node>();

function memberNode(element: PathElement, children: FieldSet): Node {
  return makeNode(element, true, children);
}

function makeNode(element: PathElement, isMember: boolean, children: FieldSet): Node {
  if (typeof element !== "string" || !isMember || !children.isEmpty)
    return { element, isMember, children };
  const known = leaves.get(element);
  if (known) return known;
  const made = { element, isMember, children };
  if (leaves.size < mostLeaves) leaves.set(element, made);
  return made;
}

/** The node itself if it is as asked; undefined if nothing is left of it. */
function changed(node: Node, isMember: boolean, children: FieldSet): Node | undefined {
  if (isMember === node.isMember && children === node.children) return node;
  if (!isMember && children.isEmpty) return undefined;
  return makeNode(node.element, isMember, children);
}

/** Nodes that are not there come last. */
function compareNodes(a: Node | undefined, b: Node | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return compareElements(a.element, b.element);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
