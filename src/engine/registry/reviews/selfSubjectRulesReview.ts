// What may I do in a namespace? Source: pkg/registry/authorization/selfsubjectrulesreview, 1.34.
import type { SelfSubjectRulesReview } from "../../../api/reviewTypes.ts";
import { badRequestError } from "../../../api/status.ts";
import type { ReviewHandler } from "../call.ts";

export const selfSubjectRulesReview: ReviewHandler = (call, server) => {
  const { spec, kind, apiVersion } = server.decode(call) as unknown as SelfSubjectRulesReview;
  if (!spec?.namespace) throw badRequestError("no namespace on request");
  const { authorizer } = server;
  const { resourceRules, nonResourceRules, incomplete, errors } = authorizer.rulesFor(
    call.user,
    spec.namespace,
  );
  const evaluationError = errors.length > 1 ? `[${errors.join(", ")}]` : errors[0];
  // The answer is a new object: the question is not repeated.
  return {
    kind,
    apiVersion,
    metadata: {},
    spec: {},
    status: {
      resourceRules: resourceRules.map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames?.length ? { resourceNames } : {}),
      })),
      nonResourceRules: nonResourceRules.map(({ verbs, nonResourceURLs }) => ({
        verbs,
        nonResourceURLs,
      })),
      incomplete,
      ...(evaluationError === undefined ? {} : { evaluationError }),
    },
  };
};
