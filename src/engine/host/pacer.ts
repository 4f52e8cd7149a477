// The only bridge between wall time and virtual time: it lets the clock run at a speed, in short
// slices, and says so when it cannot keep up instead of skipping.
import type { Instant, Millis } from "../../base/time.ts";
import type { VirtualClock } from "../clock.ts";

const frameMs = 16;
/** Of each frame, so that messages are answered in between. */
const budgetMs = 8;
/** A machine that slept is not owed the time it missed. */
const longestGapMs = 1_000;
/** Lag of cluster time, in wall milliseconds at the present speed, that counts as being behind. */
const behindMs = 250;

export const slowestSpeed = 0.1;
export const fastestSpeed = 600;

/** What the edge needs of the platform: monotonic milliseconds, and calls later. */
export interface WallClock {
  now(): Millis;
  /** After the present turn of the event loop. */
  soon(call: () => void): void;
  later(delay: Millis, call: () => void): { cancel(): void };
}

export class Pacer {
  private speedFactor = 1;
  private isPaused = false;
  private lastWall: Millis;
  /** Where virtual time ought to be. A fraction of a millisecond matters at low speed. */
  private target: number;
  private timer: { cancel(): void } | undefined;
  private lagging = false;

  /** `afterSlice` runs whenever virtual time may have moved. */
  constructor(
    private readonly clock: VirtualClock,
    private readonly wall: WallClock,
    private readonly afterSlice: () => void,
  ) {
    this.lastWall = wall.now();
    this.target = clock.now();
    this.schedule();
  }

  get speed(): number {
    return this.speedFactor;
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** True while the engine cannot keep up with the speed asked for. */
  get behind(): boolean {
    return this.lagging;
  }

  setSpeed(speed: number): void {
    this.advanceTarget();
    this.speedFactor = Math.min(fastestSpeed, Math.max(slowestSpeed, speed));
  }

  pause(): void {
    this.isPaused = true;
    this.timer?.cancel();
    this.target = this.clock.now();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.lastWall = this.wall.now();
    this.target = this.clock.now();
    this.schedule();
  }

  /** Runs `span` of cluster time at once, or the next task alone. */
  step(span?: Millis): void {
    if (span === undefined) this.clock.step();
    else this.clock.run(span);
    this.target = Math.max(this.target, this.clock.now());
    this.afterSlice();
  }

  dispose(): void {
    this.isPaused = true;
    this.timer?.cancel();
  }

  private schedule(): void {
    this.timer = this.wall.later(frameMs, () => this.slice());
  }

  private slice(): void {
    if (this.isPaused) return;
    this.advanceTarget();
    const started = this.wall.now();
    const until: Instant = Math.floor(this.target);
    while (this.runnable(until)) {
      this.clock.step();
      if (this.wall.now() - started > budgetMs) break;
    }
    if (!this.runnable(until)) this.clock.runUntil(until);
    const lag = (this.target - this.clock.now()) / this.speedFactor;
    this.lagging = lag > behindMs;
    // What could not be simulated in time is not owed for ever: time just passes more slowly.
    if (lag > longestGapMs) this.target = this.clock.now() + longestGapMs * this.speedFactor;
    this.afterSlice();
    this.schedule();
  }

  private runnable(until: Instant): boolean {
    const due = this.clock.nextDue();
    return due !== undefined && due <= until;
  }

  private advanceTarget(): void {
    const wall = this.wall.now();
    if (!this.isPaused)
      this.target += Math.min(wall - this.lastWall, longestGapMs) * this.speedFactor;
    this.lastWall = wall;
  }
}
