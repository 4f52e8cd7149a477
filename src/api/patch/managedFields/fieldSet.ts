// A set of fields of an object: what a manager owns. A trie, immutable but for its builder; its JSON is
// what FieldsV1 holds. Source: structured-merge-diff v6 fieldpath/set.go and serialize.go.
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

type Nodes = ReadonlyMap<string, Node>;

export class FieldSet {
  static readonly empty = new FieldSet(new Map());

  private json: FieldsV1 | undefined;

  /** The order of the nodes means nothing. */
  private constructor(private readonly nodes: Nodes) {}

  static of(...paths: readonly Path[]): FieldSet {
    const builder = new FieldSetBuilder();
    for (const path of paths) builder.insert(path);
    return builder.build();
  }

  /** All of the elements as members, each with what is beneath it. */
  static ofMembers(
    members: Iterable<readonly [element: PathElement, children: FieldSet]>,
  ): FieldSet {
    const nodes = new Map<string, Node>();
    for (const [element, children] of members)
      nodes.set(elementName(element), { element, isMember: true, children });
    return FieldSet.from(nodes);
  }

  static from(nodes: Nodes): FieldSet {
    return nodes.size === 0 ? FieldSet.empty : new FieldSet(nodes);
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
      nodes.set(elementName(element), { element, isMember, children });
    }
    return FieldSet.from(nodes);
  }

  get isEmpty(): boolean {
    return this.nodes.size === 0;
  }

  has(path: Path): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    const node = this.nodes.get(elementName(first));
    if (!node) return false;
    return rest.length === 0 ? node.isMember : node.children.has(rest);
  }

  /** The set beneath an element. */
  under(element: PathElement): FieldSet {
    return this.nodes.get(elementName(element))?.children ?? FieldSet.empty;
  }

  hasElement(element: PathElement): boolean {
    return this.nodes.get(elementName(element))?.isMember ?? false;
  }

  /** Elements at the top, members or on the way to some, in order. */
  elements(): readonly { readonly element: PathElement; readonly isMember: boolean }[] {
    return this.sorted();
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    let isSame = true;
    const nodes = new Map(this.nodes);
    for (const [name, theirs] of other.nodes) {
      const ours = nodes.get(name);
      const merged = ours ? mergedNode(ours, theirs) : theirs;
      if (merged === ours) continue;
      isSame = false;
      nodes.set(name, merged);
    }
    return isSame ? this : new FieldSet(nodes);
  }

  intersection(other: FieldSet): FieldSet {
    const nodes = new Map<string, Node>();
    for (const [name, ours] of this.nodes) {
      const theirs = other.nodes.get(name);
      if (!theirs) continue;
      const isMember = ours.isMember && theirs.isMember;
      put(nodes, name, {
        ...ours,
        isMember,
        children: ours.children.intersection(theirs.children),
      });
    }
    return FieldSet.from(nodes);
  }

  /** Without the members of `other`; what lies beneath a member of `other` stays. */
  difference(other: FieldSet): FieldSet {
    return this.without(other, (ours, theirs) => ({
      ...ours,
      isMember: ours.isMember && !theirs.isMember,
      children: ours.children.difference(theirs.children),
    }));
  }

  /** Without the members of `other` and all that lies beneath them. */
  recursiveDifference(other: FieldSet): FieldSet {
    return this.without(other, (ours, theirs) =>
      theirs.isMember
        ? { ...ours, isMember: false, children: FieldSet.empty }
        : { ...ours, children: ours.children.recursiveDifference(theirs.children) },
    );
  }

  private without(other: FieldSet, rest: (ours: Node, theirs: Node) => Node): FieldSet {
    if (other.isEmpty || this.isEmpty) return this;
    let isSame = true;
    const nodes = new Map<string, Node>();
    for (const [name, ours] of this.nodes) {
      const theirs = other.nodes.get(name);
      const left = theirs ? rest(ours, theirs) : ours;
      if (left.isMember === ours.isMember && left.children === ours.children) nodes.set(name, ours);
      else {
        isSame = false;
        put(nodes, name, left);
      }
    }
    return isSame ? this : FieldSet.from(nodes);
  }

  /** This set as what lies beneath an element. */
  beneath(element: PathElement): FieldSet {
    if (this.isEmpty) return this;
    const node = { element, isMember: false, children: this };
    return new FieldSet(new Map([[elementName(element), node]]));
  }

  /** With each node made anew; those that are neither members nor have any beneath are left out. */
  mapNodes(change: (node: Node) => Omit<Node, "element">): FieldSet {
    const nodes = new Map<string, Node>();
    for (const [name, node] of this.nodes)
      put(nodes, name, { element: node.element, ...change(node) });
    return FieldSet.from(nodes);
  }

  equals(other: FieldSet): boolean {
    if (this === other) return true;
    if (this.nodes.size !== other.nodes.size) return false;
    for (const [name, ours] of this.nodes) {
      const theirs = other.nodes.get(name);
      if (theirs?.isMember !== ours.isMember || !ours.children.equals(theirs.children))
        return false;
    }
    return true;
  }

  /** All paths: at each level the members first, then what is beneath, each in order. */
  paths(): readonly Path[] {
    const sorted = this.sorted();
    return [
      ...sorted.filter(({ isMember }) => isMember).map(({ element }) => [element]),
      ...sorted.flatMap(({ element, children }) =>
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
    for (const { element, isMember, children } of this.sorted())
      fields[elementName(element)] =
        isMember && !children.isEmpty
          ? Object.freeze({ ".": FieldSet.empty.toJSON(), ...children.toJSON() })
          : children.toJSON();
    return fields;
  }

  private sorted(): Node[] {
    return [...this.nodes.values()].sort((a, b) => compareElements(a.element, b.element));
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
    if (this.branches.size === 0) return FieldSet.empty;
    const nodes = new Map<string, Node>();
    for (const [name, { element, isMember, children, grafted }] of this.branches)
      nodes.set(name, { element, isMember, children: children?.build().union(grafted) ?? grafted });
    return FieldSet.from(nodes);
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

function mergedNode(ours: Node, theirs: Node): Node {
  const isMember = ours.isMember || theirs.isMember;
  const children = ours.children.union(theirs.children);
  if (isMember === ours.isMember && children === ours.children) return ours;
  return { element: ours.element, isMember, children };
}

function put(nodes: Map<string, Node>, name: string, node: Node): void {
  if (node.isMember || !node.children.isEmpty) nodes.set(name, node);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
