// Base64 (RFC 4648 §4) of bytes, without help from a platform.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64Bytes(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(i, i + 3);
    const group = (first << 16) | (second << 8) | third;
    const characters = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63]).join("");
    text += characters.slice(0, Math.min(bytes.length - i, 3) + 1).padEnd(4, "=");
  }
  return text;
}

/** The bytes of a valid text, with padding or without. */
export function decodeBase64Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const group = text.slice(i, i + 4).replace(/=/g, "");
    const bits = [...group].reduce((sum, c) => (sum << 6) | alphabet.indexOf(c), 0);
    const shifted = bits << (6 * (4 - group.length));
    bytes.push(...[16, 8, 0].slice(0, group.length - 1).map((shift) => (shifted >> shift) & 255));
  }
  return Uint8Array.from(bytes);
}
