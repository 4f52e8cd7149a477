// How the server answers reviews: kinds that are created to ask a question, by "resource.group".
import {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "../../../api/kinds/reviews/kinds.ts";
import type { ReviewHandler } from "../call.ts";
import { selfSubjectAccessReview, subjectAccessReview } from "./accessReview.ts";
import { selfSubjectReview } from "./selfSubjectReview.ts";
import { selfSubjectRulesReview } from "./selfSubjectRulesReview.ts";
import { tokenReview } from "./tokenReview.ts";

export const reviewHandlers: Readonly<Record<string, ReviewHandler>> = {
  [LocalSubjectAccessReview.resource]: subjectAccessReview,
  [SelfSubjectAccessReview.resource]: selfSubjectAccessReview,
  [SelfSubjectReview.resource]: selfSubjectReview,
  [SelfSubjectRulesReview.resource]: selfSubjectRulesReview,
  [SubjectAccessReview.resource]: subjectAccessReview,
  [TokenReview.resource]: tokenReview,
};
