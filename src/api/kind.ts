// One value says everything about a kind. REST routes, tables, validation, the tree and completion
// are derived from it; nothing else lists kinds.
import type { Draft } from "../base/draft.ts";
import type { Instant } from "../base/time.ts";
import type { FieldError } from "./fieldError.ts";
import { apiVersionOf, type GroupVersionKind, type KubeObject } from "./object.ts";

/** A column of a meta/v1 Table. Wide columns have priority 1. */
export interface Column<T> {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly priority: number;
  value(object: T, now: Instant): string | number | boolean | null;
}

/** Reads a field as text. Taken from a method so that a Kind<Pod> is a Kind. */
export type FieldReader<T> = { read(object: T): string }["read"];

export type Subresource = "status" | "scale" | "binding" | "eviction" | "log" | "exec" | "finalize";

/** What the server knows when it prepares an object. */
export interface WriteContext {
  readonly now: Instant;
}

export interface KindDefinition<T extends KubeObject> {
  readonly gvk: GroupVersionKind;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
  /** Seconds that a deletion waits for, given what the request asked; absent: gone at once. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number;
  readonly columns?: readonly Column<T>[];
  /** Values of the fields one may select by, beside metadata.name and metadata.namespace. */
  readonly fields?: Readonly<Record<string, FieldReader<T>>>;

  /** The part whose change raises metadata.generation; absent for kinds without a generation. */
  desiredState?(object: T): unknown;

  /** Fills in what the user left out. Runs on create and update, before admission. */
  setDefaults?(object: Draft<T>): void;
  /** Drops or sets what the server owns, e.g. the first status. */
  prepareForCreate?(object: Draft<T>, context: WriteContext): void;
  /** Carries over what an update may not touch, without complaint. */
  prepareForUpdate?(object: Draft<T>, old: T): void;
  /** Marks an object that waits for its deletion. */
  prepareForDelete?(object: Draft<T>): void;
  /** Pure, so that the editor calls it as well. Metadata is checked for all kinds elsewhere. */
  validate?(object: T): readonly FieldError[];
  validateUpdate?(object: T, old: T): readonly FieldError[];
  validateStatusUpdate?(object: T, old: T): readonly FieldError[];
  /** How the kind restricts metadata.name beyond a DNS subdomain. */
  readonly nameRule?: "dnsSubdomain" | "dnsLabel" | "dns1035Label" | "pathSegment";
  /** False for kinds that let finalizers have any name. */
  readonly checksFinalizerNames?: boolean;
  /** The kind's own rules come first: metadata is checked only once they are met. */
  readonly checksMetadataLast?: boolean;
}

/** `KindDefinition` with the derived names filled in. Methods are compared bivariantly on purpose. */
export interface Kind<T extends KubeObject = KubeObject> extends KindDefinition<T> {
  readonly apiVersion: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly columns: readonly Column<T>[];
  readonly fields: Readonly<Record<string, FieldReader<T>>>;
  /** "pods", "deployments.apps": how errors and RBAC name the resource. */
  readonly resource: string;
}

export function defineKind<T extends KubeObject>(definition: KindDefinition<T>): Kind<T> {
  const { gvk, plural } = definition;
  return {
    shortNames: [],
    categories: [],
    subresources: [],
    columns: [],
    fields: {},
    ...definition,
    apiVersion: apiVersionOf(gvk),
    singular: gvk.kind.toLowerCase(),
    resource: gvk.group === "" ? plural : `${plural}.${gvk.group}`,
  };
}

export function column<T>(
  name: string,
  type: Column<T>["type"],
  value: Column<T>["value"],
  priority = 0,
): Column<T> {
  return { name, type, value, priority };
}

/** The kinds that a server knows, by group, version and kind or plural. CRDs add to it at run time. */
export class KindRegistry {
  private readonly byKind = new Map<string, Kind>();
  private readonly byPlural = new Map<string, Kind>();

  constructor(kinds: Iterable<Kind>) {
    for (const kind of kinds) this.add(kind);
  }

  add(kind: Kind): void {
    this.byKind.set(`${kind.apiVersion}/${kind.gvk.kind}`, kind);
    this.byPlural.set(`${kind.apiVersion}/${kind.plural}`, kind);
  }

  /** The kind of an object's `apiVersion` and `kind`. */
  forObject(apiVersion: string, kind: string): Kind | undefined {
    return this.byKind.get(`${apiVersion}/${kind}`);
  }

  forResource(apiVersion: string, plural: string): Kind | undefined {
    return this.byPlural.get(`${apiVersion}/${plural}`);
  }

  [Symbol.iterator](): IterableIterator<Kind> {
    return this.byKind.values();
  }
}
