// The kinds that are created to ask a question: answered at once, and never stored.
import { defineKind, type Kind, type KindDefinition } from "../../kind.ts";
import { gvk, type KubeObject } from "../../object.ts";
import type {
  SelfSubjectAccessReview as SelfSubjectAccessReviewObject,
  SelfSubjectReview as SelfSubjectReviewObject,
  SelfSubjectRulesReview as SelfSubjectRulesReviewObject,
  SubjectAccessReview as SubjectAccessReviewObject,
  TokenRequest as TokenRequestObject,
  TokenReview as TokenReviewObject,
} from "../../reviewTypes.ts";
import {
  validateLocalSubjectAccessReview,
  validateSelfSubjectAccessReview,
  validateSubjectAccessReview,
} from "./validation.ts";

export const SelfSubjectReview = review<SelfSubjectReviewObject>(
  "authentication.k8s.io",
  "SelfSubjectReview",
);
/** Not a resource, but what the subresource "token" of a ServiceAccount takes. */
export const TokenRequest = review<TokenRequestObject>("authentication.k8s.io", "TokenRequest", {
  namespaced: true,
});
export const TokenReview = review<TokenReviewObject>("authentication.k8s.io", "TokenReview");
export const LocalSubjectAccessReview = review<SubjectAccessReviewObject>(
  "authorization.k8s.io",
  "LocalSubjectAccessReview",
  { namespaced: true, validate: validateLocalSubjectAccessReview },
);
export const SelfSubjectAccessReview = review<SelfSubjectAccessReviewObject>(
  "authorization.k8s.io",
  "SelfSubjectAccessReview",
  { validate: validateSelfSubjectAccessReview },
);
export const SelfSubjectRulesReview = review<SelfSubjectRulesReviewObject>(
  "authorization.k8s.io",
  "SelfSubjectRulesReview",
);
export const SubjectAccessReview = review<SubjectAccessReviewObject>(
  "authorization.k8s.io",
  "SubjectAccessReview",
  { validate: validateSubjectAccessReview },
);

function review<T extends KubeObject>(
  group: string,
  kind: string,
  more: Partial<Pick<KindDefinition<T>, "namespaced" | "validate">> = {},
): Kind<T> {
  return defineKind<T>({
    gvk: gvk(group, "v1", kind),
    plural: `${kind.toLowerCase()}s`,
    namespaced: false,
    verbs: ["create"],
    unstored: true,
    ...more,
  });
}
