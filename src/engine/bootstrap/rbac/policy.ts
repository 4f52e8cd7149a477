// The roles and bindings that every cluster starts with.
// Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy, 1.34.
import { ClusterRole } from "../../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../api/kinds/rbac/clusterRoleBinding.ts";
import { Role } from "../../../api/kinds/rbac/role.ts";
import { RoleBinding } from "../../../api/kinds/rbac/roleBinding.ts";
import type {
  ClusterRoleBinding as ClusterRoleBindingObject,
  ClusterRole as ClusterRoleObject,
  ObjectMeta,
  RbacV1Subject,
  RoleBinding as RoleBindingObject,
  Role as RoleObject,
} from "../../../api/types.ts";
import clusterRoleRules from "./clusterRoles.json" with { type: "json" };
import { ruleOf } from "./ruleText.ts";

export interface Policy {
  readonly clusterRoles: readonly ClusterRoleObject[];
  readonly clusterRoleBindings: readonly ClusterRoleBindingObject[];
  readonly roles: readonly RoleObject[];
  readonly roleBindings: readonly RoleBindingObject[];
}

const apiGroup = ClusterRole.gvk.group;
const { apiVersion } = ClusterRole;
const system = "kube-system";
const controllerPrefix = "system:controller:";

/** The roles that gather their rules from others carry no rules of their own. */
const aggregated = ["admin", "edit", "view"];

/** Which roles' rules go into which. */
const aggregatedInto: Readonly<Record<string, string>> = {
  edit: "admin",
  view: "edit",
  "system:aggregate-to-admin": "admin",
  "system:aggregate-to-edit": "edit",
  "system:aggregate-to-view": "view",
};

const group = (name: string): RbacV1Subject => ({ kind: "Group", apiGroup, name });
const user = (name: string): RbacV1Subject => ({ kind: "User", apiGroup, name });
const account = (name: string): RbacV1Subject => ({
  kind: "ServiceAccount",
  name,
  namespace: system,
});

const everyone = [group("system:authenticated"), group("system:unauthenticated")];
const caPublisher = `${controllerPrefix}service-ca-cert-publisher`;
const infoViewer = "system:openshift:public-info-viewer";

/** Who has which ClusterRole, beside the controllers, whose roles bear their names. */
const subjects: Readonly<Record<string, readonly RbacV1Subject[]>> = {
  "cluster-admin": [group("system:masters")],
  "system:basic-user": [group("system:authenticated")],
  "system:discovery": [group("system:authenticated")],
  "system:kube-controller-manager": [user("system:kube-controller-manager")],
  "system:kube-dns": [account("kube-dns")],
  "system:kube-scheduler": [user("system:kube-scheduler")],
  "system:monitoring": [group("system:monitoring")],
  // Nodes are the Node authorizer's business; the binding is kept, empty, for those who fill it.
  "system:node": [],
  "system:node-proxier": [user("system:kube-proxy")],
  "system:public-info-viewer": everyone,
  "system:service-account-issuer-discovery": [group("system:serviceaccounts")],
  "system:volume-scheduler": [user("system:kube-scheduler")],
};

const eventsRule = "create,patch,update core,events.k8s.io: events";

/** Roles of single namespaces: namespace, name, who has it, rules. */
const namespaced: readonly (readonly [
  namespace: string,
  name: string,
  subjects: readonly RbacV1Subject[],
  rules: readonly string[],
])[] = [
  [
    system,
    "extension-apiserver-authentication-reader",
    [user("system:kube-controller-manager"), user("system:kube-scheduler")],
    ["get,list,watch core: configmaps named extension-apiserver-authentication"],
  ],
  [
    system,
    "system:controller:bootstrap-signer",
    [account("bootstrap-signer")],
    ["get,list,watch core: secrets"],
  ],
  [
    system,
    "system:controller:cloud-provider",
    [account("cloud-provider")],
    ["create,get,list,watch core: configmaps"],
  ],
  [
    system,
    "system:controller:token-cleaner",
    [account("token-cleaner")],
    ["delete,get,list,watch core: secrets", eventsRule],
  ],
  ...(
    [
      ["kube-controller-manager", ["kube-controller-manager", "leader-election-controller"]],
      ["kube-scheduler", ["kube-scheduler"]],
    ] as const
  ).map(
    ([component, accounts]) =>
      [
        system,
        `system::leader-locking-${component}`,
        [user(`system:${component}`), ...accounts.map(account)],
        [
          "watch core: configmaps",
          `get,update core: configmaps named ${component}`,
          "create,get,list,update,watch coordination.k8s.io: leases",
          "create,get,list,update,watch coordination.k8s.io: leasecandidates",
        ],
      ] as const,
  ),
  [
    "kube-public",
    "system:controller:bootstrap-signer",
    [account("bootstrap-signer")],
    ["get,list,watch core: configmaps", "update core: configmaps named cluster-info", eventsRule],
  ],
];

export const bootstrapPolicy: Policy = {
  clusterRoles: [
    ...aggregated.map(aggregatedRole),
    ...Object.entries(clusterRoleRules)
      .filter(([name]) => name !== "$comment")
      .map(([name, rules]) => clusterRole(name, rules as readonly string[])),
  ],
  clusterRoleBindings: [
    ...Object.keys(clusterRoleRules)
      .filter((name) => name.startsWith(controllerPrefix))
      .map((name) =>
        clusterRoleBinding(name, name, [account(name.slice(controllerPrefix.length))]),
      ),
    ...Object.entries(subjects).map(([name, list]) => clusterRoleBinding(name, name, list)),
  ],
  roles: namespaced.map(([namespace, name, , rules]) => ({
    apiVersion,
    kind: Role.gvk.kind,
    metadata: { ...bootstrapMeta(name), namespace },
    rules: rules.map(ruleOf),
  })),
  roleBindings: namespaced.map(([namespace, role, list]) => {
    const name = role.startsWith("extension-") ? `system::${role}` : role;
    return {
      apiVersion,
      kind: RoleBinding.gvk.kind,
      metadata: { ...bootstrapMeta(name), namespace },
      subjects: list,
      roleRef: { apiGroup, kind: Role.gvk.kind, name: role },
    };
  }),
};

/** What the distribution adds whose answers the conformance profile is compared with. */
export const conformancePolicy: Policy = {
  ...bootstrapPolicy,
  clusterRoles: [
    ...bootstrapPolicy.clusterRoles,
    clusterRole(caPublisher, ["create,update core: configmaps", eventsRule]),
    clusterRole(infoViewer, ["get urls: /.well-known,/.well-known/*"]),
  ],
  clusterRoleBindings: [
    ...bootstrapPolicy.clusterRoleBindings,
    clusterRoleBinding(caPublisher, caPublisher, [account("service-ca-cert-publisher")]),
    clusterRoleBinding(infoViewer, infoViewer, everyone),
  ],
};

function bootstrapMeta(name: string): ObjectMeta {
  const into = aggregatedInto[name];
  return {
    name,
    labels: {
      "kubernetes.io/bootstrapping": "rbac-defaults",
      ...(into === undefined ? {} : { [aggregationLabel(into)]: "true" }),
    },
    annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
  };
}

function aggregationLabel(role: string): string {
  return `rbac.authorization.k8s.io/aggregate-to-${role}`;
}

function clusterRole(name: string, rules: readonly string[]): ClusterRoleObject {
  return {
    apiVersion,
    kind: ClusterRole.gvk.kind,
    metadata: bootstrapMeta(name),
    rules: rules.map(ruleOf),
  };
}

function aggregatedRole(name: string): ClusterRoleObject {
  const matchLabels = { [aggregationLabel(name)]: "true" };
  return {
    apiVersion,
    kind: ClusterRole.gvk.kind,
    metadata: bootstrapMeta(name),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels }] },
  };
}

function clusterRoleBinding(
  name: string,
  role: string,
  list: readonly RbacV1Subject[],
): ClusterRoleBindingObject {
  return {
    apiVersion,
    kind: ClusterRoleBinding.gvk.kind,
    metadata: bootstrapMeta(name),
    ...(list.length === 0 ? {} : { subjects: list }),
    roleRef: { apiGroup, kind: ClusterRole.gvk.kind, name: role },
  };
}
