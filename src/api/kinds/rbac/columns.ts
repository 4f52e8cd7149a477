// Columns of roles and their bindings. Source: pkg/printers/internalversion printClusterRoleBinding, 1.34.
import { type Column, column } from "../../kind.ts";
import type { ClusterRoleBinding, RbacV1Subject, RoleBinding } from "../../types.ts";
import { ageColumn, createdAtColumn, nameColumn } from "../columns.ts";

/** Roles have no printer of their own: the server's default table shows when they were made. */
export const roleColumns = [nameColumn, createdAtColumn];

type Binding = RoleBinding | ClusterRoleBinding;

export function bindingColumns<T extends Binding>(
  kind: "roleBinding" | "clusterRoleBinding",
): readonly Column<T>[] {
  const subjectColumn = (
    name: string,
    subjectKind: string,
    text: (subject: RbacV1Subject) => string,
  ): Column<T> => {
    const chosen = ({ subjects = [] }: T) => subjects.filter((each) => each.kind === subjectKind);
    return column<T>(name, "string", (binding) => chosen(binding).map(text).join(", "), {
      priority: 1,
      description: `${name} in the ${kind}`,
    });
  };
  const named = ({ name }: RbacV1Subject): string => name;
  const inNamespace = ({ namespace = "", name }: RbacV1Subject) => `${namespace}/${name}`;
  return [
    nameColumn,
    column<T>("Role", "string", ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`, {
      field: "rbac.v1.RoleBinding.roleRef",
    }),
    ageColumn,
    subjectColumn("Users", "User", named),
    subjectColumn("Groups", "Group", named),
    subjectColumn("ServiceAccounts", "ServiceAccount", inNamespace),
  ];
}
