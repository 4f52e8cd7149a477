// The cluster's time between two reports of it: it runs on at the known speed, and never backwards.
import type { Instant, Millis } from "../../base/time.ts";
import type { TimelineStatus } from "../../protocol.ts";

/** Without news for this long, the estimate stands still. */
const trustMs: Millis = 1_500;
/** A clock that was set back by more than this is another clock. */
const otherClockMs: Millis = 60_000;

export class ClusterClock {
  private status: Pick<TimelineStatus, "now" | "paused" | "speed"> = {
    now: 0,
    paused: true,
    speed: 1,
  };
  private reportedAt = 0;
  private shown: Instant = 0;

  /** `wallMs` is any steadily growing clock. */
  report(status: Pick<TimelineStatus, "now" | "paused" | "speed">, wallMs: number): void {
    if (status.now < this.shown - otherClockMs - status.speed * trustMs) this.shown = status.now;
    this.status = status;
    this.reportedAt = wallMs;
  }

  now(wallMs: number): Instant {
    const { now, paused, speed } = this.status;
    const elapsed = Math.min(Math.max(wallMs - this.reportedAt, 0), trustMs);
    const estimate = paused ? now : now + elapsed * speed;
    this.shown = Math.max(this.shown, estimate);
    return this.shown;
  }
}
