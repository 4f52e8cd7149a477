// How others check the cluster's tokens: OpenID Connect discovery.
// Source: apiserver pkg/server/routes/openidmetadata.go, 1.34.
import { machineAddress } from "../network/podNetwork.ts";
import type { ServiceAccountTokens } from "../registry/tokens/serviceAccountTokens.ts";
import { jsonType } from "./encode.ts";
import type { HttpResponse } from "./exchange.ts";

/** The control plane's machine is the first. */
const serverAddress = `https://${machineAddress(0)}:6443`;

/** @returns undefined for other paths */
export function openIdAnswer(path: string, tokens: ServiceAccountTokens): HttpResponse | undefined {
  switch (path.replace(/\/$/, "")) {
    case "/.well-known/openid-configuration":
      return answer(jsonType, tokens.configuration(serverAddress));
    case "/openid/v1/jwks":
      return answer("application/jwk-set+json", tokens.keys());
    default:
      return undefined;
  }
}

function answer(type: string, body: object): HttpResponse {
  const headers = { "Content-Type": type, "Cache-Control": "public, max-age=3600" };
  return { status: 200, headers, body: JSON.stringify(body) };
}
