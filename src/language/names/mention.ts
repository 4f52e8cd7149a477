// A place in a text where something with a name is made or used, and how the two find each other.
import type { Labels, Selector } from "../../api/selector.ts";
import type { Range } from "../../base/yaml/yamlTree.ts";

/** What has a name. */
export type Sort =
  | "object"
  | "key"
  | "servicePort"
  | "containerPort"
  | "container"
  | "volume"
  | "resourceClaim"
  | "label"
  /** Of custom resources. */
  | "kind"
  | "anchor";

/** How a name is found, from the narrowest to the widest. */
export type Tie =
  /** Within one object, or behind one anchor. */
  | { readonly by: "object" }
  /** Within a namespace; `owner` is the object that a key or port is part of. */
  | { readonly by: "name"; readonly owner: string }
  /** By what the object that has the name is labelled with. */
  | { readonly by: "labels"; readonly labels: Labels }
  /** In all objects that are selected; `isOwn` where they can only be those that the object makes. */
  | { readonly by: "selector"; readonly selector: Selector; readonly isOwn: boolean };

export interface Mention {
  readonly sort: Sort;
  readonly role: "definition" | "use";
  /** Of an object, key or port the object's kind; of a label the kind of what has it. */
  readonly kind: string;
  /** Of a label "key=value", of a kind "CronTab.stable.example.com". */
  readonly name: string;
  readonly uri: string;
  /** Names the object in whose text it stands, among all texts. */
  readonly object: string;
  /** "" where none is given, and for kinds without one. */
  readonly namespace: string;
  /** What the cursor may be on, and what is shown. */
  readonly range: Range;
  /** What has to change for another name. */
  readonly nameRange: Range;
  readonly tie: Tie;
}

/** What of the name stands at `nameRange`. */
export function writtenName({ sort, name }: Mention): string {
  if (sort === "label") return name.slice(name.indexOf("=") + 1);
  return sort === "kind" ? name.slice(0, name.indexOf(".")) : name;
}

/** Manifests may leave their namespace to whoever applies them. */
export function meet(namespace: string, other: string): boolean {
  return namespace === other || namespace === "" || other === "";
}

/** True if the two are about names of one spelling in one sort of things. */
export function isNamesake(a: Mention, b: Mention): boolean {
  return a.sort === b.sort && a.kind === b.kind && a.name === b.name;
}

/** True if the use may mean what the definition makes. */
export function mayMean(use: Mention, definition: Mention): boolean {
  if (!isNamesake(use, definition)) return false;
  const { tie } = use;
  const { tie: made } = definition;
  if (tie.by === "object") return use.object === definition.object;
  if (!meet(use.namespace, definition.namespace)) return false;
  if (tie.by === "name") return made.by === "name" && tie.owner === made.owner;
  if (tie.by !== "selector" || made.by !== "labels") return false;
  if (tie.isOwn && use.object !== definition.object) return false;
  return tie.selector.matches(made.labels);
}
