// Whose is this token? Source: pkg/registry/authentication/tokenreview, 1.34.
import type { TokenReview } from "../../../api/reviewTypes.ts";
import { badRequestError } from "../../../api/status.ts";
import { invalidToken, type TokenAnswer } from "../authenticator.ts";
import type { ReviewHandler } from "../call.ts";
import { answered } from "./answered.ts";
import { questionOf } from "./questionOf.ts";
import { reviewedUser } from "./reviewedUser.ts";

export const tokenReview: ReviewHandler = (call, server) => {
  const question = questionOf(call, server);
  const { spec } = question as unknown as TokenReview;
  if (!spec?.token) throw badRequestError("token is required for TokenReview in authentication");
  const audiences = spec.audiences?.length ? spec.audiences : undefined;
  const answer = server.authenticator.authenticateToken(spec.token, audiences);
  return answered(question, { spec, status: statusOf(answer) });
};

function statusOf(answer: TokenAnswer): NonNullable<TokenReview["status"]> {
  if ("error" in answer) return { user: {}, error: complaint(answer.error) };
  return {
    authenticated: true,
    user: reviewedUser(answer.user),
    audiences: answer.audiences,
  };
}

/** The server asks for its own token first, which this is not. */
function complaint(error: string): string {
  return error === invalidToken.error ? error : `[${invalidToken.error}, ${error}]`;
}
