// Who am I? Source: pkg/registry/authentication/selfsubjectreview, 1.34.
import { formatTime } from "../../../base/time.ts";
import type { ReviewHandler } from "../call.ts";
import { reviewedUser } from "./reviewedUser.ts";

export const selfSubjectReview: ReviewHandler = (call, server) => {
  const { kind, apiVersion } = server.decode(call);
  return {
    kind,
    apiVersion,
    metadata: { creationTimestamp: formatTime(server.now()) },
    status: { userInfo: reviewedUser(call.user) },
  };
};
