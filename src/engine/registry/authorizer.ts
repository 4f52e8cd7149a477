// Who may do what. Source: apiserver pkg/authorization/authorizer, 1.34.
import type { UserInfo } from "../../api/user.ts";

/** What a request is about, as authorization sees it. */
export type AuthorizerAttributes = ResourceAttributes | NonResourceAttributes;

export interface ResourceAttributes {
  readonly verb: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  /** Plural: "pods". */
  readonly resource: string;
  readonly subresource?: string;
  /** "" for cluster-scoped resources, and for reads over all namespaces. */
  readonly namespace: string;
  readonly name?: string;
}

export interface NonResourceAttributes {
  readonly verb: string;
  /** "/healthz". */
  readonly path: string;
}

export interface AuthorizerDecision {
  readonly allowed: boolean;
  /** Why, in the authorizer's words; "" if it has nothing to say. */
  readonly reason: string;
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: AuthorizerAttributes): AuthorizerDecision;
}

/** kube-apiserver's --authorization-mode=AlwaysAllow. */
export const alwaysAllow: Authorizer = {
  authorize: () => ({ allowed: true, reason: "" }),
};

/** True for a request about a resource, false for one about a path. */
export function isResourceRequest(
  attributes: AuthorizerAttributes,
): attributes is ResourceAttributes {
  return "resource" in attributes;
}
