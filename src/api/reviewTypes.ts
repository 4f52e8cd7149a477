// Types of the objects that are created to ask a question: authentication.k8s.io/v1 and
// authorization.k8s.io/v1. Source: k8s.io/api, 1.34.
import type { KubeObject } from "./object.ts";
import type { LabelSelectorRequirement } from "./types.ts";

type Extra = Readonly<Record<string, readonly string[]>>;

/** authentication/v1 UserInfo: a user as it is answered. */
export interface ReviewedUser {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Extra;
}

export interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo: ReviewedUser };
}

export interface TokenReview extends KubeObject {
  readonly spec: { readonly token?: string; readonly audiences?: readonly string[] };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user: ReviewedUser;
    readonly audiences?: readonly string[];
    readonly error?: string;
  };
}

export interface SelectorAttributes<Requirement> {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

export interface FieldSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** authorization/v1 ResourceAttributes. */
export interface ReviewedResource {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: SelectorAttributes<FieldSelectorRequirement>;
  readonly labelSelector?: SelectorAttributes<LabelSelectorRequirement>;
}

/** authorization/v1 NonResourceAttributes. */
export interface ReviewedPath {
  readonly path?: string;
  readonly verb?: string;
}

export interface SelfSubjectAccessReview extends KubeObject {
  readonly spec: {
    readonly resourceAttributes?: ReviewedResource;
    readonly nonResourceAttributes?: ReviewedPath;
  };
  readonly status?: SubjectAccessReviewStatus;
}

/** LocalSubjectAccessReview has the same shape. */
export interface SubjectAccessReview extends SelfSubjectAccessReview {
  readonly spec: SelfSubjectAccessReview["spec"] & {
    readonly user?: string;
    readonly groups?: readonly string[];
    readonly uid?: string;
    readonly extra?: Extra;
  };
}

export interface SubjectAccessReviewStatus {
  readonly allowed: boolean;
  readonly reason?: string;
  readonly evaluationError?: string;
}

export interface SelfSubjectRulesReview extends KubeObject {
  readonly spec: { readonly namespace?: string };
}

/** What one asks a ServiceAccount's subresource "token" for. */
export interface TokenRequest extends KubeObject {
  readonly spec: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundObjectReference;
  };
  readonly status?: { readonly token: string; readonly expirationTimestamp: string };
}

export interface BoundObjectReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}
