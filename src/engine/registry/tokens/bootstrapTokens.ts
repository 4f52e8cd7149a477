// Takes tokens with which machines join for what they are, as their Secrets vouch for them.
// Source: plugin/pkg/auth/authenticator/token/bootstrap/bootstrap.go, 1.34.
import { parseBootstrapToken, tokenSecretKey, tokenUser } from "../../../api/bootstrapToken.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import { type Authenticator, invalidToken } from "../authenticator.ts";
import { apiAudiences, type TokenWorld } from "./serviceAccountTokens.ts";

/** @param others who is asked about tokens of another form */
export function withBootstrapTokens(
  others: Authenticator,
  { find, now }: Pick<TokenWorld, "find" | "now">,
): Authenticator {
  return {
    authenticateToken(text, audiences = apiAudiences) {
      const token = parseBootstrapToken(text);
      if (!token) return others.authenticateToken(text, audiences);
      const secret = find(Secret, tokenSecretKey(token));
      const user = secret && tokenUser(token, secret, now());
      return user ? { user, audiences } : invalidToken;
    },
  };
}
