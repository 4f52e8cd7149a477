// ClusterRole: what may be done in the whole cluster, or, bound in a namespace, there.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { ClusterRole as ClusterRoleObject } from "../../types.ts";
import { roleColumns } from "./columns.ts";
import { validateClusterRole } from "./validation.ts";

export const ClusterRole = defineKind<ClusterRoleObject>({
  gvk: gvk("rbac.authorization.k8s.io", "v1", "ClusterRole"),
  plural: "clusterroles",
  namespaced: false,
  nameRule: "pathSegment",
  allowsCreateOnUpdate: true,
  columns: roleColumns,
  validate: validateClusterRole,
});
