// ClusterRoleBinding: gives a ClusterRole to someone in the whole cluster.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { ClusterRoleBinding as ClusterRoleBindingObject } from "../../types.ts";
import { bindingColumns } from "./columns.ts";
import {
  setRoleBindingDefaults,
  validateClusterRoleBinding,
  validateClusterRoleBindingUpdate,
} from "./validation.ts";

export const ClusterRoleBinding = defineKind<ClusterRoleBindingObject>({
  gvk: gvk("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"),
  plural: "clusterrolebindings",
  namespaced: false,
  nameRule: "pathSegment",
  allowsCreateOnUpdate: true,
  columns: bindingColumns("clusterRoleBinding"),
  setDefaults: setRoleBindingDefaults,
  validate: validateClusterRoleBinding,
  validateUpdate: validateClusterRoleBindingUpdate,
});
