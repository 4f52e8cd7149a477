// One value says everything about a kind. REST routes, tables, validation, the tree and completion
// are derived from it; nothing else lists kinds.
import type { Draft } from "../base/draft.ts";
import { Emitter } from "../base/emitter.ts";
import type { Instant } from "../base/time.ts";
import type { FieldError } from "./fieldError.ts";
import { apiVersionOf, type GroupVersionKind, type KubeObject } from "./object.ts";
import type { OpenApiSchema } from "./openapi/structure.ts";
import type { RequestOptions } from "./request.ts";
import type { Decoded } from "./schema.ts";
import type { Verb } from "./traceEvent.ts";
import type { CustomResourceSubresourceScale } from "./types.ts";
import type { UserInfo } from "./user.ts";
import type { TextRule } from "./validation/texts.ts";

/** A column of a meta/v1 Table. */
export interface Column<T> extends ColumnDetails {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly priority: number;
  value(object: T, now: Instant): string | number | boolean | null;
}

/** What a column says about itself beside its name and type. */
export interface ColumnDetails {
  /** 0 if absent; columns of priority 1 are for wide output. */
  readonly priority?: number;
  /** "name" for names of objects. */
  readonly format?: string;
  /** The text that describes the column; most are described by a field's documentation instead. */
  readonly description?: string;
  /** The field whose documentation describes the column: "core.v1.PodSpec.nodeName". */
  readonly field?: string;
  /** The server puts the cell into rows but forgets it in the table's head. */
  readonly isUndeclared?: true;
}

/** A meta/v1 TableRowCondition. */
export interface RowCondition {
  readonly type: "Completed";
  readonly status: "True";
  readonly reason: string;
  readonly message: string;
}

/** Reads a field as text. Taken from a method so that a Kind<Pod> is a Kind. */
export type FieldReader<T> = { read(object: T): string }["read"];

export type Subresource =
  | "approval"
  | "attach"
  | "binding"
  | "ephemeralcontainers"
  | "eviction"
  | "exec"
  | "finalize"
  | "log"
  | "portforward"
  | "proxy"
  | "resize"
  | "scale"
  | "status"
  | "token";

/** How a second version or face of a resource is kept: as objects of another kind. */
export interface StoredAs {
  readonly kind: Kind;
  /** Of the kinds that are kept as that one, the one whose objects controllers collect. */
  readonly isCollected?: true;
  /** What a kept object is in this version has to be asked anew each time, of a webhook. */
  readonly isAsked?: true;
  /** Objects are going to be read one after the other: what has to be asked is asked for all at once. */
  prepare?(kept: readonly KubeObject[]): void;
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
}

/** What the server knows when it prepares an object. */
export interface WriteContext {
  readonly now: Instant;
  readonly user: UserInfo;
  newUid(): string;
  /** Adds a Warning header to the answer. */
  warn(warning: string): void;
}

export interface KindDefinition<T extends KubeObject> {
  readonly gvk: GroupVersionKind;
  readonly plural: string;
  /** The kind in lower case if absent. */
  readonly singular?: string;
  /** The kind with "List" behind it if absent. */
  readonly listKind?: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
  /** Where the scale subresource finds its numbers, if not in spec.replicas and status.replicas. */
  readonly scale?: CustomResourceSubresourceScale;
  /** What the resource itself answers to; all eight verbs if absent. */
  readonly verbs?: readonly Verb[];
  /** Objects of this kind are kept as objects of another. */
  readonly storedAs?: StoredAs;
  /** The folder of its keys beneath /registry, where it isn't the plural: "group/plural" for custom resources. */
  readonly storagePlace?: string;
  /** A deletion answers with the object instead of a Status. Source: ReturnDeletedObject, 1.34. */
  readonly returnsDeletedObject?: true;
  /** What a deletion does with dependents if nobody says; "Background" if absent. */
  readonly defaultPropagation?: "Orphan";
  /** Its definition is being deleted: no more objects are made. */
  readonly isTerminating?: true;
  /** A question, not an object: created, answered, and not kept. */
  readonly unstored?: true;
  /** Reads a value as an object of a kind that is not built in. */
  decode?(value: Readonly<Record<string, unknown>>): Decoded;
  /** The structure of a kind that is not built in. */
  readonly openApiSchema?: OpenApiSchema;
  /** An update of a missing object creates it. Source: the strategies' AllowCreateOnUpdate. */
  readonly allowsCreateOnUpdate?: true;
  /** False: an update must name the resourceVersion. Source: AllowUnconditionalUpdate. */
  readonly allowsUnconditionalUpdate?: false;
  /** Seconds that a deletion waits for, given what the request asked; absent: gone at once. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number;
  readonly columns?: readonly Column<T>[];
  /** The order of a Table's rows, where it isn't that of the keys. */
  compareRows?(a: T, b: T): number;
  rowConditions?(object: T): readonly RowCondition[];
  /** A warning that goes with every answer: "v1 Endpoints is deprecated in v1.33+; ...". */
  readonly deprecation?: string;
  /** Values of the fields one may select by, beside metadata.name and metadata.namespace. */
  readonly fields?: Readonly<Record<string, FieldReader<T>>>;

  /** The part whose change raises metadata.generation; absent for kinds without a generation. */
  desiredState?(object: T): unknown;

  /** Fills in what the user left out. Runs on create and update, before admission. */
  setDefaults?(object: Draft<T>): void;
  /** Drops or sets what the server owns, e.g. the first status. */
  prepareForCreate?(object: Draft<T>, context: WriteContext): void;
  /** Carries over what an update may not touch, without complaint. */
  prepareForUpdate?(object: Draft<T>, old: T, context: WriteContext): void;
  /** The same for a subresource that writes this kind's object. */
  prepareForSubresource?(
    subresource: Subresource,
    object: Draft<T>,
    old: T,
    context: WriteContext,
  ): void;
  /**
   * What the first deletion does where it never takes the object away at once: marks it, and puts a
   * finalizer on it. The next is like that of any kind.
   */
  beginDeletion?(object: Draft<T>, now: Instant): void;
  /** Marks an object that waits for its deletion. */
  prepareForDelete?(object: Draft<T>): void;
  /** Pure, so that the editor calls it as well. Metadata is checked for all kinds elsewhere. */
  validate?(object: T): readonly FieldError[];
  validateUpdate?(object: T, old: T): readonly FieldError[];
  validateStatusUpdate?(object: T, old: T): readonly FieldError[];
  /** Of the other subresources that write the object, e.g. "resize" and "approval". */
  validateSubresourceUpdate?(subresource: Subresource, object: T, old: T): readonly FieldError[];
  /** Texts of Warning headers; the request goes on. */
  warningsOnCreate?(object: T): readonly string[];
  warningsOnUpdate?(object: T, old: T): readonly string[];
  /** What a client should know that asked for a deletion with these options. */
  warningsOnDelete?(options: RequestOptions): readonly string[];
  /** How the kind restricts metadata.name, where it is no DNS subdomain. */
  readonly nameRule?: "dnsSubdomain" | "dnsLabel" | "dns1035Label" | "pathSegment" | TextRule;
  /** False for kinds that let finalizers have any name. */
  readonly checksFinalizerNames?: boolean;
  /** The kind's own rules come first: metadata is checked only once they are met. */
  readonly checksMetadataLast?: boolean;
}

/** `KindDefinition` with the derived names filled in. Methods are compared bivariantly on purpose. */
export interface Kind<T extends KubeObject = KubeObject> extends KindDefinition<T> {
  readonly apiVersion: string;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly verbs: readonly Verb[];
  readonly columns: readonly Column<T>[];
  readonly fields: Readonly<Record<string, FieldReader<T>>>;
  /** "pods", "deployments.apps": how errors and RBAC name the resource. */
  readonly resource: string;
}

/** The verbs of an ordinary resource. */
export const allVerbs: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

export function defineKind<T extends KubeObject>(definition: KindDefinition<T>): Kind<T> {
  const { gvk, plural } = definition;
  return {
    shortNames: [],
    categories: [],
    subresources: [],
    verbs: allVerbs,
    columns: [],
    fields: {},
    ...definition,
    apiVersion: apiVersionOf(gvk),
    singular: definition.singular ?? gvk.kind.toLowerCase(),
    listKind: definition.listKind ?? `${gvk.kind}List`,
    resource: gvk.group === "" ? plural : `${plural}.${gvk.group}`,
  };
}

/** True for resources that controllers collect: not a second face of another, and not made on demand. */
export function isCollectable({ storedAs, verbs }: Kind): boolean {
  const isFace = storedAs !== undefined && !storedAs.isCollected;
  return !isFace && (["delete", "list", "watch"] as const).every((verb) => verbs.includes(verb));
}

export function column<T>(
  name: string,
  type: Column<T>["type"],
  value: Column<T>["value"],
  details: ColumnDetails = {},
): Column<T> {
  return { priority: 0, ...details, name, type, value };
}

/** The kinds that a server knows, by group, version and kind or plural. CRDs add to it at run time. */
export class KindRegistry {
  private readonly byKind = new Map<string, Kind>();
  private readonly byPlural = new Map<string, Kind>();
  private readonly changed = new Emitter<void>();
  /** Fires after a kind was added or removed. */
  readonly onChanged = this.changed.event;

  constructor(kinds: Iterable<Kind>) {
    for (const kind of kinds) this.add(kind);
  }

  /** Replaces a kind of the same names. */
  add(kind: Kind): void {
    this.byKind.set(`${kind.apiVersion}/${kind.gvk.kind}`, kind);
    this.byPlural.set(`${kind.apiVersion}/${kind.plural}`, kind);
    this.changed.fire();
  }

  remove(kind: Kind): void {
    this.byKind.delete(`${kind.apiVersion}/${kind.gvk.kind}`);
    this.byPlural.delete(`${kind.apiVersion}/${kind.plural}`);
    this.changed.fire();
  }

  /** The kind of an object's `apiVersion` and `kind`. */
  forObject(apiVersion: string, kind: string): Kind | undefined {
    return this.byKind.get(`${apiVersion}/${kind}`);
  }

  forResource(apiVersion: string, plural: string): Kind | undefined {
    return this.byPlural.get(`${apiVersion}/${plural}`);
  }

  /** What a plural means without its group: the kind that was there first; "nodes" are also metrics. */
  forPlural(plural: string): Kind | undefined {
    for (const kind of this) if (kind.plural === plural && !kind.storedAs) return kind;
    return undefined;
  }

  [Symbol.iterator](): IterableIterator<Kind> {
    return this.byKind.values();
  }
}
