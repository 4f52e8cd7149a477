// Base64 of UTF-8 texts, without help from a platform.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text);
  let result = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second = 0, third = 0] = bytes.slice(i, i + 3);
    const group = (first << 16) | (second << 8) | third;
    const characters = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63]).join("");
    result += characters.slice(0, Math.min(bytes.length - i, 3) + 1).padEnd(4, "=");
  }
  return result;
}

/** The text that a valid base64 text stands for; bytes that are no UTF-8 become U+FFFD. */
export function decodeBase64(base64: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < base64.length; i += 4) {
    const group = base64.slice(i, i + 4).replace(/=/g, "");
    const bits = [...group].reduce((sum, c) => (sum << 6) | alphabet.indexOf(c), 0);
    const shifted = bits << (6 * (4 - group.length));
    bytes.push(...[16, 8, 0].slice(0, group.length - 1).map((shift) => (shifted >> shift) & 255));
  }
  return utf8Text(bytes);
}

function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return bytes;
}

function utf8Text(bytes: readonly number[]): string {
  const escaped = bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  try {
    return decodeURIComponent(escaped);
  } catch {
    return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
  }
}
