// Who sends a request: the subject of a client certificate, the owner of a token, or nobody.
// Source: apiserver pkg/authentication/request/{x509,bearertoken,anonymous,union}, 1.34.
import type { UserInfo } from "../../api/user.ts";
import type { Authenticator } from "../registry/authenticator.ts";
import { type ClientCertificate, type HttpRequest, headerOf } from "./exchange.ts";

const credentialId = "authentication.kubernetes.io/credential-id";

const anonymous: UserInfo = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** @returns undefined for credentials that are not accepted */
export function authenticate(request: HttpRequest, tokens: Authenticator): UserInfo | undefined {
  const { certificate } = request;
  if (certificate?.isTrusted) return certificateUser(certificate);
  const token = bearerToken(request);
  if (token === undefined) return certificate ? undefined : anonymous;
  const answer = tokens.authenticateToken(token);
  return "user" in answer ? authenticated(answer.user) : undefined;
}

function certificateUser({ commonName, organizations, fingerprint }: ClientCertificate): UserInfo {
  const extra = { [credentialId]: [`X509SHA256=${fingerprint}`] };
  return authenticated({ name: commonName, groups: organizations, extra });
}

function authenticated(user: UserInfo): UserInfo {
  return user.groups.includes("system:authenticated")
    ? user
    : { ...user, groups: [...user.groups, "system:authenticated"] };
}

/** Other schemes than Bearer are taken for no credentials at all. */
function bearerToken(request: HttpRequest): string | undefined {
  const [scheme = "", token = ""] = (headerOf(request, "authorization") ?? "").trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : webSocketToken(request);
}

/** A browser cannot set headers of a WebSocket: the token comes as one of its protocols. */
function webSocketToken(request: HttpRequest): string | undefined {
  const prefix = "base64url.bearer.authorization.k8s.io.";
  const protocols = (headerOf(request, "sec-websocket-protocol") ?? "").split(",");
  const encoded = protocols.map((each) => each.trim()).find((each) => each.startsWith(prefix));
  if (encoded === undefined) return undefined;
  const base64 = encoded.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/");
  return /^[\w+/]+$/.test(base64) ? atob(base64) : undefined;
}
