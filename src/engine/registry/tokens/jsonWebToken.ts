// A JSON Web Token in its compact form: header.claims.signature (RFC 7519).
import { decodeBase64url, encodeBase64url } from "../../../base/base64url.ts";
import { utf8Bytes, utf8Text } from "../../../base/utf8.ts";
import type { TokenSigner } from "./tokenSigner.ts";

type Claims = Readonly<Record<string, unknown>>;

export function signToken(claims: object, signer: TokenSigner): string {
  const header = { alg: signer.algorithm, kid: signer.keyId };
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${encodeBase64url(signer.sign(text))}`;
}

/** The claims of a token, whoever signed it; undefined if it is no token. */
export function claimsOf(token: string): Claims | undefined {
  const parts = token.split(".");
  const bytes = parts.length === 3 ? decodeBase64url(parts[1] ?? "") : undefined;
  const text = bytes && utf8Text(bytes);
  if (text === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(text);
    return typeof claims === "object" && claims !== null ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

export function isSignedBy(token: string, signer: TokenSigner): boolean {
  const end = token.lastIndexOf(".");
  const signature = decodeBase64url(token.slice(end + 1));
  return signature !== undefined && signer.verify(token.slice(0, end), signature);
}

function encoded(value: object): string {
  return encodeBase64url(utf8Bytes(JSON.stringify(value)));
}
