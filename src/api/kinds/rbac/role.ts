// Role: what may be done within one namespace.
import { defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { Role as RoleObject } from "../../types.ts";
import { roleColumns } from "./columns.ts";
import { validateRole } from "./validation.ts";

export const Role = defineKind<RoleObject>({
  gvk: gvk("rbac.authorization.k8s.io", "v1", "Role"),
  plural: "roles",
  namespaced: true,
  nameRule: "pathSegment",
  allowsCreateOnUpdate: true,
  columns: roleColumns,
  validate: validateRole,
});
