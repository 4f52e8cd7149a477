// A clock that runs through the past first, as fast as it can, and goes with the cluster's from then on:
// what a container did before the engine was started again is done again at the times at which it was.
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Instant, Millis } from "../../../base/time.ts";
import { type Clock, VirtualClock } from "../../clock.ts";

/** Of one container; what is beyond happens now. Bounds what opening a cluster can cost. */
const mostTasks = 5_000;

interface Task {
  readonly at: Instant;
  readonly why: string;
  readonly run: () => void;
  timer: Disposable | undefined;
}

export class ReplayClock implements Clock {
  private past: VirtualClock | undefined;
  private readonly pending = new Set<Task>();

  constructor(
    private readonly clock: Clock,
    startedAt: Instant,
  ) {
    if (startedAt < clock.now()) this.past = new VirtualClock(startedAt);
  }

  now(): Instant {
    return (this.past ?? this.clock).now();
  }

  after(delay: Millis, why: string, run: () => void): Disposable {
    if (!this.past) return this.clock.after(delay, why, run);
    const task: Task = { at: this.past.now() + delay, why, run, timer: undefined };
    this.pending.add(task);
    task.timer = this.past.after(delay, why, () => this.run(task));
    return disposable(() => {
      this.pending.delete(task);
      task.timer?.dispose();
    });
  }

  every(period: Millis, why: string, run: () => void): Disposable {
    let next: Disposable;
    const tick = (): void => {
      next = this.after(period, why, tick);
      run();
    };
    next = this.after(period, why, tick);
    return disposable(() => next.dispose());
  }

  /** Does what would have happened until now, and goes with the cluster's clock then. */
  catchUp(): void {
    const { past, clock } = this;
    if (!past) return;
    const now = clock.now();
    for (let left = mostTasks; left > 0 && (past.nextDue() ?? now) < now; left--) past.step();
    this.past = undefined;
    for (const task of this.pending) {
      task.timer?.dispose();
      const delay = Math.max(0, task.at - now);
      task.timer = clock.after(delay, task.why, () => this.run(task));
    }
  }

  private run(task: Task): void {
    this.pending.delete(task);
    task.run();
  }
}
