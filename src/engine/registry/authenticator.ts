// Who a bearer token belongs to. Source: apiserver pkg/authentication/authenticator, 1.34.
import type { UserInfo } from "../../api/user.ts";

export interface Authenticator {
  /** @returns undefined for a token that is not the cluster's, or no longer valid */
  authenticateToken(token: string): UserInfo | undefined;
}

/** A cluster without tokens. */
export const noTokens: Authenticator = { authenticateToken: () => undefined };
