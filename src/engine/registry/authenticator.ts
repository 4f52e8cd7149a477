// Who a bearer token belongs to. Source: apiserver pkg/authentication/authenticator, 1.34.
import type { UserInfo } from "../../api/user.ts";

export type TokenAnswer =
  | {
      readonly user: UserInfo;
      /** Those of the audiences asked for that the token is meant for. */
      readonly audiences: readonly string[];
    }
  | {
      /** Why the token is not accepted, in the server's words. */
      readonly error: string;
    };

export interface Authenticator {
  /** @param audiences whom the token must be meant for; kube-apiserver if absent */
  authenticateToken(token: string, audiences?: readonly string[]): TokenAnswer;
}

/** The answer to a token that nobody knows. Source: request/bearertoken. */
export const invalidToken = { error: "invalid bearer token" } as const;
