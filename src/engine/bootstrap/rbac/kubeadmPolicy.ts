// What kubeadm adds to the roles of kube-apiserver: its administrators, and what nodes need to join and to
// keep their certificates. Source: cmd/kubeadm/app/phases, 1.34.
import { ClusterRole } from "../../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../api/kinds/rbac/roleBinding.ts";
import type {
  ClusterRoleBinding as ClusterRoleBindingObject,
  RbacV1Subject,
} from "../../../api/types.ts";
import { bootstrapPolicy, type Policy } from "./policy.ts";
import { ruleOf } from "./ruleText.ts";

const apiGroup = ClusterRole.gvk.group;
const { apiVersion } = ClusterRole;
const certificateRole = "system:certificates.k8s.io:certificatesigningrequests";

const group = (name: string): RbacV1Subject => ({ kind: "Group", apiGroup, name });
const joining = group("system:bootstrappers:kubeadm:default-node-token");
const nodes = group("system:nodes");

/** Bindings of ClusterRoles: name, role, who has it. */
const clusterWide: readonly (readonly [string, string, RbacV1Subject])[] = [
  // No system:masters, so that their rights can be taken.
  ["kubeadm:cluster-admins", "cluster-admin", group("kubeadm:cluster-admins")],
  ["kubeadm:get-nodes", "kubeadm:get-nodes", joining],
  ["kubeadm:kubelet-bootstrap", "system:node-bootstrapper", joining],
  ["kubeadm:node-autoapprove-bootstrap", `${certificateRole}:nodeclient`, joining],
  ["kubeadm:node-autoapprove-certificate-rotation", `${certificateRole}:selfnodeclient`, nodes],
  [
    "kubeadm:node-proxier",
    "system:node-proxier",
    { kind: "ServiceAccount", name: "kube-proxy", namespace: "kube-system" },
  ],
];

/** Roles to read one ConfigMap, bound under their own names: namespace, name, ConfigMap, who. */
const readers: readonly (readonly [string, string, string, readonly RbacV1Subject[]])[] = [
  [
    "kube-public",
    "kubeadm:bootstrap-signer-clusterinfo",
    "cluster-info",
    [{ kind: "User", apiGroup, name: "system:anonymous" }],
  ],
  ["kube-system", "kube-proxy", "kube-proxy", [joining]],
  ["kube-system", "kubeadm:kubelet-config", "kubelet-config", [nodes, joining]],
  ["kube-system", "kubeadm:nodes-kubeadm-config", "kubeadm-config", [joining, nodes]],
];

export const kubeadmPolicy: Policy = {
  clusterRoles: [
    ...bootstrapPolicy.clusterRoles,
    {
      apiVersion,
      kind: ClusterRole.gvk.kind,
      metadata: { name: "kubeadm:get-nodes" },
      rules: [ruleOf("get core: nodes")],
    },
  ],
  clusterRoleBindings: [...bootstrapPolicy.clusterRoleBindings, ...clusterWide.map(binding)],
  roles: [
    ...bootstrapPolicy.roles,
    ...readers.map(([namespace, name, map]) => ({
      apiVersion,
      kind: Role.gvk.kind,
      metadata: { name, namespace },
      rules: [ruleOf(`get core: configmaps named ${map}`)],
    })),
  ],
  roleBindings: [
    ...bootstrapPolicy.roleBindings,
    ...readers.map(([namespace, name, , subjects]) => ({
      apiVersion,
      kind: RoleBinding.gvk.kind,
      metadata: { name, namespace },
      subjects,
      roleRef: { apiGroup, kind: Role.gvk.kind, name },
    })),
  ],
};

function binding([name, role, subject]: (typeof clusterWide)[number]): ClusterRoleBindingObject {
  return {
    apiVersion,
    kind: ClusterRoleBinding.gvk.kind,
    metadata: { name },
    subjects: [subject],
    roleRef: { apiGroup, kind: ClusterRole.gvk.kind, name: role },
  };
}
