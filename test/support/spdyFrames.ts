// What a SPDY/3.1 client sends, made with zlib.
import { constants, createDeflate } from "node:zlib";
import { headerDictionary } from "../../src/engine/http/streams/spdy/headerBlock.ts";

export const fin = 1;

/** A client's compressor: one stream, flushed after each block. */
export class HeaderCompressor {
  private readonly deflate;
  private chunks: Buffer[] = [];

  constructor(level: number) {
    this.deflate = createDeflate({ dictionary: headerDictionary, level });
    this.deflate.on("data", (chunk: Buffer) => this.chunks.push(chunk));
  }

  block(headers: ReadonlyMap<string, string>): Promise<Buffer> {
    const parts = [uint32(headers.size)];
    for (const text of [...headers].flat())
      parts.push(uint32(Buffer.byteLength(text)), Buffer.from(text));
    return new Promise((resolve) => {
      this.deflate.write(Buffer.concat(parts));
      this.deflate.flush(constants.Z_SYNC_FLUSH, () => {
        const bytes = Buffer.concat(this.chunks);
        this.chunks = [];
        resolve(bytes);
      });
    });
  }

  /** Opens a stream. */
  async open(id: number, headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const block = await this.block(new Map(Object.entries(headers)));
    return controlFrame(1, Buffer.concat([uint32(id), uint32(0), Buffer.from([0, 0]), block]));
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function controlFrame(type: number, payload: Buffer): Buffer {
  const head = Buffer.from([0x80, 3, 0, type, 0]);
  return Buffer.concat([head, uint32(payload.length).subarray(1), payload]);
}

export function dataFrame(id: number, text: string, flags = 0): Buffer {
  const head = [uint32(id), Buffer.from([flags]), uint32(text.length).subarray(1)];
  return Buffer.concat([...head, Buffer.from(text)]);
}

/** The text that each stream was sent, by its id. */
export function dataByStream(bytes: Buffer): Readonly<Record<number, string>> {
  const texts: Record<number, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.readUInt32BE(at);
    const length = bytes.readUInt32BE(at + 4) & 0xffffff;
    const payload = bytes.subarray(at + 8, at + 8 + length);
    if (head >>> 31 === 0) texts[head] = (texts[head] ?? "") + payload.toString("latin1");
    at += 8 + length;
  }
  return texts;
}
