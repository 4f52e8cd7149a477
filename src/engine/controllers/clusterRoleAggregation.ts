// clusterrole-aggregation-controller: gathers the rules of ClusterRoles that others select by label.
import { dequal } from "dequal";
import { ClusterRole } from "../../api/kinds/rbac/clusterRole.ts";
import { type KubeObject, keyOf, type ObjectKey } from "../../api/object.ts";
import { labelSelectorOf } from "../../api/selector.ts";
import type { ClusterRole as ClusterRoleObject, PolicyRule } from "../../api/types.ts";
import type { Lister } from "../localInformer.ts";
import { type ControllerFactory, trigger } from "./controller.ts";

const name = "clusterrole-aggregation-controller";

/** Source: pkg/controller/clusterroleaggregation, kubernetes v1.34. */
export const clusterRoleAggregation: ControllerFactory = () => ({
  name,
  // Any role may be selected by any other: each change wakes all that gather.
  triggers: [trigger(ClusterRole, (_change, { cache }) => gathering(cache(ClusterRole)))],
  reconcile(key, { cache, client }) {
    const role = cache(ClusterRole).get(key);
    if (!role?.aggregationRule) return undefined;
    const rules = gatheredRules(role, cache(ClusterRole).list());
    if (dequal(rules, role.rules ?? [])) return undefined;
    const { apiVersion, gvk } = ClusterRole;
    const body = { apiVersion, kind: gvk.kind, metadata: { name: key.name }, rules };
    client.patch(ClusterRole, key, body, {
      type: "apply",
      options: { fieldManager: name, force: true },
    });
    return undefined;
  },
});

function gathering(roles: Lister<ClusterRoleObject>): readonly ObjectKey[] {
  return roles.list().flatMap((role) => (role.aggregationRule ? [keyOf(role as KubeObject)] : []));
}

/** The rules of all roles that it selects, those of one selector by the roles' names, none twice. */
function gatheredRules(
  { metadata, aggregationRule }: ClusterRoleObject,
  roles: readonly ClusterRoleObject[],
): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const labelSelector of aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = labelSelectorOf(labelSelector);
    for (const role of roles) {
      if (role.metadata.name === metadata.name || !selector.matches(role.metadata.labels)) continue;
      for (const rule of role.rules ?? [])
        if (!rules.some((each) => dequal(each, rule))) rules.push(rule);
    }
  }
  return rules;
}
