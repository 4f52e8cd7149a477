// SHA-256 (FIPS 180-4): kube-proxy names its chains by it.

const words = 64;
const round = constants((prime) => Math.cbrt(prime), words);
const initial = constants((prime) => Math.sqrt(prime), 8);

/** The digest of a text's UTF-8 bytes, as 32 bytes. */
export function sha256(text: string): Uint8Array {
  return sha256Bytes(utf8(text));
}

export function sha256Bytes(bytes: ArrayLike<number>): Uint8Array {
  const message = padded(bytes);
  const state = Uint32Array.from(initial);
  const schedule = new Uint32Array(words);
  for (let at = 0; at < message.length; at += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = bigEndian(message, at + i * 4);
    for (let i = 16; i < words; i++) schedule[i] = extended(schedule, i);
    compress(state, schedule);
  }
  return Uint8Array.from(
    [...state].flatMap((word) => [24, 16, 8, 0].map((s) => (word >>> s) & 0xff)),
  );
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < words; i++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first =
      h +
      (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
      choice +
      (round[i] ?? 0) +
      (schedule[i] ?? 0);
    const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority;
    [h, g, f, e] = [g, f, e, (d + first) >>> 0];
    [d, c, b, a] = [c, b, a, (first + second) >>> 0];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries())
    state[i] = ((state[i] ?? 0) + value) >>> 0;
}

function extended(schedule: Uint32Array, i: number): number {
  const near = schedule[i - 15] ?? 0;
  const far = schedule[i - 2] ?? 0;
  const a = turned(near, 7) ^ turned(near, 18) ^ (near >>> 3);
  const b = turned(far, 17) ^ turned(far, 19) ^ (far >>> 10);
  return ((schedule[i - 16] ?? 0) + a + (schedule[i - 7] ?? 0) + b) >>> 0;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function bigEndian(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((word, i) => ((word << 8) | (bytes[at + i] ?? 0)) >>> 0, 0);
}

function padded(bytes: ArrayLike<number>): Uint8Array {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const message = new Uint8Array(length);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const bits = bytes.length * 8;
  for (let i = 0; i < 6; i++) message[length - 1 - i] = Math.floor(bits / 2 ** (8 * i)) & 0xff;
  return message;
}

function utf8(text: string): readonly number[] {
  return [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|./g)].map(([one, hex]) =>
    hex === undefined ? one.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}

/** The first 32 bits of the fractional parts of a root of the first primes. */
function constants(root: (prime: number) => number, count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) {
    if (Array.from({ length: n - 2 }, (_, i) => i + 2).some((divisor) => n % divisor === 0))
      continue;
    found.push(Math.floor((root(n) % 1) * 2 ** 32));
  }
  return found;
}

/** The hash in RFC 4648's base 32, as far as its first 80 bits. */
export function sha256Base32(text: string): string {
  const bytes = sha256(text);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let letters = "";
  for (let bit = 0; bit + 5 <= 80; bit += 5) {
    const at = bit >> 3;
    const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    letters += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return letters;
}
