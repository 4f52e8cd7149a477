// MD5 (RFC 1321) and SHA-1 (RFC 3174), for the programs that print them.

export function md5(bytes: Uint8Array): Uint8Array {
  const words = blocks(bytes, true);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < words.length; at += 16) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [mix, index] = md5Mix(round, i, b, c, d);
      const sum = (a + mix + (md5Constants[i] ?? 0) + (words[at + index] ?? 0)) | 0;
      const turned = (b + turn(sum, md5Turns[round]?.[i % 4] ?? 0)) | 0;
      [a, d, c, b] = [d, c, b, turned];
    }
    for (const [i, value] of [a, b, c, d].entries()) state[i] = ((state[i] ?? 0) + value) | 0;
  }
  return bytesOf(state, true);
}

const md5Constants = Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
);
const md5Turns = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

function md5Mix(
  round: number,
  i: number,
  b: number,
  c: number,
  d: number,
): readonly [number, number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), i];
    case 1:
      return [(d & b) | (~d & c), (5 * i + 1) % 16];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) % 16];
    default:
      return [c ^ (b | ~d), (7 * i) % 16];
  }
}

export function sha1(bytes: Uint8Array): Uint8Array {
  const words = blocks(bytes, false);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const schedule = new Int32Array(80);
  for (let at = 0; at < words.length; at += 16) {
    for (let i = 0; i < 80; i++)
      schedule[i] =
        i < 16
          ? (words[at + i] ?? 0)
          : turn(
              (schedule[i - 3] ?? 0) ^
                (schedule[i - 8] ?? 0) ^
                (schedule[i - 14] ?? 0) ^
                (schedule[i - 16] ?? 0),
              1,
            );
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const [mix, constant] = sha1Mix(Math.floor(i / 20), b, c, d);
      const next = (turn(a, 5) + mix + e + constant + (schedule[i] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, turn(b, 30), a, next];
    }
    for (const [i, value] of [a, b, c, d, e].entries()) state[i] = ((state[i] ?? 0) + value) | 0;
  }
  return bytesOf(state, false);
}

function sha1Mix(round: number, b: number, c: number, d: number): readonly [number, number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), 0x5a827999];
    case 1:
      return [b ^ c ^ d, 0x6ed9eba1];
    case 2:
      return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
    default:
      return [b ^ c ^ d, 0xca62c1d6];
  }
}

function turn(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The message with its padding and length, as words. */
function blocks(bytes: Uint8Array, isLittleEndian: boolean): Int32Array {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = bytes.length * 8;
  const [low, high] = [bits >>> 0, Math.floor(bits / 2 ** 32)];
  view.setUint32(length - 8, isLittleEndian ? low : high, isLittleEndian);
  view.setUint32(length - 4, isLittleEndian ? high : low, isLittleEndian);
  return Int32Array.from({ length: length / 4 }, (_, i) => view.getInt32(4 * i, isLittleEndian));
}

function bytesOf(words: readonly number[], isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word, isLittleEndian);
  return bytes;
}
