// Input that is read line by line, the rest kept for whoever reads next: a script and the commands in
// it share one standard input.
import { latin1Text } from "../../../base/bytes.ts";
import { utf8Text } from "../../../base/utf8.ts";
import { type ByteSource, joined } from "../process/byteStream.ts";
import type { Steps } from "../steps.ts";

const newline = 0x0a;
/** A longer line is handed out in pieces. */
const longestLine = 1 << 20;

export class BufferedSource implements ByteSource {
  private pending = new Uint8Array();
  private hasEnded = false;

  constructor(private readonly source: ByteSource) {}

  static of(source: ByteSource): BufferedSource {
    return source instanceof BufferedSource ? source : new BufferedSource(source);
  }

  *read(): Steps<Uint8Array | undefined> {
    if (this.pending.length === 0) return yield* this.source.read();
    const { pending } = this;
    this.pending = new Uint8Array();
    return pending;
  }

  /** The next line with its "\n", which the last may lack; undefined at the end. */
  *readLine(delimiter = newline, most = longestLine): Steps<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let left = most;
    for (let chunk = yield* this.read(); chunk; chunk = yield* this.read()) {
      const found = chunk.indexOf(delimiter);
      const end = Math.min(found < 0 ? chunk.length : found + 1, left);
      chunks.push(chunk.subarray(0, end));
      this.pending = chunk.slice(end);
      left -= end;
      if (left === 0 || (found >= 0 && found < end)) return joined(chunks);
    }
    return chunks.length === 0 ? undefined : joined(chunks);
  }

  close(): void {
    if (!this.hasEnded) this.source.close?.();
    this.hasEnded = true;
  }
}

/** Bytes as text; what is no UTF-8 is read byte by byte. */
export function textOf(bytes: Uint8Array): string {
  return utf8Text(bytes) ?? latin1Text(bytes);
}
