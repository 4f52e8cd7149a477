// Follows what a container writes until it ends. The wall's time says how often somebody looks, so that
// a fast clock costs no more than a slow one.
import type { Disposable } from "../../../base/disposable.ts";
import type { LogLine, LogRead } from "./kubeletStreams.ts";

/** Seldom enough to cost nothing, often enough to look live. */
const periodMs = 100;
/** Lines that one look can show; a program that writes more in a period is cut short. */
const mostNew = 10_000;

export interface LogFollowing {
  /** The newest lines; undefined once the container is forgotten. */
  read(most: number): LogRead | undefined;
  /** What the reader has had already. */
  readonly seen: readonly LogLine[];
  /** False if the reader is slow: nobody looks then until it is resumed. Lines wait where they are. */
  lines(lines: readonly LogLine[]): boolean;
  ended(): void;
}

export class LogFollower implements Disposable {
  private readonly timer: ReturnType<typeof setInterval>;
  private last: LogLine | undefined;
  /** How many of the lines at the last instant are seen. */
  private seenAtLast = 0;
  private isPaused = false;

  constructor(private readonly following: LogFollowing) {
    this.note(following.seen);
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
    const read = this.following.read(mostNew);
    const fresh = this.unseen(read?.lines ?? []);
    if (fresh.length > 0) {
      this.note(fresh);
      this.isPaused = !this.following.lines(fresh);
    }
    if (read && !read.isOver) return;
    this.dispose();
    this.following.ended();
  }

  private unseen(lines: readonly LogLine[]): readonly LogLine[] {
    const { last } = this;
    if (!last) return lines;
    const later = lines.findIndex(({ at }) => at >= last.at);
    if (later < 0) return [];
    const sinceLast = lines.slice(later);
    const atLast = sinceLast.filter(({ at }) => at === last.at).length;
    return sinceLast.slice(Math.min(this.seenAtLast, atLast));
  }

  private note(lines: readonly LogLine[]): void {
    const newest = lines.at(-1);
    if (!newest) return;
    const count = lines.filter(({ at }) => at === newest.at).length;
    this.seenAtLast = newest.at === this.last?.at ? this.seenAtLast + count : count;
    this.last = newest;
  }
}
