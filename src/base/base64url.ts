// Base64 for URLs (RFC 4648 §5), without padding: how web tokens are written.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function encodeBase64url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(i, i + 3);
    const group = (first << 16) | (second << 8) | third;
    const characters = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63]).join("");
    text += characters.slice(0, Math.min(bytes.length - i, 3) + 1);
  }
  return text;
}

/** @returns undefined for a text that is none */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const group = text.slice(i, i + 4);
    const bits = [...group].reduce((sum, c) => (sum << 6) | alphabet.indexOf(c), 0);
    const shifted = bits << (6 * (4 - group.length));
    bytes.push(...[16, 8, 0].slice(0, group.length - 1).map((shift) => (shifted >> shift) & 255));
  }
  return Uint8Array.from(bytes);
}
