// Which group of requests a request belongs to, and so whose share of the server it takes.
// Source: apiserver pkg/util/flowcontrol/rule.go, 1.34.
import { FlowSchema } from "../../api/kinds/flowSchema.ts";
import { PriorityLevelConfiguration } from "../../api/kinds/priorityLevelConfiguration.ts";
import type {
  FlowSchema as FlowSchemaObject,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration as PriorityLevelObject,
  ResourcePolicyRule,
  Subject,
} from "../../api/types.ts";
import type { UserInfo } from "../../api/user.ts";
import type { AdmissionContext } from "./admission/admission.ts";
import {
  type AuthorizerAttributes,
  isResourceRequest,
  type ResourceAttributes,
} from "./authorizer.ts";

export interface FlowClass {
  readonly schema: FlowSchemaObject;
  readonly level: PriorityLevelObject;
}

const serviceAccountName = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** @returns undefined only where the mandatory objects are not there yet */
export function flowClassOf(
  user: UserInfo,
  attributes: AuthorizerAttributes,
  { list, find }: Pick<AdmissionContext, "list" | "find">,
): FlowClass | undefined {
  const schemas = list(FlowSchema).toSorted(inOrder);
  for (const schema of schemas) {
    if (!schema.spec.rules?.some((rules) => covers(rules, user, attributes))) continue;
    const { name } = schema.spec.priorityLevelConfiguration;
    const level = find(PriorityLevelConfiguration, { namespace: "", name });
    if (level) return { schema, level };
  }
  return undefined;
}

function inOrder(a: FlowSchemaObject, b: FlowSchemaObject): number {
  const precedence = (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0);
  return precedence || (a.metadata.name < b.metadata.name ? -1 : 1);
}

function covers(
  { subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  user: UserInfo,
  attributes: AuthorizerAttributes,
): boolean {
  if (!subjects.some((subject) => isSubject(subject, user))) return false;
  return isResourceRequest(attributes)
    ? resourceRules.some((rule) => coversResource(rule, attributes))
    : nonResourceRules.some((rule) => coversPath(rule, attributes));
}

function isSubject(subject: Subject, { name, groups }: UserInfo): boolean {
  switch (subject.kind) {
    case "User":
      return subject.user?.name === "*" || subject.user?.name === name;
    case "Group":
      return subject.group?.name === "*" || groups.includes(subject.group?.name ?? "");
    default: {
      const [, namespace, account] = serviceAccountName.exec(name) ?? [];
      const wanted = subject.serviceAccount;
      return (
        namespace !== undefined &&
        wanted?.namespace === namespace &&
        (wanted.name === "*" || wanted.name === account)
      );
    }
  }
}

function coversResource(
  { verbs, apiGroups, resources, clusterScope, namespaces = [] }: ResourcePolicyRule,
  { verb, apiGroup, resource, subresource, namespace }: ResourceAttributes,
): boolean {
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const isPlace = namespace === "" ? clusterScope === true : has(namespaces, namespace);
  return has(verbs, verb) && has(apiGroups, apiGroup) && has(resources, full) && isPlace;
}

function coversPath(
  { verbs, nonResourceURLs }: NonResourcePolicyRule,
  { verb, path }: { readonly verb: string; readonly path: string },
): boolean {
  const isPath = nonResourceURLs.some(
    (url) => url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))),
  );
  return has(verbs, verb) && isPath;
}

function has(names: readonly string[], name: string): boolean {
  return names.includes("*") || names.includes(name);
}
