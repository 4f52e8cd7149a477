// Protobuf's wire format: varints, fixed and length-delimited values, and how Go refuses bad ones.
// Source: the code that gogo generates for k8s.io/api, and gogo's skip functions, kubernetes v1.34.

/** A message that cannot be read; the text is Go's own. */
export class ProtobufError extends Error {}

export const wireType = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 };

const maxVarintBytes = 10;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const toUtf8 = new TextEncoder();

export interface Tag {
  readonly number: number;
  readonly wireType: number;
}

/** Reads values one after the other. Every method throws ProtobufError where Go returns an error. */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The tag of a field of the message `name`. */
  tag(name: string): Tag {
    const value = this.varint();
    const type = Number(value & 7n);
    const number = Number(BigInt.asIntN(32, value >> 3n));
    if (type === wireType.endGroup)
      throw new ProtobufError(`proto: ${name}: wiretype end group for non-group`);
    if (number <= 0)
      throw new ProtobufError(`proto: ${name}: illegal tag ${number} (wire type ${Number(value)})`);
    return { number, wireType: type };
  }

  /** 64 bits without a sign. */
  varint(): bigint {
    let value = 0n;
    for (let i = 0; i < maxVarintBytes; i++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError("proto: integer overflow");
  }

  double(): number {
    const bytes = this.take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  /** A length and as many bytes, a view of what is read. */
  delimited(): Uint8Array {
    const length = BigInt.asIntN(64, this.varint());
    if (length < 0n) throw new ProtobufError("proto: negative length found during unmarshaling");
    return this.take(Number(length));
  }

  text(): string {
    return utf8.decode(this.delimited());
  }

  /** Passes over the value of a field that nobody knows. */
  skip(type: number): void {
    let depth = 0;
    let next = type;
    do {
      if (next === wireType.startGroup) depth++;
      else if (next === wireType.endGroup) {
        if (depth === 0) throw new ProtobufError("proto: unexpected end of group");
        depth--;
      } else this.skipValue(next);
      if (depth > 0) next = Number(this.varint() & 7n);
    } while (depth > 0);
  }

  private skipValue(type: number): void {
    if (type === wireType.varint) this.varint();
    else if (type === wireType.fixed64) this.take(8);
    else if (type === wireType.bytes) this.delimited();
    else if (type === wireType.fixed32) this.take(4);
    else throw new ProtobufError(`proto: illegal wireType ${type}`);
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new ProtobufError("unexpected EOF");
    return byte;
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new ProtobufError("unexpected EOF");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Collects the bytes of one message. */
export class WireWriter {
  private readonly parts: Uint8Array[] = [];

  varint(number: number, value: bigint): void {
    this.parts.push(varintBytes((BigInt(number) << 3n) | BigInt(wireType.varint)));
    this.parts.push(varintBytes(BigInt.asUintN(64, value)));
  }

  double(number: number, value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.parts.push(varintBytes((BigInt(number) << 3n) | BigInt(wireType.fixed64)), bytes);
  }

  delimited(number: number, bytes: Uint8Array): void {
    this.parts.push(varintBytes((BigInt(number) << 3n) | BigInt(wireType.bytes)));
    this.parts.push(varintBytes(BigInt(bytes.length)), bytes);
  }

  text(number: number, text: string): void {
    this.delimited(number, toUtf8.encode(text));
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

function varintBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
