// Waits that double with every failure, by key. Source: client-go util/flowcontrol Backoff, 1.34.
import type { Instant, Millis } from "../../base/time.ts";

interface Entry {
  readonly backoff: Millis;
  readonly lastUpdate: Instant;
}

export class Backoff {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly base: Millis,
    private readonly max: Millis,
  ) {}

  /** The present wait of `key`; 0 if it has never failed. */
  get(key: string): Millis {
    return this.entries.get(key)?.backoff ?? 0;
  }

  /** Doubles the wait, or starts anew if the last failure is twice the longest wait ago. */
  next(key: string, at: Instant): void {
    const entry = this.entries.get(key);
    const backoff =
      !entry || this.hasExpired(entry, at) ? this.base : Math.min(entry.backoff * 2, this.max);
    this.entries.set(key, { backoff, lastUpdate: at });
  }

  /** True while less time than the wait has passed since the failure at `failedAt`. */
  isWaitingSince(key: string, failedAt: Instant, now: Instant): boolean {
    const entry = this.entries.get(key);
    if (!entry || this.hasExpired(entry, failedAt)) return false;
    return now - failedAt < entry.backoff;
  }

  /** True while less time than the wait has passed since the last `next`. */
  isWaiting(key: string, now: Instant): boolean {
    const entry = this.entries.get(key);
    if (!entry || this.hasExpired(entry, now)) return false;
    return now - entry.lastUpdate < entry.backoff;
  }

  /** Forgets all keys that start with `prefix`. */
  forget(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }

  private hasExpired({ lastUpdate }: Entry, at: Instant): boolean {
    return at - lastUpdate > this.max * 2;
  }
}
