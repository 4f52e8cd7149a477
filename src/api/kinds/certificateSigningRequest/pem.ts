// PEM texts as far as the server looks at them before it keeps them. What is inside the blocks is for the
// signer to judge. Source: pkg/apis/certificates helpers.go ParseCSR, validateCertificate, 1.34.
import { decodeBase64 } from "../secret/base64.ts";

interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  /** Base64 in one line. */
  readonly body: string;
}

const block = /-----BEGIN ([^\n-]+)-----\r?\n([\s\S]*?)-----END \1-----/g;

/** The blocks of a base64-encoded PEM text, in its order. */
export function pemBlocks(base64: string): readonly PemBlock[] {
  return [...decodeBase64(base64).matchAll(block)].map(([, type = "", body = ""]) => ({
    type,
    hasHeaders: /^[^\n:]+:/.test(body),
    body: body.replace(/\s/g, ""),
  }));
}

/** Why this is no certificate request; undefined if it may be one. */
export function certificateRequestError(base64: string): string | undefined {
  const [first] = pemBlocks(base64);
  return first?.type === "CERTIFICATE REQUEST"
    ? undefined
    : "PEM block type must be CERTIFICATE REQUEST";
}

/** Why this is no chain of certificates; an absent one is fine. */
export function certificateError(base64: string): string | undefined {
  if (base64 === "") return undefined;
  const blocks = pemBlocks(base64);
  for (const { type, hasHeaders } of blocks) {
    if (type !== "CERTIFICATE")
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (hasHeaders) return "no PEM block headers are permitted";
  }
  return blocks.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}
