// Follows what a container writes until it ends. The wall's time says how often somebody looks, so that
// a fast clock costs no more than a slow one.
import type { Disposable } from "../../../base/disposable.ts";
import type { LogLine, LogSource } from "./kubeletStreams.ts";

/** Seldom enough to cost nothing, often enough to look live. */
const periodMs = 100;

export interface LogFollowing {
  readonly source: LogSource;
  /** The first line that the reader has not had yet. */
  readonly from: number;
  /** False if the reader is slow: nobody looks then until it is resumed. Lines wait where they are. */
  lines(lines: readonly LogLine[]): boolean;
  ended(): void;
}

export class LogFollower implements Disposable {
  private readonly timer: ReturnType<typeof setInterval>;
  private next: number;
  private isPaused = false;

  constructor(private readonly following: LogFollowing) {
    this.next = following.from;
    this.timer = setInterval(() => this.look(), periodMs);
  }

  resume(): void {
    this.isPaused = false;
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    if (this.isPaused) return;
    const { source, lines, ended } = this.following;
    const isOver = source.isOver();
    const fresh = source.since(this.next);
    this.next = (fresh.at(-1)?.number ?? this.next - 1) + 1;
    if (fresh.length > 0) this.isPaused = !lines(fresh);
    if (!isOver) return;
    this.dispose();
    ended();
  }
}
