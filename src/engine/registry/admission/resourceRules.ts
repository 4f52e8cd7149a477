// Which requests the rules of a policy or a webhook are about.
// Source: apiserver pkg/admission/plugin/webhook/predicates, plugin/policy/matching, kubernetes v1.34.
import type { Kind, KindRegistry } from "../../../api/kind.ts";
import { Namespace } from "../../../api/kinds/namespace.ts";
import type { KubeObject } from "../../../api/object.ts";
import { type Labels, labelSelectorOf, type Selector } from "../../../api/selector.ts";
import { notFoundError } from "../../../api/status.ts";
import type { LabelSelector, NamedRuleWithOperations } from "../../../api/types.ts";
import type { AdmissionContext, AdmissionRequest } from "./admission.ts";

/** What a policy or webhook says about the requests that it wants to see. */
export interface MatchCriteria {
  readonly rules: readonly NamedRuleWithOperations[];
  readonly excludeRules?: readonly NamedRuleWithOperations[];
  /** Other versions of a resource are as good as the one that a rule names; the default. */
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

/** The rules of webhooks and policies are not put to webhooks and policies. */
const exempt = new Set([
  "mutatingwebhookconfigurations",
  "validatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
]);

export function isExempt({ kind }: AdmissionRequest): boolean {
  return kind.gvk.group === "admissionregistration.k8s.io" && exempt.has(kind.plural);
}

/**
 * The kind in whose version the request is to be seen; undefined if it is of no interest.
 * @throws ApiError NotFound if the request's namespace is gone
 */
export function matchedKind(
  request: AdmissionRequest,
  criteria: MatchCriteria,
  { kinds, context }: { readonly kinds: KindRegistry; readonly context: AdmissionContext },
): Kind | undefined {
  const { rules, excludeRules = [], namespaceSelector, objectSelector } = criteria;
  if (!selectsObject(labelSelectorOf(objectSelector ?? {}), request)) return undefined;
  const equivalents = criteria.matchPolicy === "Exact" ? [] : equivalentsOf(request.kind, kinds);
  if (findMatch(request, excludeRules, equivalents)) return undefined;
  const found = rules.length === 0 ? request.kind : findMatch(request, rules, equivalents);
  if (!found) return undefined;
  const selector = labelSelectorOf(namespaceSelector ?? {});
  return selectsNamespace(selector, request, context) ? found : undefined;
}

/** The namespace that a request is about: a namespace lies in itself. */
export function namespaceOf({ kind, key }: AdmissionRequest): string {
  return kind.resource === "namespaces" ? key.name : key.namespace;
}

function findMatch(
  request: AdmissionRequest,
  rules: readonly NamedRuleWithOperations[],
  equivalents: readonly Kind[],
): Kind | undefined {
  return [request.kind, ...equivalents].find((kind) =>
    rules.some((rule) => matches(rule, kind, request)),
  );
}

function matches(rule: NamedRuleWithOperations, kind: Kind, request: AdmissionRequest): boolean {
  const { group, version } = kind.gvk;
  const { resourceNames = [] } = rule;
  return (
    inScope(rule.scope, request) &&
    includes(rule.operations, request.operation) &&
    includes(rule.apiGroups, group) &&
    includes(rule.apiVersions, version) &&
    includesResource(rule.resources ?? [], kind.plural, request.subresource ?? "") &&
    (resourceNames.length === 0 || resourceNames.includes(request.key.name))
  );
}

function inScope(scope: string | undefined, request: AdmissionRequest): boolean {
  const isClusterWide = request.kind.resource === "namespaces" || request.key.namespace === "";
  if (scope === "Namespaced") return !isClusterWide;
  return scope !== "Cluster" || isClusterWide;
}

function includes(items: readonly string[] | undefined, wanted: string): boolean {
  return items?.some((item) => item === "*" || item === wanted) ?? false;
}

/** "pods", "pods/status", "pods/*", "*", and all together. */
function includesResource(items: readonly string[], plural: string, subresource: string): boolean {
  return items.some((item) => {
    const [resource, part = ""] = item.split("/", 2);
    return (resource === "*" || resource === plural) && (part === "*" || part === subresource);
  });
}

/** Other faces of the same stored objects. */
function equivalentsOf(kind: Kind, kinds: KindRegistry): readonly Kind[] {
  const stored = kind.storedAs?.kind ?? kind;
  return [...kinds].filter((other) => other !== kind && (other.storedAs?.kind ?? other) === stored);
}

function selectsObject(selector: Selector, { object, old }: AdmissionRequest): boolean {
  if (selector.isEmpty) return true;
  return [object, old].some(
    (one) => one !== undefined && isLabelled(one) && selector.matches(labelsOf(one)),
  );
}

function labelsOf({ metadata }: Pick<KubeObject, "metadata"> | AdmissionRequestObject): Labels {
  return metadata.labels ?? {};
}

/** The options of a connection are not. */
function isLabelled({ metadata }: Partial<Pick<KubeObject, "metadata">>): boolean {
  return metadata !== undefined;
}

type AdmissionRequestObject = NonNullable<AdmissionRequest["object"]>;

function selectsNamespace(
  selector: Selector,
  request: AdmissionRequest,
  { find }: AdmissionContext,
): boolean {
  const name = namespaceOf(request);
  const isNamespace = request.kind.resource === "namespaces";
  if (selector.isEmpty || (name === "" && !isNamespace)) return true;
  const isWritten = isNamespace && request.operation !== "DELETE" && !request.subresource;
  if (isWritten && request.object) return selector.matches(labelsOf(request.object));
  const namespace = find(Namespace, { namespace: "", name });
  if (!namespace) throw notFoundError({ group: "", kind: "namespaces", name });
  return selector.matches(labelsOf(namespace));
}
