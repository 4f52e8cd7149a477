// The cluster's time: a queue of tasks, run in order of their instants. No wall clock is read here;
// host/pacer.ts decides how fast virtual time passes.
import TinyQueue from "tinyqueue";
import { assert } from "../base/assert.ts";
import { type Disposable, disposable } from "../base/disposable.ts";
import type { Instant, Millis } from "../base/time.ts";

/** What components see of time: they can read it and ask to be called. */
export interface Clock {
  now(): Instant;
  /** Runs `task` once, `delay` from now. `why` names it for people. */
  after(delay: Millis, why: string, task: () => void): Disposable;
  /** Runs `task` every `period`, the first time one period from now. */
  every(period: Millis, why: string, task: () => void): Disposable;
}

interface Task {
  readonly at: Instant;
  readonly sequence: number;
  readonly why: string;
  readonly cause: number | undefined;
  run: (() => void) | undefined;
}

/** A discrete-event clock. Tasks of one instant run in the order in which they were asked for. */
export class VirtualClock implements Clock {
  private readonly queue = new TinyQueue<Task>([], byInstant);
  private sequence = 0;
  private cancelled = 0;
  /** The trace event whose consequences are running now; tasks inherit it. */
  cause: number | undefined;

  constructor(private instant: Instant) {}

  now(): Instant {
    return this.instant;
  }

  after(delay: Millis, why: string, task: () => void): Disposable {
    assert(delay >= 0, `${why} is asked for in the past`);
    const { cause } = this;
    const at = this.instant + Math.round(delay);
    const entry: Task = { at, sequence: this.sequence++, why, cause, run: task };
    this.queue.push(entry);
    return disposable(() => {
      if (entry.run === undefined) return;
      entry.run = undefined;
      this.cancelled++;
      this.compact();
    });
  }

  every(period: Millis, why: string, task: () => void): Disposable {
    assert(period > 0, `the period of ${why} is positive`);
    let next: Disposable;
    const tick = (): void => {
      next = this.after(period, why, tick);
      task();
    };
    next = this.after(period, why, tick);
    return disposable(() => next.dispose());
  }

  /** When the next task is due; undefined if there is none. */
  nextDue(): Instant | undefined {
    this.dropCancelled();
    return this.queue.peek()?.at;
  }

  /** Runs the next task, moving time to it. @returns false if there is none. */
  step(): boolean {
    this.dropCancelled();
    const task = this.queue.pop();
    if (task?.run === undefined) return false;
    this.instant = task.at;
    this.cause = task.cause;
    const { run } = task;
    task.run = undefined;
    run();
    this.cause = undefined;
    return true;
  }

  /** Runs all tasks due up to and including `until`, then stands at `until`. */
  runUntil(until: Instant): void {
    for (let due = this.nextDue(); due !== undefined && due <= until; due = this.nextDue())
      this.step();
    if (until > this.instant) this.instant = until;
  }

  /** Runs `span` of virtual time. */
  run(span: Millis): void {
    this.runUntil(this.instant + span);
  }

  private dropCancelled(): void {
    while (this.queue.length > 0 && this.queue.peek()?.run === undefined) {
      this.queue.pop();
      this.cancelled--;
    }
  }

  /** Cancelled tasks far in the future would pile up: sweep them once they are the majority. */
  private compact(): void {
    if (this.cancelled < 1_024 || this.cancelled * 2 < this.queue.length) return;
    const live = this.queue.data.filter((task) => task.run !== undefined);
    this.queue.data = live.sort(byInstant);
    this.queue.length = live.length;
    this.cancelled = 0;
  }
}

function byInstant(a: Task, b: Task): number {
  return a.at - b.at || a.sequence - b.sequence;
}
