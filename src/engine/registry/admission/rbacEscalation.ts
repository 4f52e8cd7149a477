// Nobody gives away what they don't have themselves: roles and bindings are refused that would.
// kube-apiserver checks it in the storage of the kinds, right after admission has changed the object.
// Source: pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased, 1.34.
import { dequal } from "dequal";
import { ClusterRole } from "../../../api/kinds/rbac/clusterRole.ts";
import type { KubeObject } from "../../../api/object.ts";
import { forbiddenError } from "../../../api/status.ts";
import type {
  ClusterRole as ClusterRoleObject,
  PolicyRule,
  Role,
  RoleBinding,
} from "../../../api/types.ts";
import type { UserInfo } from "../../../api/user.ts";
import { isPrivileged } from "../authorization/privilegedGroup.ts";
import { missingRules, quotedList, ruleTexts } from "../authorization/rbac/covers.ts";
import type { RuleResolver } from "../authorization/rbac/ruleResolver.ts";
import type { Authorizer } from "../authorizer.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";

const { group, version } = ClusterRole.gvk;

const fullAuthority: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

export function rbacEscalation(authorizer: Authorizer, resolver: RuleResolver): AdmissionPlugin {
  const mayDo = (request: AdmissionRequest, verb: string, resource: string, name: string) =>
    authorizer.authorize(request.user, {
      verb,
      apiGroup: group,
      apiVersion: version,
      resource,
      namespace: request.key.namespace,
      name,
    }).allowed;

  const checkRole = (request: AdmissionRequest, role: Role): void => {
    const { user, key, operation, kind } = request;
    // The path of a creation has no name in it, so that it matches no resourceNames.
    const name = operation === "CREATE" ? "" : key.name;
    if (mayDo(request, "escalate", kind.plural, name)) return;
    confirm(request, lacking(resolver, user, key.namespace, role.rules ?? []));
    if (![request.object, request.old].some(aggregates)) return;
    if (lacking(resolver, user, key.namespace, fullAuthority) === undefined) return;
    confirm(request, "must have cluster-admin privileges to use the aggregationRule");
  };

  const checkBinding = (request: AdmissionRequest, { roleRef }: RoleBinding): void => {
    const resource = roleRef.kind === "Role" ? "roles" : "clusterroles";
    if (mayDo(request, "bind", resource, roleRef.name)) return;
    const { user, key } = request;
    const rules = resolver.rulesOf(roleRef, key.namespace);
    confirm(request, lacking(resolver, user, key.namespace, rules));
  };

  return {
    name: "RBACEscalation",
    admit(request) {
      const { kind, object, old, operation, user } = request;
      if (kind.gvk.group !== group || !object || operation === "DELETE") return;
      if (isPrivileged(user) || (old && changesOnlyCollectorFields(object as KubeObject, old)))
        return;
      if (kind.plural.endsWith("bindings")) checkBinding(request, object as unknown as RoleBinding);
      else checkRole(request, object as unknown as Role);
    },
  };
}

/** @returns the complaint; undefined if the user holds all of `rules` */
function lacking(
  resolver: RuleResolver,
  user: UserInfo,
  namespace: string,
  rules: readonly PolicyRule[],
): string | undefined {
  const all = resolver.grantsOf(user, namespace);
  const held = all.flatMap(({ grants }) => grants.map(({ rule }) => rule));
  const missing = missingRules(held, rules);
  if (missing.length === 0) return undefined;
  const who = `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)})`;
  const errors = all.flatMap((each) => each.errors);
  const failures = errors.length === 0 ? "" : `; resolution errors: [${errors.join(" ")}]`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${ruleTexts(missing).join("\n")}${failures}`;
}

function confirm({ kind, key }: AdmissionRequest, complaint: string | undefined): void {
  if (complaint === undefined) return;
  throw forbiddenError({ group, kind: kind.plural, name: key.name }, complaint);
}

function aggregates(role: unknown): boolean {
  const { aggregationRule } = (role ?? {}) as Partial<ClusterRoleObject>;
  return (aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0;
}

/** The garbage collector may let go of a role that it could not make. Source: pkg/registry/rbac/helpers.go. */
function changesOnlyCollectorFields(object: KubeObject, old: KubeObject): boolean {
  return dequal(withoutCollectorFields(object), withoutCollectorFields(old));
}

function withoutCollectorFields(object: KubeObject): object {
  const { ownerReferences: _, finalizers: __, managedFields: ___, ...metadata } = object.metadata;
  return { ...object, metadata };
}
