// The hash in a ControllerRevision's name: the real one, over the bytes of the JSON that Go would write.
// Source: pkg/controller/history HashControllerRevision and apimachinery util/rand SafeEncodeString, 1.34.
import { utf8Bytes } from "../../../base/utf8.ts";

/** @param collisions how often the hash was another revision's already: each gives another hash */
export function revisionHash(data: unknown, collisions: number): string {
  return safeEncode(String(fnv32(goJson(data) + String(collisions))));
}

/** Digits as characters that make no words. */
export function safeEncode(text: string): string {
  return Array.from(text, (char) => alphabet[char.charCodeAt(0) % alphabet.length]).join("");
}

const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const offsetBasis = 2_166_136_261;
const prime = 16_777_619;

/** FNV-1, 32 bits: multiply, then xor. */
function fnv32(text: string): number {
  let hash = offsetBasis;
  for (const byte of utf8Bytes(text)) hash = (Math.imul(hash, prime) ^ byte) >>> 0;
  return hash;
}

/** As encoding/json writes a map: keys sorted, what HTML minds escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escaped(JSON.stringify(value));
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${escaped(JSON.stringify(key))}:${goJson(field)}`).join(",")}}`;
}

function escaped(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
