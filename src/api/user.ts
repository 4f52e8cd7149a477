// Who sends a request, as authentication found out. Source: apiserver pkg/authentication/user, 1.34.

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const serviceAccountPrefix = "system:serviceaccount:";
const nodePrefix = "system:node:";
export const tokenUserPrefix = "system:bootstrap:";
/** Of the tokens that kubeadm makes. Source: kubeadm constants NodeBootstrapTokenAuthGroup. */
export const defaultTokenGroup = "system:bootstrappers:kubeadm:default-node-token";
const masters: ReadonlySet<string> = new Set(["kubernetes-admin", "system:apiserver"]);

/** The user that a ServiceAccount is. */
export function serviceAccountUserName(namespace: string, name: string): string {
  return `${serviceAccountPrefix}${namespace}:${name}`;
}

/**
 * A user of the cluster's own certificates, service accounts and tokens, with the groups that they put the
 * name into. Source: apiserver pkg/authentication/serviceaccount/util.go; kubeadm's certificates, 1.34.
 */
export function userNamed(name: string): UserInfo {
  return { name, groups: [...ownGroups(name), "system:authenticated"] };
}

function ownGroups(name: string): readonly string[] {
  if (name.startsWith(serviceAccountPrefix)) {
    const [namespace = ""] = name.slice(serviceAccountPrefix.length).split(":");
    return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  }
  if (name.startsWith(tokenUserPrefix)) return ["system:bootstrappers", defaultTokenGroup];
  if (name.startsWith(nodePrefix)) return ["system:nodes"];
  return masters.has(name) ? ["system:masters"] : [];
}
