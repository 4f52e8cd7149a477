// What a ServiceAccount's token says. Source: pkg/serviceaccount/claims.go and legacy.go, 1.34.
import type { Node, Pod, Secret, ServiceAccount } from "../../../api/types.ts";
import { serviceAccountUserName, type UserInfo } from "../../../api/user.ts";

/** kube-apiserver's --service-account-issuer, which is its audience too. */
export const issuer = "https://kubernetes.default.svc";
export const legacyIssuer = "kubernetes/serviceaccount";

interface Reference {
  readonly name: string;
  readonly uid?: string;
}

/** The claims of a token that ends. Times are seconds since 1970. */
export interface BoundClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly node?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly serviceaccount: Reference;
    /** From then on its use is worth a warning. */
    readonly warnafter?: number;
  };
  readonly nbf: number;
  readonly sub: string;
}

/** The claims of a token that is kept in a Secret and lives as long. */
export interface LegacyClaims {
  readonly iss: string;
  readonly "kubernetes.io/serviceaccount/namespace": string;
  readonly "kubernetes.io/serviceaccount/secret.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.uid": string;
  readonly sub: string;
}

export interface BoundTokenRequest {
  readonly account: ServiceAccount;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly warnAfterSeconds?: number;
  /** What the token ends with. */
  readonly pod?: Pod;
  readonly secret?: Secret;
  /** Beside a Pod: where it runs. */
  readonly node?: Node | { readonly metadata: { readonly name: string } };
}

export function boundClaims(
  request: BoundTokenRequest,
  { nowSeconds, id }: { readonly nowSeconds: number; readonly id: string },
): BoundClaims {
  const { account, audiences, expirationSeconds, warnAfterSeconds, pod, secret, node } = request;
  const { namespace = "", name } = account.metadata;
  return {
    aud: audiences,
    exp: nowSeconds + expirationSeconds,
    iat: nowSeconds,
    iss: issuer,
    jti: id,
    "kubernetes.io": {
      namespace,
      ...(node ? { node: referenceTo(node) } : {}),
      ...(pod ? { pod: referenceTo(pod) } : {}),
      ...(secret ? { secret: referenceTo(secret) } : {}),
      serviceaccount: referenceTo(account),
      ...(warnAfterSeconds === undefined ? {} : { warnafter: nowSeconds + warnAfterSeconds }),
    },
    nbf: nowSeconds,
    sub: serviceAccountUserName(namespace, name),
  };
}

export function legacyClaims(account: ServiceAccount, secretName: string): LegacyClaims {
  const { namespace = "", name, uid = "" } = account.metadata;
  return {
    iss: legacyIssuer,
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secretName,
    "kubernetes.io/serviceaccount/service-account.name": name,
    "kubernetes.io/serviceaccount/service-account.uid": uid,
    sub: serviceAccountUserName(namespace, name),
  };
}

/** The owner of a valid token; what it is bound to becomes part of the user. */
export function userOfClaims({ "kubernetes.io": claims, jti }: BoundClaims): UserInfo {
  const { namespace, serviceaccount, pod, node } = claims;
  const prefix = "authentication.kubernetes.io/";
  const extra = {
    ...(jti ? { [`${prefix}credential-id`]: [`JTI=${jti}`] } : {}),
    ...(node ? { [`${prefix}node-name`]: [node.name] } : {}),
    ...(node?.uid ? { [`${prefix}node-uid`]: [node.uid] } : {}),
    ...(pod ? { [`${prefix}pod-name`]: [pod.name] } : {}),
    ...(pod?.uid ? { [`${prefix}pod-uid`]: [pod.uid] } : {}),
  };
  return { ...accountUser(namespace, serviceaccount), extra };
}

export function accountUser(namespace: string, { name, uid = "" }: Reference): UserInfo {
  return {
    name: serviceAccountUserName(namespace, name),
    uid,
    groups: [
      "system:serviceaccounts",
      `system:serviceaccounts:${namespace}`,
      "system:authenticated",
    ],
  };
}

function referenceTo(object: {
  readonly metadata: { readonly name: string; readonly uid?: string };
}): Reference {
  const { name, uid } = object.metadata;
  return uid === undefined ? { name } : { name, uid };
}
