// May someone do something? Answered as a request of theirs would be.
// Source: pkg/registry/authorization/{subject,selfsubject,localsubject}accessreview, 1.34.
import type {
  SelfSubjectAccessReview,
  SubjectAccessReview,
  SubjectAccessReviewStatus,
} from "../../../api/reviewTypes.ts";
import { invalidError } from "../../../api/status.ts";
import type { UserInfo } from "../../../api/user.ts";
import type { Call, ReviewHandler, ServerParts } from "../call.ts";
import { placeInNamespace } from "../registry.ts";
import { answered } from "./answered.ts";
import { questionOf } from "./questionOf.ts";
import { reviewedAttributes } from "./reviewedAttributes.ts";

/** SubjectAccessReview and LocalSubjectAccessReview: about whom the question names. */
export const subjectAccessReview: ReviewHandler = (call, server) =>
  answer(call, server, (review) => {
    const { user = "", groups = [], uid, extra } = (review as SubjectAccessReview).spec;
    return { name: user, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
  });

export const selfSubjectAccessReview: ReviewHandler = (call, server) =>
  answer(call, server, () => call.user);

function answer(
  call: Call,
  server: ServerParts,
  subjectOf: (review: SelfSubjectAccessReview) => UserInfo,
): unknown {
  const { kind, key } = call;
  const question = questionOf(call, server);
  placeInNamespace(kind, key.namespace, question);
  const errors = kind.validate?.(question) ?? [];
  // The server has forgotten the kind of what it decoded, and says so.
  if (errors.length > 0) throw invalidError({ group: kind.gvk.group, kind: "", name: "" }, errors);
  const review = question as unknown as SelfSubjectAccessReview;
  const { attributes, evaluationError } = reviewedAttributes(review);
  const { allowed, reason } = server.authorizer.authorize(subjectOf(review), attributes);
  const status: SubjectAccessReviewStatus = {
    allowed,
    ...(reason === "" ? {} : { reason }),
    ...(evaluationError === "" ? {} : { evaluationError }),
  };
  return answered(question, { spec: review.spec, status });
}
