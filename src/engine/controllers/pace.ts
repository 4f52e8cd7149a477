// Keeps a controller from writing about one object without end, as client-go's limit on requests does.
import type { Instant, Millis } from "../../base/time.ts";
import { writesPerSecond, writesPerSecondBurst } from "../limits.ts";
import { RecentMap } from "../recentMap.ts";
import { TokenBucket } from "../tokenBucket.ts";

interface Turns {
  readonly bucket: TokenBucket;
  /** No turn is due before. */
  next: Instant;
}

/**
 * The limit is the real one's per controller, counted by object here: one that fights over an object
 * is as slow as in life, and many objects don't wait for each other.
 */
export class Pace {
  private readonly turns = new RecentMap<Turns>();

  /** How long the object has to wait for its next turn. */
  wait(key: string, now: Instant): Millis {
    return Math.max(0, (this.turns.get(key)?.next ?? now) - now);
  }

  /** The object has just had a turn in which something was written. */
  took(key: string, now: Instant): void {
    const known = this.turns.get(key);
    const turns = known ?? {
      bucket: new TokenBucket(writesPerSecond, writesPerSecondBurst),
      next: now,
    };
    turns.next = now + Math.ceil(turns.bucket.reserve(now));
    this.turns.set(key, turns);
  }
}
