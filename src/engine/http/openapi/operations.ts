// What can be done at a kind's URLs, before it is written as OpenAPI 2 or 3.
// Source: apiserver pkg/endpoints/installer.go, apiextensions pkg/controller/openapi/builder, 1.34.
import type { Kind } from "../../../api/kind.ts";
import type { Verb } from "../../../api/traceEvent.ts";
import { isCustom, type ServedSubresource, subresourcesOf } from "../discovery/servedResource.ts";
import { fullName } from "./definitions.ts";

export interface PathItem {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly type: "string" | "integer" | "boolean";
  /** Absent where the documentation of parameters has it. */
  readonly description?: string;
}

export interface Operation {
  readonly method: "get" | "put" | "post" | "delete" | "patch";
  /** x-kubernetes-action. */
  readonly action: string;
  readonly description: string;
  readonly id: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Body;
  /** The schema of what it answers; absent for plain text and byte streams. */
  readonly answer?: string;
  /** Status codes beside 401. */
  readonly codes: readonly number[];
  readonly canWatch?: true;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
}

interface Body {
  readonly mediaTypes: readonly string[];
  readonly schema: string;
  readonly isRequired: boolean;
}

/** "Status" and its like are the same in every group. */
const meta = (name: string): string => fullName(`meta.v1.${name}`);

/** The schema of a kind's objects, by its name in the published documents. */
export function schemaName({ gvk }: Kind): string {
  return schemaNameOf(gvk);
}

/** The schema of a kind's lists. */
export function listSchemaName({ gvk, listKind }: Kind): string {
  return schemaNameOf({ ...gvk, kind: listKind });
}

function schemaNameOf({ group, version, kind }: Kind["gvk"]): string {
  const [first = "", ...rest] = group === "" ? ["core"] : group.split(".");
  const isBuiltIn = rest.length === 0 || group.endsWith(".k8s.io");
  return isBuiltIn
    ? fullName(`${first}.${version}.${kind}`)
    : `${[...rest.toReversed(), first].join(".")}.${version}.${kind}`;
}

/** All paths of a kind, subresources last. */
export function pathItems(kind: Kind): readonly PathItem[] {
  return new KindPaths(kind).items();
}

const path = (name: string, description: string): Parameter => ({
  name,
  in: "path",
  type: "string",
  description,
});
const text = (name: string): Parameter => ({ name, in: "query", type: "string" });
const integer = (name: string): Parameter => ({ name, in: "query", type: "integer" });
const flag = (name: string): Parameter => ({ name, in: "query", type: "boolean" });

const namespaceParameter = path(
  "namespace",
  "object name and auth scope, such as for teams and projects",
);
const pretty = text("pretty");
const listParameters = [
  flag("allowWatchBookmarks"),
  text("continue"),
  text("fieldSelector"),
  text("labelSelector"),
  integer("limit"),
  text("resourceVersion"),
  text("resourceVersionMatch"),
  flag("sendInitialEvents"),
  integer("timeoutSeconds"),
  flag("watch"),
];
const writeParameters = [text("dryRun"), text("fieldManager"), text("fieldValidation")];
const deleteParameters = [
  text("dryRun"),
  integer("gracePeriodSeconds"),
  flag("ignoreStoreReadErrorWithClusterBreakingPotential"),
  flag("orphanDependents"),
  text("propagationPolicy"),
];
const deleteCollectionParameters = byName([...listParameters, ...deleteParameters]).filter(
  ({ name }) => name !== "watch" && name !== "allowWatchBookmarks",
);
const logParameters = [
  text("container"),
  flag("follow"),
  flag("insecureSkipTLSVerifyBackend"),
  integer("limitBytes"),
  flag("previous"),
  integer("sinceSeconds"),
  text("stream"),
  integer("tailLines"),
  flag("timestamps"),
];

function byName(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const patchTypes = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

const watchDeprecation = "deprecated: use the 'watch' parameter with a list operation instead";
const filteredToOne = "filtered to a single item with the 'fieldSelector' parameter.";

class KindPaths {
  private readonly base: string;
  private readonly group: string;
  private readonly scope: string;

  constructor(private readonly kind: Kind) {
    const { group, version } = kind.gvk;
    this.base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    this.group = `${groupName(group)}${capitalized(version)}`;
    this.scope = kind.namespaced ? "Namespaced" : "";
  }

  items(): readonly PathItem[] {
    const { plural, namespaced } = this.kind;
    const root = namespaced
      ? `${this.base}/namespaces/{namespace}/${plural}`
      : `${this.base}/${plural}`;
    const scope = namespaced ? [namespaceParameter] : [];
    const name = this.nameParameter();
    const object = `${root}/{name}`;
    const items: PathItem[] = [
      { path: root, parameters: [...scope, pretty], operations: this.ofCollection() },
      { path: object, parameters: [name, ...scope, pretty], operations: this.ofObject() },
      ...(namespaced ? this.everywhere() : []),
      ...subresourcesOf(this.kind).map((part) => ({
        path: `${object}/${part.subresource}`,
        parameters: [...(part.subresource === "log" ? logParameters : []), name, ...scope, pretty],
        operations: part.verbs.flatMap((verb) => this.ofSubresource(part, verb)),
      })),
      ...this.watches(),
    ];
    return items.filter(({ operations }) => operations.length > 0);
  }

  private everywhere(): readonly PathItem[] {
    if (!this.serves("list")) return [];
    const { plural, gvk } = this.kind;
    const { parameters: _none, ...list } = this.list(`${gvk.kind}ForAllNamespaces`);
    const parameters = byName([...listParameters, pretty]);
    return [
      { path: `${this.base}/${plural}`, parameters, operations: [{ ...list, parameters: [] }] },
    ];
  }

  /** Watches at URLs of their own, from before lists could be watched. Custom resources never had them. */
  private watches(): readonly PathItem[] {
    if (!this.serves("watch") || isCustom(this.kind)) return [];
    const { plural, namespaced, gvk } = this.kind;
    const root = `${this.base}/watch`;
    const scope = namespaced ? [namespaceParameter] : [];
    const collection = `${root}${namespaced ? "/namespaces/{namespace}" : ""}/${plural}`;
    const watched = (path: string, own: readonly Parameter[], operation: Operation): PathItem => ({
      path,
      parameters: byName([...listParameters, ...own, pretty]),
      operations: [operation],
    });
    const name = `${this.scope}${gvk.kind}`;
    return [
      watched(collection, scope, this.watchList(`${name}List`)),
      watched(`${collection}/{name}`, [this.nameParameter(), ...scope], this.watchObject(name)),
      ...(namespaced
        ? [watched(`${root}/${plural}`, [], this.watchList(`${gvk.kind}ListForAllNamespaces`))]
        : []),
    ];
  }

  private watchList(name: string): Operation {
    const { gvk } = this.kind;
    return {
      ...this.watch(name),
      action: "watchlist",
      description: `watch individual changes to a list of ${gvk.kind}. ${watchDeprecation}.`,
    };
  }

  private watchObject(name: string): Operation {
    const { gvk } = this.kind;
    return {
      ...this.watch(name),
      action: "watch",
      description: `watch changes to an object of kind ${gvk.kind}. ${watchDeprecation}, ${filteredToOne}`,
    };
  }

  private watch(name: string): Omit<Operation, "action" | "description"> {
    return {
      method: "get",
      id: `watch${this.group}${name}`,
      parameters: [],
      answer: meta("WatchEvent"),
      codes: [200],
      canWatch: true,
      kind: this.kind.gvk,
    };
  }

  private nameParameter(): Parameter {
    return path("name", `name of the ${this.kind.gvk.kind}`);
  }

  private ofCollection(): readonly Operation[] {
    const { kind } = this.kind.gvk;
    return [
      ...(this.serves("list") ? [this.list(`${this.scope}${kind}`)] : []),
      ...(this.serves("create") ? [this.create(`${this.scope}${kind}`)] : []),
      ...(this.serves("deletecollection") ? [this.deleteCollection()] : []),
    ];
  }

  private ofObject(): readonly Operation[] {
    return (["get", "update", "delete", "patch"] as const)
      .filter((verb) => this.serves(verb))
      .map((verb) => (verb === "delete" ? this.delete() : this.objectOperation(verb)));
  }

  private serves(verb: Verb): boolean {
    return this.kind.verbs.includes(verb);
  }

  private list(name: string): Operation {
    const { gvk } = this.kind;
    return {
      method: "get",
      action: "list",
      description: `list ${this.serves("watch") ? "or watch " : ""}objects of kind ${gvk.kind}`,
      id: `list${this.group}${name}`,
      parameters: listParameters,
      answer: listSchemaName(this.kind),
      codes: [200],
      canWatch: true,
      kind: gvk,
    };
  }

  private create(name: string): Operation {
    const { gvk } = this.kind;
    return {
      method: "post",
      action: "post",
      description: `create ${withArticle(gvk.kind)}`,
      id: `create${this.group}${name}`,
      parameters: writeParameters,
      body: { mediaTypes: ["*/*"], schema: schemaName(this.kind), isRequired: true },
      answer: schemaName(this.kind),
      codes: [200, 201, 202],
      kind: gvk,
    };
  }

  private deleteCollection(): Operation {
    const { gvk } = this.kind;
    return {
      method: "delete",
      action: "deletecollection",
      description: `delete collection of ${gvk.kind}`,
      id: `delete${this.group}Collection${this.scope}${gvk.kind}`,
      parameters: deleteCollectionParameters,
      body: { mediaTypes: ["*/*"], schema: meta("DeleteOptions"), isRequired: false },
      answer: meta("Status"),
      codes: [200],
      kind: gvk,
    };
  }

  private delete(): Operation {
    const { gvk, returnsDeletedObject } = this.kind;
    return {
      method: "delete",
      action: "delete",
      description: `delete ${withArticle(gvk.kind)}`,
      id: `delete${this.group}${this.scope}${gvk.kind}`,
      parameters: deleteParameters,
      body: { mediaTypes: ["*/*"], schema: meta("DeleteOptions"), isRequired: false },
      answer: returnsDeletedObject ? schemaName(this.kind) : meta("Status"),
      codes: [200, 202],
      kind: gvk,
    };
  }

  /** A read, replacement or patch of the object, or of a part of it. */
  private objectOperation(verb: Verb, part?: ServedSubresource): Operation {
    const { gvk } = this.kind;
    const of = part === undefined ? "" : `${part.subresource} of `;
    const kind = part === undefined ? gvk : partKind(this.kind, part);
    const own = part === undefined || part.kind === gvk.kind;
    const schema = own ? schemaName(this.kind) : fullName(partDefinition(part));
    const name = `${this.scope}${gvk.kind}${part === undefined ? "" : capitalized(part.subresource)}`;
    const common = { answer: schema, kind };
    if (verb === "get")
      return {
        ...common,
        method: "get",
        action: "get",
        description: `read ${of}the specified ${gvk.kind}`,
        id: `read${this.group}${name}`,
        parameters: [],
        codes: [200],
      };
    const isPatch = verb === "patch";
    const mediaTypes = isCustom(this.kind) ? patchTypes.slice(0, 3) : patchTypes;
    return {
      ...common,
      method: isPatch ? "patch" : "put",
      action: isPatch ? "patch" : "put",
      description: `${isPatch ? "partially update" : "replace"} ${of}the specified ${gvk.kind}`,
      id: `${isPatch ? "patch" : "replace"}${this.group}${name}`,
      parameters: isPatch ? [...writeParameters, flag("force")] : writeParameters,
      body: isPatch
        ? { mediaTypes, schema: meta("Patch"), isRequired: true }
        : { mediaTypes: ["*/*"], schema, isRequired: true },
      codes: [200, 201],
    };
  }

  private ofSubresource(part: ServedSubresource, verb: Verb): readonly Operation[] {
    if (connected.has(part.subresource)) return [this.connect(part, verb)];
    if (verb !== "create") {
      const operation = this.objectOperation(verb, part);
      if (part.subresource !== "log") return [operation];
      const { answer: _text, ...log } = operation;
      return [log];
    }
    const { gvk } = this.kind;
    const name = `${this.scope}${gvk.kind}${capitalized(part.subresource)}`;
    const schema = fullName(partDefinition(part));
    return [
      {
        ...this.create(name),
        description: `create ${part.subresource} of ${withArticle(gvk.kind)}`,
        body: { mediaTypes: ["*/*"], schema, isRequired: true },
        answer: schema,
        kind: partKind(this.kind, part),
      },
    ];
  }

  private connect(part: ServedSubresource, verb: Verb): Operation {
    const { gvk } = this.kind;
    const method = methodOfVerb[verb] ?? "get";
    const name = `${this.scope}${gvk.kind}${capitalized(part.subresource)}`;
    return {
      method,
      action: "connect",
      description: `connect ${method.toUpperCase()} requests to ${part.subresource} of ${gvk.kind}`,
      id: `connect${this.group}${capitalized(method)}${name}`,
      parameters: [],
      codes: [200],
      kind: partKind(this.kind, part),
    };
  }
}

const connected: ReadonlySet<string> = new Set(["attach", "exec", "portforward", "proxy"]);

const methodOfVerb: Readonly<Partial<Record<Verb, Operation["method"]>>> = {
  create: "post",
  delete: "delete",
  get: "get",
  patch: "patch",
  update: "put",
};

function partKind({ gvk }: Kind, { group, version, kind }: ServedSubresource): Operation["kind"] {
  return group === "" ? { ...gvk, kind } : { group, version, kind };
}

/** The definition that a subresource speaks in, e.g. "autoscaling.v1.Scale". */
function partDefinition({ group, version, kind }: ServedSubresource): string {
  return group === "" ? `core.v1.${kind}` : `${group.split(".")[0]}.${version}.${kind}`;
}

/** "rbac.authorization.k8s.io" → "RbacAuthorization", "" → "Core". */
function groupName(group: string): string {
  if (group === "") return "Core";
  return group
    .replace(/\.k8s\.io$/, "")
    .split(/[.-]/)
    .map(capitalized)
    .join("");
}

/** "a Pod", "an Ingress", "Endpoints". Source: apiserver pkg/endpoints/installer.go GetArticleForNoun. */
function withArticle(kind: string): string {
  if (/[^s]s$/i.test(kind)) return kind;
  return `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
