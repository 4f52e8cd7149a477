// Brings the roles and bindings that every cluster starts with into shape, at each start of
// kube-apiserver: what is missing is made or added, what an administrator added stays.
// Source: component-helpers auth/rbac/reconciliation, 1.34.
import { dequal } from "dequal";
import type { Kind } from "../../../api/kind.ts";
import { ClusterRole } from "../../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../api/kinds/rbac/roleBinding.ts";
import { type KubeObject, keyOf } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type {
  ClusterRoleBinding as ClusterRoleBindingObject,
  ClusterRole as ClusterRoleObject,
  ObjectMeta,
  RbacV1Subject,
} from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import { missingRules } from "../../registry/authorization/rbac/covers.ts";
import type { Policy } from "./policy.ts";

/** Whoever sets this annotation to anything but "true" keeps the object as it is. */
const autoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

export function reconcilePolicy(client: LocalClient, policy: Policy): void {
  for (const role of policy.clusterRoles) ensure(client, ClusterRole, role, repairedRole);
  for (const binding of policy.clusterRoleBindings)
    ensureBinding(client, ClusterRoleBinding, binding);
  for (const role of policy.roles) ensure(client, Role, role, repairedRole);
  for (const binding of policy.roleBindings) ensureBinding(client, RoleBinding, binding);
}

function ensure<T extends KubeObject>(
  client: LocalClient,
  kind: Kind<T>,
  wanted: T,
  repaired: (found: T, wanted: T) => T,
): void {
  const found = find(client, kind, wanted);
  if (!found) client.create(kind, wanted);
  else if (found.metadata.annotations?.[autoUpdate] === "true") {
    const next = repaired(found, wanted);
    if (!dequal(next, found)) client.update(kind, next);
  }
}

/** A binding to another role is made anew, for its role cannot be changed. */
function ensureBinding<T extends ClusterRoleBindingObject>(
  client: LocalClient,
  kind: Kind<T>,
  wanted: T,
): void {
  const found = find(client, kind, wanted);
  const isOurs = found?.metadata.annotations?.[autoUpdate] === "true";
  if (found && isOurs && !dequal(found.roleRef, wanted.roleRef)) client.delete(kind, keyOf(found));
  ensure(client, kind, wanted, repairedBinding);
}

function find<T extends KubeObject>(client: LocalClient, kind: Kind<T>, object: T): T | undefined {
  try {
    return client.get(kind, keyOf(object));
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Rules that are missing are added at the end; the rules of aggregated roles are left alone. */
function repairedRole<T extends ClusterRoleObject>(found: T, wanted: T): T {
  const metadata = repairedMeta(found.metadata, wanted.metadata);
  if (wanted.aggregationRule) {
    const held = found.aggregationRule?.clusterRoleSelectors ?? [];
    const missing = (wanted.aggregationRule.clusterRoleSelectors ?? []).filter(
      (selector) => !held.some((each) => dequal(each, selector)),
    );
    if (missing.length === 0) return { ...found, metadata };
    return { ...found, metadata, aggregationRule: { clusterRoleSelectors: [...held, ...missing] } };
  }
  const held = found.rules ?? [];
  const missing = missingRules(held, wanted.rules ?? []);
  return missing.length === 0
    ? { ...found, metadata }
    : { ...found, metadata, rules: [...held, ...missing] };
}

function repairedBinding<T extends ClusterRoleBindingObject>(found: T, wanted: T): T {
  const metadata = repairedMeta(found.metadata, wanted.metadata);
  const held = found.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter(
    (subject: RbacV1Subject) => !held.some((each) => dequal(each, subject)),
  );
  return missing.length === 0
    ? { ...found, metadata }
    : { ...found, metadata, subjects: [...held, ...missing] };
}

/** Labels and annotations that are there keep their values. */
function repairedMeta(found: ObjectMeta, { labels, annotations }: ObjectMeta): ObjectMeta {
  return {
    ...found,
    ...(labels ? { labels: { ...labels, ...found.labels } } : {}),
    ...(annotations ? { annotations: { ...annotations, ...found.annotations } } : {}),
  };
}
