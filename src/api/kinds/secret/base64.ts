// Base64 of UTF-8 texts: how Secrets and other objects carry bytes.
import { decodeBase64Bytes, encodeBase64Bytes } from "../../../base/base64.ts";
import { utf8Bytes, utf8Text } from "../../../base/utf8.ts";

export function encodeBase64(text: string): string {
  return encodeBase64Bytes(utf8Bytes(text));
}

/** The text that a valid base64 text stands for; bytes that are no UTF-8 become U+FFFD. */
export function decodeBase64(base64: string): string {
  const bytes = decodeBase64Bytes(base64);
  const ascii = (byte: number) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd");
  return utf8Text(bytes) ?? Array.from(bytes, ascii).join("");
}
