// Bytes that programs write, as text.
import { latin1Text } from "../../../base/bytes.ts";
import { utf8Text } from "../../../base/utf8.ts";

/** What is no UTF-8 is shown byte by byte. */
export function textOf(data: Uint8Array | string): string {
  return typeof data === "string" ? data : (utf8Text(data) ?? latin1Text(data));
}
