// Inflates a zlib stream piece by piece, each piece as soon as it is there: SPDY compresses the headers of
// a whole connection as one stream, flushed after each block, with a dictionary known to both sides.
// Source: RFC 1950 and RFC 1951.

/** The stream is damaged, or says more than anyone may. */
export class InflateError extends Error {}

const windowBytes = 32_768;
const endOfBlock = 256;
const longestCode = 15;

export class Inflate {
  /** What was written last: the past that copies reach back into. */
  private window: Uint8Array;
  private hasBegun = false;

  constructor(dictionary: Uint8Array) {
    this.window = dictionary.slice(-windowBytes);
  }

  /**
   * What the next piece says; it must end where a block ends and be flushed to a whole byte.
   * @throws InflateError for a damaged piece, or one of more than `limit` bytes
   */
  push(piece: Uint8Array, limit: number): Uint8Array {
    const bits = new BitReader(piece);
    if (!this.hasBegun) this.readHeader(bits);
    const output = new Output(this.window, limit);
    let isLast = false;
    while (!isLast && !bits.isAtEnd) {
      isLast = bits.read(1) === 1;
      readBlock(bits, output);
    }
    this.window = output.window();
    return output.bytes();
  }

  private readHeader(bits: BitReader): void {
    const method = bits.read(8);
    const flags = bits.read(8);
    if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0)
      throw new InflateError("this is no zlib stream");
    // The name of the dictionary: there is but one.
    if ((flags & 0x20) !== 0) bits.read(32);
    this.hasBegun = true;
  }
}

class BitReader {
  private at = 0;
  private buffer = 0;
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Nothing is left but the bits that fill the last byte. */
  get isAtEnd(): boolean {
    return this.at >= this.bytes.length && this.count < 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value += this.bit() * 2 ** i;
    return value;
  }

  bit(): number {
    if (this.count === 0) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new InflateError("the stream ends within a block");
      this.buffer = byte;
      this.count = 8;
    }
    const bit = this.buffer & 1;
    this.buffer >>= 1;
    this.count--;
    return bit;
  }

  toByte(): void {
    this.count = 0;
  }
}

class Output {
  private data: Uint8Array;
  private length: number;
  private readonly start: number;

  constructor(
    past: Uint8Array,
    private readonly limit: number,
  ) {
    this.data = new Uint8Array(past.length + 1024);
    this.data.set(past);
    this.start = past.length;
    this.length = past.length;
  }

  put(byte: number): void {
    if (this.length - this.start >= this.limit) throw new InflateError("the stream is too long");
    if (this.length === this.data.length) {
      const larger = new Uint8Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = byte;
  }

  copy(distance: number, length: number): void {
    if (distance > this.length) throw new InflateError("the stream reaches back too far");
    for (let i = 0; i < length; i++) this.put(this.data[this.length - distance] ?? 0);
  }

  bytes(): Uint8Array {
    return this.data.slice(this.start, this.length);
  }

  window(): Uint8Array {
    return this.data.slice(Math.max(0, this.length - windowBytes), this.length);
  }
}

function readBlock(bits: BitReader, output: Output): void {
  const type = bits.read(2);
  if (type === 0) readStored(bits, output);
  else if (type === 1) readCompressed(bits, output, fixedCodes);
  else if (type === 2) readCompressed(bits, output, readCodes(bits));
  else throw new InflateError("there is no such block");
}

function readStored(bits: BitReader, output: Output): void {
  bits.toByte();
  const length = bits.read(16);
  if ((bits.read(16) ^ 0xffff) !== length) throw new InflateError("a block's length is damaged");
  for (let i = 0; i < length; i++) output.put(bits.read(8));
}

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const lengthExtras = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];

interface Codes {
  readonly symbols: Huffman;
  readonly distances: Huffman;
}

function readCompressed(bits: BitReader, output: Output, { symbols, distances }: Codes): void {
  for (;;) {
    const symbol = symbols.read(bits);
    if (symbol < endOfBlock) output.put(symbol);
    else if (symbol === endOfBlock) return;
    else {
      const index = symbol - endOfBlock - 1;
      const base = lengthBases[index];
      if (base === undefined) throw new InflateError("there is no such length");
      const length = base + bits.read(lengthExtras[index] ?? 0);
      const code = distances.read(bits);
      const nearest = distanceBases[code];
      if (nearest === undefined) throw new InflateError("there is no such distance");
      output.copy(nearest + bits.read(Math.max(0, (code >> 1) - 1)), length);
    }
  }
}

/** The order in which a block gives the lengths of its codes' codes. */
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function readCodes(bits: BitReader): Codes {
  const symbolCount = bits.read(5) + 257;
  const distanceCount = bits.read(5) + 1;
  const orderCount = bits.read(4) + 4;
  const orderLengths = new Array<number>(codeOrder.length).fill(0);
  for (const place of codeOrder.slice(0, orderCount)) orderLengths[place] = bits.read(3);
  const lengths = readLengths(bits, new Huffman(orderLengths), symbolCount + distanceCount);
  return {
    symbols: new Huffman(lengths.slice(0, symbolCount)),
    distances: new Huffman(lengths.slice(symbolCount)),
  };
}

/** Codes' lengths, of which runs are given by codes above the longest length. */
function readLengths(bits: BitReader, codes: Huffman, count: number): readonly number[] {
  const lengths: number[] = [];
  while (lengths.length < count) {
    const code = codes.read(bits);
    if (code <= longestCode) lengths.push(code);
    else {
      const repeated = code === repeatLast ? lengths.at(-1) : 0;
      if (repeated === undefined) throw new InflateError("nothing is there to repeat");
      const [base, extra] = runs[code - repeatLast] ?? [0, 0];
      for (let left = base + bits.read(extra); left > 0; left--) lengths.push(repeated);
    }
  }
  return lengths;
}

const repeatLast = 16;
/** The shortest run of each such code, and the bits that say how much longer it is. */
const runs = [
  [3, 2],
  [3, 3],
  [11, 7],
] as const;

/** A canonical code: symbols by length, then by value. */
class Huffman {
  private readonly counts = new Array<number>(longestCode + 1).fill(0);
  private readonly sorted: readonly number[];

  constructor(lengths: readonly number[]) {
    for (const length of lengths)
      if (length > 0) this.counts[length] = (this.counts[length] ?? 0) + 1;
    this.sorted = [...lengths.keys()]
      .filter((symbol) => lengths[symbol])
      .sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  }

  read(bits: BitReader): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= longestCode; length++) {
      code |= bits.bit();
      const count = this.counts[length] ?? 0;
      if (code - first < count) return this.sorted[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new InflateError("there is no such code");
  }
}

const fixedCodes: Codes = {
  symbols: new Huffman(
    Array.from({ length: 288 }, (_, symbol) =>
      symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
    ),
  ),
  distances: new Huffman(new Array<number>(30).fill(5)),
};
