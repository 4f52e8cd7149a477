// Base64 for URLs (RFC 4648 §5), without padding: how web tokens are written.
import { decodeBase64Bytes, encodeBase64Bytes } from "./base64.ts";

export function encodeBase64url(bytes: Uint8Array): string {
  return encodeBase64Bytes(bytes).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");
}

/** @returns undefined for a text that is none */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  return decodeBase64Bytes(text.replace(/-/g, "+").replace(/_/g, "/"));
}
