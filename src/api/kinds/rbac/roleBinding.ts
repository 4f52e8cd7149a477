// RoleBinding: gives a role to someone within one namespace.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { RoleBinding as RoleBindingObject } from "../../types.ts";
import { bindingColumns } from "./columns.ts";
import {
  setRoleBindingDefaults,
  validateRoleBinding,
  validateRoleBindingUpdate,
} from "./validation.ts";

export const RoleBinding = defineKind<RoleBindingObject>({
  gvk: gvk("rbac.authorization.k8s.io", "v1", "RoleBinding"),
  plural: "rolebindings",
  namespaced: true,
  nameRule: "pathSegment",
  allowsCreateOnUpdate: true,
  columns: bindingColumns("roleBinding"),
  setDefaults: setRoleBindingDefaults,
  validate: validateRoleBinding,
  validateUpdate: validateRoleBindingUpdate,
});
