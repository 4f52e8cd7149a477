// Where Pods wait for the scheduler: active (next in line), in back-off after a failure, or
// unschedulable until something happens that may help.
// Source: kubernetes v1.34 pkg/scheduler/backend/queue/scheduling_queue.go
import TinyQueue from "tinyqueue";
import { keyOf, keyText } from "../../api/object.ts";
import type { Pod } from "../../api/types.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { maxInUnschedulableMs, podInitialBackoffMs, podMaxBackoffMs } from "../limits.ts";

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
  /** QueueSort: negative if `a` goes first. */
  readonly less: (a: QueuedPod, b: QueuedPod) => number;
  /** PreEnqueue: true if the Pod must stay outside for now. */
  readonly isGated: (pod: Pod) => boolean;
  /** Called whenever a Pod became active. */
  readonly onActive: () => void;
}

export class SchedulingQueue implements Disposable {
  private readonly flushing: Disposable;
  private readonly active = new Map<string, QueuedPod>();
  /** The active Pods in order; entries that are no longer in `active` are passed over. */
  private readonly order: TinyQueue<QueuedPod>;
  private readonly backoff = new Map<string, QueuedPod>();
  private readonly unschedulable = new Map<string, QueuedPod>();
  /** What happened while a Pod was being scheduled may wake it at once: the event's count when it was popped. */
  private moveRequests = 0;
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

  /** The Pod that is next, by QueueSort; undefined if none is active. */
  pop(): { readonly queued: QueuedPod; readonly moves: number } | undefined {
    for (let first = this.order.pop(); first; first = this.order.pop()) {
      const key = keyOfPod(first.pod);
      if (this.active.get(key) !== first) continue;
      this.active.delete(key);
      first.attempts++;
      return { queued: first, moves: this.moveRequests };
    }
    return undefined;
  }

  /** An attempt failed. `moves` is what `pop` answered. */
  addUnschedulable(queued: QueuedPod, rejectedBy: ReadonlySet<string>, moves: number): void {
    const failed = {
      ...queued,
      failures: queued.failures + 1,
      unschedulablePlugins: rejectedBy,
      since: this.world.clock.now(),
    };
    // Something happened meanwhile, or no plugin said what to wait for: back-off, then try again.
    if (moves !== this.moveRequests || rejectedBy.size === 0) this.enterBackoff(failed);
    else this.unschedulable.set(keyOfPod(failed.pod), failed);
  }

  /** Something in the cluster changed; `helps` tells whether it may help a Pod. */
  moveIf(helps: (queued: QueuedPod) => boolean): void {
    this.moveRequests++;
    for (const [key, queued] of [...this.unschedulable]) {
      if (queued.gated || !helps(queued)) continue;
      this.unschedulable.delete(key);
      this.enter(queued);
    }
  }

  private enter(queued: QueuedPod): void {
    const key = keyOfPod(queued.pod);
    if (this.world.isGated(queued.pod)) {
      this.unschedulable.set(key, { ...queued, gated: true });
      return;
    }
    const ready = { ...queued, gated: false };
    if (backoffEnd(ready) > this.world.clock.now()) this.enterBackoff(ready);
    else this.activate(ready);
  }

  private enterBackoff(queued: QueuedPod): void {
    const key = keyOfPod(queued.pod);
    this.backoff.set(key, queued);
    const wait = Math.max(0, backoffEnd(queued) - this.world.clock.now());
    this.world.clock.after(wait, `end the back-off of ${key}`, () => {
      const present = this.backoff.get(key);
      if (!present || backoffEnd(present) > this.world.clock.now()) return;
      this.backoff.delete(key);
      this.activate(present);
    });
  }

  private activate(queued: QueuedPod): void {
    this.active.set(keyOfPod(queued.pod), queued);
    this.order.push(queued);
    this.world.onActive();
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

/** 1 s after the first failure, doubling to 10 s. */
function backoffOf(failures: number): Millis {
  if (failures === 0) return 0;
  return Math.min(podMaxBackoffMs, podInitialBackoffMs * 2 ** (failures - 1));
}

function backoffEnd({ since, failures }: QueuedPod): Instant {
  return since + backoffOf(failures);
}

function keyOfPod(pod: Pod): string {
  return keyText(keyOf(pod));
}
