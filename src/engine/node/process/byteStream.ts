// Bytes that flow from one process to another, or to whoever holds the other end.
import { disposable } from "../../../base/disposable.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { Steps, Wait } from "../steps.ts";
import { FileError } from "./fileError.ts";

export interface ByteSource {
  /** Waits for the next bytes, some at least; undefined at the end. */
  read(): Steps<Uint8Array | undefined>;
  /** Nobody will read any more: the writer gets EPIPE. */
  close?(): void;
}

export interface ByteSink {
  /** @throws FileError EPIPE if nobody reads any more */
  write(bytes: Uint8Array | string): void;
  /** Waits until there is room: to be called now and then by what writes without end. */
  ready?(): Steps;
  /** No more follows. */
  close?(): void;
}

/** As much as Linux keeps in a pipe. */
const capacity = 65_536;

/** A pipe: what is written on one side is read on the other. */
export class Pipe implements ByteSource, ByteSink {
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private isEnded = false;
  isAbandoned = false;
  private waiting: (() => void)[] = [];

  write(bytes: Uint8Array | string): void {
    if (this.isAbandoned) throw new FileError("EPIPE");
    if (this.isEnded || bytes.length === 0) return;
    const chunk = typeof bytes === "string" ? utf8Bytes(bytes) : bytes;
    this.chunks.push(chunk);
    this.held += chunk.length;
    this.wake();
  }

  *ready(): Steps {
    while (this.held >= capacity && !this.isAbandoned && !this.isEnded) yield this.change();
    if (this.isAbandoned) throw new FileError("EPIPE");
  }

  *read(): Steps<Uint8Array | undefined> {
    while (this.chunks.length === 0) {
      if (this.isEnded || this.isAbandoned) return undefined;
      yield this.change();
    }
    const all = joined(this.chunks.splice(0));
    this.held = 0;
    this.wake();
    return all;
  }

  /** The writer is done. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** The reader is gone. */
  abandon(): void {
    this.isAbandoned = true;
    this.wake();
  }

  /** The two ends apart, as two processes hold them. */
  get source(): ByteSource {
    return { read: () => this.read(), close: () => this.abandon() };
  }

  get sink(): ByteSink {
    return {
      write: (bytes) => this.write(bytes),
      ready: () => this.ready(),
      close: () => this.end(),
    };
  }

  private change(): Wait {
    return {
      until: (resume) => {
        this.waiting.push(resume);
        return disposable(() => {
          this.waiting = this.waiting.filter((other) => other !== resume);
        });
      },
    };
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}

/** Input that has ended before it began, as /dev/null. */
export const noInput: ByteSource = {
  // biome-ignore lint/correctness/useYield: there is nothing to wait for
  *read() {
    return undefined;
  },
};

/** Output that nobody sees. */
export const noOutput: ByteSink = { write: () => undefined };

/** Bytes that are there already. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let left: Uint8Array | undefined = bytes.length > 0 ? bytes : undefined;
  return {
    // biome-ignore lint/correctness/useYield: there is nothing to wait for
    *read() {
      const now = left;
      left = undefined;
      return now;
    },
  };
}

/** Everything up to the end. */
export function* readAll(source: ByteSource): Steps<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = yield* source.read(); chunk; chunk = yield* source.read()) chunks.push(chunk);
  return joined(chunks);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
