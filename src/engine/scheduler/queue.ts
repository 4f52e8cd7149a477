// Where Pods wait for the scheduler: active (next in line), in back-off after a failure, or
// unschedulable until something happens that may help.
// Source: kubernetes v1.34 pkg/scheduler/backend/queue/scheduling_queue.go
import TinyQueue from "tinyqueue";
import type { QueueEntry } from "../../api/clusterStatus.ts";
import { keyOf, keyText } from "../../api/object.ts";
import type { Pod } from "../../api/types.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { maxInUnschedulableMs } from "../limits.ts";

const flushUnschedulableMs = 30_000;

/** A Pod in the queue, and what became of it so far. */
export interface QueuedPod {
  readonly pod: Pod;
  /** Attempts so far. */
  attempts: number;
  /** When it entered its present place. */
  since: Instant;
  /** Failures that count for the back-off. */
  failures: number;
  /** The last failure was no verdict but an error: the back-off is waited out. */
  isErrored: boolean;
  /** Plugins that rejected it last time: only what may change their mind wakes it. */
  unschedulablePlugins: ReadonlySet<string>;
  gated: boolean;
  /** Order of arrival: breaks ties of QueueSort. */
  readonly sequence: number;
}

export interface QueueCounts {
  readonly active: number;
  readonly backoff: number;
  readonly unschedulable: number;
  readonly gated: number;
}

export interface SchedulingQueueWorld {
  readonly clock: Clock;
  readonly initialBackoffMs: Millis;
  readonly maxBackoffMs: Millis;
  /** QueueSort: negative if `a` goes first. */
  readonly less: (a: QueuedPod, b: QueuedPod) => number;
  /** PreEnqueue: true if the Pod must stay outside for now. */
  readonly isGated: (pod: Pod) => boolean;
  /** Called whenever there is a Pod to pop. */
  readonly onActive: () => void;
}

/** Whether something that happened may help a Pod. */
export type Helps = (queued: QueuedPod) => boolean;

export class SchedulingQueue implements Disposable {
  private readonly flushing: Disposable;
  private readonly active = new Map<string, QueuedPod>();
  /** The active Pods in order; entries that are no longer in `active` are passed over. */
  private readonly order: TinyQueue<QueuedPod>;
  private readonly backoff = new Map<string, QueuedPod>();
  private readonly unschedulable = new Map<string, QueuedPod>();
  /** What happened while a Pod was being scheduled may wake it as soon as it has failed. */
  private readonly inFlight = new Map<string, Helps[]>();
  private arrivals = 0;

  constructor(private readonly world: SchedulingQueueWorld) {
    this.order = new TinyQueue<QueuedPod>(
      [],
      (a, b) => world.less(a, b) || a.sequence - b.sequence,
    );
    this.flushing = world.clock.every(flushUnschedulableMs, "flush unschedulable Pods", () =>
      this.flushLeftover(),
    );
  }

  dispose(): void {
    this.flushing.dispose();
  }

  counts(): QueueCounts {
    const gated = [...this.unschedulable.values()].filter((queued) => queued.gated).length;
    return {
      active: this.active.size,
      backoff: this.backoff.size,
      unschedulable: this.unschedulable.size - gated,
      gated,
    };
  }

  /** A Pod without a node appeared. */
  add(pod: Pod): void {
    const queued: QueuedPod = {
      pod,
      attempts: 0,
      failures: 0,
      isErrored: false,
      since: this.world.clock.now(),
      unschedulablePlugins: new Set(),
      gated: false,
      sequence: this.arrivals++,
    };
    this.enter(queued);
  }

  /** A waiting Pod changed: it is looked at again if `helps` says that the change may help. */
  update(pod: Pod, helps: (queued: QueuedPod) => boolean): void {
    const key = keyOfPod(pod);
    const found = this.active.get(key) ?? this.backoff.get(key) ?? this.unschedulable.get(key);
    if (!found) {
      this.add(pod);
      return;
    }
    const updated = { ...found, pod };
    if (this.active.has(key)) this.activate(updated);
    else if (this.backoff.has(key)) this.backoff.set(key, updated);
    else {
      this.unschedulable.delete(key);
      if (helps(found)) this.enter(updated);
      else this.unschedulable.set(key, updated);
    }
  }

  remove(pod: Pod): void {
    const key = keyOfPod(pod);
    this.active.delete(key);
    this.backoff.delete(key);
    this.unschedulable.delete(key);
  }

  /**
   * The Pod that is next, by QueueSort; with none active the one whose back-off ends first, errors
   * apart. Source: SchedulerPopFromBackoffQ, on since 1.33.
   */
  pop(): QueuedPod | undefined {
    const next = this.popActive() ?? this.popBackoff();
    if (!next) return undefined;
    next.attempts++;
    this.inFlight.set(keyOfPod(next.pod), []);
    return next;
  }

  /** The Pod that `pop` gave is bound, or gone. */
  done(pod: Pod): void {
    this.inFlight.delete(keyOfPod(pod));
  }

  /** An attempt failed; `rejectedBy` is empty after an error. */
  addUnschedulable(queued: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    const key = keyOfPod(queued.pod);
    const happened = this.inFlight.get(key) ?? [];
    this.inFlight.delete(key);
    const failed = {
      ...queued,
      failures: queued.failures + 1,
      isErrored: rejectedBy.size === 0,
      unschedulablePlugins: rejectedBy,
      since: this.world.clock.now(),
    };
    if (failed.isErrored || happened.some((helps) => helps(failed))) this.enterBackoff(failed);
    else this.unschedulable.set(key, failed);
  }

  /** Something in the cluster changed; `helps` tells whether it may help a Pod. */
  moveIf(helps: Helps): void {
    for (const happened of this.inFlight.values()) happened.push(helps);
    for (const [key, queued] of [...this.unschedulable]) {
      if (queued.gated || !helps(queued)) continue;
      this.unschedulable.delete(key);
      this.enter(queued);
    }
  }

  /** Who waits where, in the order of their turn. */
  entries(): readonly QueueEntry[] {
    const entry =
      (place: QueueEntry["place"]) =>
      (queued: QueuedPod): QueueEntry => ({
        pod: keyOfPod(queued.pod),
        place: queued.gated ? "gated" : place,
        attempts: queued.attempts,
        plugins: [...queued.unschedulablePlugins].sort(),
        ...(place === "backoff" ? { until: this.backoffEnd(queued) } : {}),
      });
    const active = [...this.active.values()].sort(
      (a, b) => this.world.less(a, b) || a.sequence - b.sequence,
    );
    return [
      ...active.map(entry("active")),
      ...[...this.backoff.values()]
        .sort((a, b) => this.backoffEnd(a) - this.backoffEnd(b))
        .map(entry("backoff")),
      ...[...this.unschedulable.values()].map(entry("unschedulable")),
    ];
  }

  private popActive(): QueuedPod | undefined {
    for (let first = this.order.pop(); first; first = this.order.pop()) {
      const key = keyOfPod(first.pod);
      if (this.active.get(key) !== first) continue;
      this.active.delete(key);
      return first;
    }
    return undefined;
  }

  private popBackoff(): QueuedPod | undefined {
    let first: QueuedPod | undefined;
    for (const queued of this.backoff.values())
      if (!queued.isErrored && (!first || this.backoffEnd(queued) < this.backoffEnd(first)))
        first = queued;
    if (first) this.backoff.delete(keyOfPod(first.pod));
    return first;
  }

  private enter(queued: QueuedPod): void {
    const key = keyOfPod(queued.pod);
    if (this.world.isGated(queued.pod)) {
      this.unschedulable.set(key, { ...queued, gated: true });
      return;
    }
    const ready = { ...queued, gated: false };
    if (this.backoffEnd(ready) > this.world.clock.now()) this.enterBackoff(ready);
    else this.activate(ready);
  }

  private enterBackoff(queued: QueuedPod): void {
    const key = keyOfPod(queued.pod);
    this.backoff.set(key, queued);
    if (!queued.isErrored) this.world.onActive();
    const wait = Math.max(0, this.backoffEnd(queued) - this.world.clock.now());
    this.world.clock.after(wait, `end the back-off of ${key}`, () => {
      const present = this.backoff.get(key);
      if (!present || this.backoffEnd(present) > this.world.clock.now()) return;
      this.backoff.delete(key);
      this.activate(present);
    });
  }

  private activate(queued: QueuedPod): void {
    this.active.set(keyOfPod(queued.pod), queued);
    this.order.push(queued);
    this.world.onActive();
  }

  /** 1 s after the first failure, doubling to 10 s, unless it is configured otherwise. */
  private backoffEnd({ since, failures }: QueuedPod): Instant {
    const { initialBackoffMs, maxBackoffMs } = this.world;
    if (failures === 0) return since;
    return since + Math.min(maxBackoffMs, initialBackoffMs * 2 ** (failures - 1));
  }

  /** Nobody waits for ever: after five minutes a Pod is tried again whatever happened. */
  private flushLeftover(): void {
    const now = this.world.clock.now();
    for (const [key, queued] of [...this.unschedulable]) {
      if (queued.gated || now - queued.since <= maxInUnschedulableMs) continue;
      this.unschedulable.delete(key);
      this.enter(queued);
    }
  }
}

function keyOfPod(pod: Pod): string {
  return keyText(keyOf(pod));
}
