// A controller's queue of keys: each once, one at a time, failed ones later and later.
// Source: client-go util/workqueue, 1.34, on the cluster's clock.
import { keyText, type ObjectKey } from "../../api/object.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import {
  queueBackoffBaseMs,
  queueBackoffMaxMs,
  queueOverallBurst,
  queueOverallPerSecond,
} from "../limits.ts";
import { TokenBucket } from "../tokenBucket.ts";
import type { RetryLimits } from "./controller.ts";

interface Waiting {
  readonly due: Instant;
  readonly timer: Disposable;
}

/**
 * Each key is handed to `process` as a clock task of its own, so that what the run causes is traced
 * back to what added the key. A key is taken off before its run: added again meanwhile, it runs once
 * more after it.
 */
export class WorkQueue implements Disposable {
  private readonly ready = new Map<string, Disposable>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly failures = new Map<string, number>();
  private readonly overall = new TokenBucket(queueOverallPerSecond, queueOverallBurst);

  constructor(
    private readonly clock: Clock,
    private readonly name: string,
    private readonly process: (key: ObjectKey) => void,
    private readonly limits?: RetryLimits,
  ) {}

  /** Keys that are due and not yet taken. */
  get length(): number {
    return this.ready.size;
  }

  /** Puts a key at the end, unless it is there already. */
  add(key: ObjectKey): void {
    const text = keyText(key);
    if (this.ready.has(text)) return;
    const task = this.clock.after(0, `${this.name} looks at ${text || "everything"}`, () => {
      this.ready.delete(text);
      this.process(key);
    });
    this.ready.set(text, task);
  }

  /** Adds a key `delay` from now; of several delays the one that ends first holds. */
  addAfter(key: ObjectKey, delay: Millis): void {
    if (delay <= 0) {
      this.add(key);
      return;
    }
    const text = keyText(key);
    const due = this.clock.now() + Math.ceil(delay);
    const known = this.waiting.get(text);
    if (known && known.due <= due) return;
    known?.timer.dispose();
    const timer = this.clock.after(Math.ceil(delay), `${this.name} comes back to ${text}`, () => {
      this.waiting.delete(text);
      this.add(key);
    });
    this.waiting.set(text, { due, timer });
  }

  /**
   * Adds a key that failed: after 5 ms at first, twice as long each time, 1000 s at most, and later
   * still if many keys fail; a controller with limits of its own minds only those.
   */
  addRateLimited(key: ObjectKey): Millis {
    const text = keyText(key);
    const failures = this.failures.get(text) ?? 0;
    this.failures.set(text, failures + 1);
    const delay = this.limits
      ? backoff(failures, this.limits)
      : Math.max(backoff(failures, usualLimits), this.overall.reserve(this.clock.now()));
    this.addAfter(key, delay);
    return delay;
  }

  /** The key succeeded: its next failure is the first again. */
  forget(key: ObjectKey): void {
    this.failures.delete(keyText(key));
  }

  dispose(): void {
    for (const task of this.ready.values()) task.dispose();
    for (const { timer } of this.waiting.values()) timer.dispose();
    this.ready.clear();
    this.waiting.clear();
    this.failures.clear();
  }
}

const usualLimits: RetryLimits = { baseMs: queueBackoffBaseMs, maxMs: queueBackoffMaxMs };

function backoff(failures: number, { baseMs, maxMs }: RetryLimits): Millis {
  return Math.min(baseMs * 2 ** failures, maxMs);
}
