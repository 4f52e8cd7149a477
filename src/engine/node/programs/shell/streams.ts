// The open files of a shell by their numbers.

import { concatBytes } from "../../../../base/bytes.ts";
import { utf8Bytes } from "../../../../base/utf8.ts";
import type { ByteSink, ByteSource } from "../../process/byteStream.ts";
import { BufferedSource, textOf } from "../bufferedSource.ts";

export interface Stream {
  readonly source?: BufferedSource;
  readonly sink?: ByteSink;
}

export type Streams = ReadonlyMap<number, Stream>;

export function standardStreams(from: {
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
}): Streams {
  return new Map<number, Stream>([
    [0, { source: BufferedSource.of(from.stdin) }],
    [1, { sink: from.stdout }],
    [2, { sink: from.stderr }],
  ]);
}

export const closedSink: ByteSink = { write: () => undefined };

/** The streams as a child gets them: it may not close what its parent goes on using. */
export function inherited(streams: Streams): {
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
} {
  const source = streams.get(0)?.source;
  return {
    stdin: {
      read: function* () {
        return source && (yield* source.read());
      },
    },
    stdout: shared(streams.get(1)?.sink ?? closedSink),
    stderr: shared(streams.get(2)?.sink ?? closedSink),
  };
}

function shared(sink: ByteSink): ByteSink {
  return {
    write: (bytes) => sink.write(bytes),
    *ready() {
      if (sink.ready) yield* sink.ready();
    },
  };
}

/** As much as a command substitution may hold. */
const mostCaptured = 4 << 20;

/** Keeps what is written, for $(...). */
export class Capture implements ByteSink {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  write(bytes: Uint8Array | string): void {
    if (this.length > mostCaptured) return;
    const chunk = typeof bytes === "string" ? utf8Bytes(bytes) : bytes;
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  /** Without the newlines at the end, and without the zeros that a variable can't hold. */
  text(): string {
    return textOf(concatBytes(this.chunks)).replaceAll("\0", "").replace(/\n+$/, "");
  }
}
