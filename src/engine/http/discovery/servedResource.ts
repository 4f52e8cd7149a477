// What discovery and OpenAPI say of a kind's resource beyond the kind itself: subresources with the
// objects they take, and verbs in the server's order.
import type { Kind, Subresource } from "../../../api/kind.ts";
import type { Verb } from "../../../api/traceEvent.ts";

export interface ServedSubresource {
  readonly subresource: Subresource;
  /** "" unless the objects are of another group and version than the resource. */
  readonly group: string;
  readonly version: string;
  /** Of the objects that the subresource speaks in. */
  readonly kind: string;
  readonly verbs: readonly Verb[];
}

/** Whether the kind came with a CustomResourceDefinition. */
export function isCustom({ decode, openApiSchema }: Kind): boolean {
  return decode !== undefined || openApiSchema !== undefined;
}

/** apiextensions lists its verbs in an order of its own. */
const customVerbs: readonly Verb[] = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];

export function verbsOf(kind: Kind): readonly Verb[] {
  if (!isCustom(kind)) return kind.verbs.toSorted();
  const { isTerminating, verbs } = kind;
  return customVerbs.filter(
    (verb) => verbs.includes(verb) && !(isTerminating && makesOrChanges.has(verb)),
  );
}

/** What a custom resource does not offer any more once its definition is being deleted. */
const makesOrChanges: ReadonlySet<Verb> = new Set(["create", "update", "patch"]);

const writable: readonly Verb[] = ["get", "patch", "update"];
const connectable: readonly Verb[] = ["create", "get"];
const proxied: readonly Verb[] = ["create", "delete", "get", "patch", "update"];

/** In the order of discovery: by name, but a custom resource's status before its scale. */
export function subresourcesOf(kind: Kind): readonly ServedSubresource[] {
  const names = isCustom(kind)
    ? kind.subresources.toSorted().reverse()
    : kind.subresources.toSorted();
  return names.map((subresource) => served(kind, subresource));
}

function served({ gvk: { kind } }: Kind, subresource: Subresource): ServedSubresource {
  const own = { subresource, group: "", version: "", kind };
  switch (subresource) {
    case "scale":
      return { ...own, group: "autoscaling", version: "v1", kind: "Scale", verbs: writable };
    case "binding":
      return { ...own, kind: "Binding", verbs: ["create"] };
    case "eviction":
      return { ...own, group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] };
    case "token":
      return {
        ...own,
        group: "authentication.k8s.io",
        version: "v1",
        kind: "TokenRequest",
        verbs: ["create"],
      };
    case "attach":
      return { ...own, kind: "PodAttachOptions", verbs: connectable };
    case "exec":
      return { ...own, kind: "PodExecOptions", verbs: connectable };
    case "portforward":
      return { ...own, kind: "PodPortForwardOptions", verbs: connectable };
    case "proxy":
      return { ...own, kind: `${kind}ProxyOptions`, verbs: proxied };
    case "log":
      return { ...own, verbs: ["get"] };
    case "finalize":
      return { ...own, verbs: ["update"] };
    case "approval":
    case "ephemeralcontainers":
    case "resize":
    case "status":
      return { ...own, verbs: writable };
  }
}
