// How the server answers for kinds that it does not store, by "resource.group".
import { Binding } from "../../../api/kinds/binding.ts";
import { ComponentStatus } from "../../../api/kinds/componentStatus.ts";
import { NodeMetrics, PodMetrics } from "../../../api/kinds/metrics/kinds.ts";
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
import { bindings } from "./bindings.ts";
import { componentStatuses } from "./componentStatuses.ts";
import { nodeMetrics, podMetrics } from "./resourceMetrics.ts";
import { selfSubjectReview } from "./selfSubjectReview.ts";
import { selfSubjectRulesReview } from "./selfSubjectRulesReview.ts";
import { tokenReview } from "./tokenReview.ts";

export const reviewHandlers: Readonly<Record<string, ReviewHandler>> = {
  [Binding.resource]: bindings,
  [ComponentStatus.resource]: componentStatuses,
  [NodeMetrics.resource]: nodeMetrics,
  [PodMetrics.resource]: podMetrics,
  [LocalSubjectAccessReview.resource]: subjectAccessReview,
  [SelfSubjectAccessReview.resource]: selfSubjectAccessReview,
  [SelfSubjectReview.resource]: selfSubjectReview,
  [SelfSubjectRulesReview.resource]: selfSubjectRulesReview,
  [SubjectAccessReview.resource]: subjectAccessReview,
  [TokenReview.resource]: tokenReview,
};
