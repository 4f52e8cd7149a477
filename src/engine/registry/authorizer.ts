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
  /** Of a list, watch or deletecollection. */
  readonly fieldSelector?: string;
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

/** What a user may do in a namespace, as far as it can be listed. */
export interface UserRules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly NonResourceRule[];
  /** The user may do more than is listed. */
  readonly incomplete: boolean;
  /** Why the list is not complete. */
  readonly errors: readonly string[];
}

export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: AuthorizerAttributes): AuthorizerDecision;
  rulesFor(user: UserInfo, namespace: string): UserRules;
}

/** An authorizer that leaves the decision to the next one. */
export const noOpinion: AuthorizerDecision = { allowed: false, reason: "" };

export const noRules: UserRules = {
  resourceRules: [],
  nonResourceRules: [],
  incomplete: false,
  errors: [],
};

/** kube-apiserver's --authorization-mode=AlwaysAllow. */
export const alwaysAllow: Authorizer = {
  authorize: () => ({ allowed: true, reason: "" }),
  rulesFor: () => ({
    ...noRules,
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  }),
};

/** True for a request about a resource, false for one about a path. */
export function isResourceRequest(
  attributes: AuthorizerAttributes,
): attributes is ResourceAttributes {
  return "resource" in attributes;
}
