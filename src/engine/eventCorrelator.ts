// Keeps one component's Events about one object few: similar ones are combined, floods are dropped.
// Source: client-go tools/record/events_cache.go EventCorrelator, 1.34.
import { type Instant, type Millis, minute } from "../base/time.ts";
import { RecentMap } from "./recentMap.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** What makes two events alike, as texts. */
export interface EventTraits {
  /** Whom it is about. */
  readonly object: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

export interface CorrelatedEvent {
  /** Events of one key are one object whose count rises. */
  readonly key: string;
  readonly message: string;
}

/** Different messages of one reason, before they are combined. defaultAggregateMaxEvents */
const similarLimit = 10;
/** They are alike within this time. defaultAggregateIntervalInSeconds */
const similarSpanMs: Millis = 10 * minute;
/** About one object: so many at once, and one more every 5 minutes. defaultSpamBurst, defaultSpamQPS */
const burst = 25;
const perSecond = 1 / 300;

interface Similar {
  readonly messages: Set<string>;
  lastAt: Instant;
}

export class EventCorrelator {
  private readonly similar = new RecentMap<Similar>();
  private readonly buckets = new RecentMap<TokenBucket>();

  /** The event as which this one is told: itself, or one that combines what is similar. */
  combine(event: EventTraits, now: Instant): CorrelatedEvent {
    const { object, type, reason, message } = event;
    const kind = [object, type, reason].join("\n");
    const known = this.similar.get(kind);
    const isRecent = known !== undefined && now - known.lastAt <= similarSpanMs;
    const record = isRecent ? known : { messages: new Set<string>(), lastAt: now };
    record.messages.add(message);
    record.lastAt = now;
    this.similar.set(kind, record);
    if (record.messages.size < similarLimit) return { key: `${kind}\n${message}`, message };
    record.messages.delete(message);
    return { key: kind, message: `(combined from similar events): ${message}` };
  }

  /** Whether one more event about the object may be written. */
  admits({ object }: EventTraits, now: Instant): boolean {
    const bucket = this.buckets.get(object) ?? new TokenBucket(perSecond, burst);
    this.buckets.set(object, bucket);
    return bucket.tryAccept(now);
  }
}
