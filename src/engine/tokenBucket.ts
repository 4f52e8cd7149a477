// A token bucket: so many actions a second, with a reserve for bursts. Time is handed in.
// Source: golang.org/x/time/rate as client-go util/flowcontrol uses it, 1.34.
import { type Instant, type Millis, second } from "../base/time.ts";

export class TokenBucket {
  private tokens: number;
  private last: Instant | undefined;

  /** @param perSecond 0 never accepts */
  constructor(
    readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.tokens = perSecond > 0 ? burst : 0;
  }

  /** Takes a token if there is one. */
  tryAccept(now: Instant): boolean {
    this.refill(now);
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** Takes a token, be it one of the future. @returns how long to wait for it */
  reserve(now: Instant): Millis {
    this.refill(now);
    this.tokens--;
    return this.tokens >= 0 ? 0 : (-this.tokens / this.perSecond) * second;
  }

  private refill(now: Instant): void {
    const span = now - (this.last ?? now);
    this.last = now;
    // Rounding keeps a token that takes ten seconds from being a hair short after ten seconds.
    const tokens = this.tokens + (span / second) * this.perSecond;
    this.tokens = Math.min(this.burst, Math.round(tokens * 1e9) / 1e9);
  }
}
