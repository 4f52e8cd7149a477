// A watch on the wire: one JSON frame a line, as fast as the client reads and no faster.
// Source: apiserver pkg/endpoints/handlers/watch.go and pkg/storage/cacher/cache_watcher.go, 1.34.
import type { WatchEvent } from "../../api/request.ts";
import type { Status } from "../../api/status.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { ByteSink } from "./exchange.ts";

/** What a client is told: a change, or why the watch cannot go on. */
export type WatchFrame = WatchEvent | { readonly type: "ERROR"; readonly object: Status };

/** Events that wait for a client before the server gives up on it. Source: suggestedWatchChannelSize. */
const longestQueue = 1_000;

export interface WatchFrames {
  /** The line of one event, without its newline. */
  frameOf(event: WatchFrame): string;
  /** After this, the watch ends by itself. */
  readonly timeoutMs: number;
}

/**
 * Writes events to one client. What it has not read waits as events, not as text, so that a thousand
 * clients that don't read share the same objects; one that is too far behind is cut off and has to
 * begin again, as the real server does.
 */
export class WatchStream implements Disposable {
  private readonly queue: WatchFrame[] = [];
  private isBlocked = false;
  private isOver = false;
  /** What is there first may be longer than the queue of changes. */
  private allowance = longestQueue;
  private readonly timer: ReturnType<typeof setTimeout>;
  private readonly endings: (() => void)[] = [];

  constructor(
    private readonly sink: ByteSink,
    private readonly frames: WatchFrames,
  ) {
    sink.onDrain(() => {
      this.isBlocked = false;
      this.pump();
    });
    this.timer = setTimeout(() => this.end(), frames.timeoutMs);
  }

  /** Called once, when the watch is over for whatever reason. */
  onEnd(listener: () => void): void {
    if (this.isOver) listener();
    else this.endings.push(listener);
  }

  /** The state at the beginning, before any change. */
  begin(events: readonly WatchFrame[]): void {
    this.allowance = events.length + longestQueue;
    this.push(events);
  }

  push(events: readonly WatchFrame[]): void {
    if (this.isOver) return;
    for (const event of events) this.queue.push(event);
    this.pump();
    if (this.queue.length > this.allowance) this.end();
    if (this.queue.length < longestQueue) this.allowance = longestQueue;
  }

  end(): void {
    if (this.isOver) return;
    this.sink.end();
    this.dispose();
  }

  dispose(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.queue.length = 0;
    for (const listener of this.endings) listener();
  }

  private pump(): void {
    let sent = 0;
    while (!this.isBlocked && !this.isOver && sent < this.queue.length) {
      const event = this.queue[sent++];
      if (event) this.isBlocked = !this.sink.write(`${this.frames.frameOf(event)}\n`);
    }
    this.queue.splice(0, sent);
  }
}
