// kube-controller-manager: the loop around each controller. Informers wake it, a queue orders it,
// failures come back later, and what it changed is recorded with its cause.
import type { ControllerStatus, ReconcileReason } from "../../api/clusterStatus.ts";
import type { Kind } from "../../api/kind.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import { type Disposable, DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import type { VirtualClock } from "../clock.ts";
import { EventRecorder } from "../eventRecorder.ts";
import type { LocalClient } from "../localClient.ts";
import { type Change, InformerFactory, type ListerWatcher } from "../localInformer.ts";
import type { Trace } from "../trace.ts";
import type { Controller, ControllerContext, ControllerFactory, Trigger } from "./controller.ts";
import { Pace } from "./pace.ts";
import { WorkQueue } from "./workQueue.ts";
import { WriteCounts } from "./writeCounts.ts";

export interface ControllerManagerWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  /** What feeds the informers. */
  readonly source: ListerWatcher;
  /** A client of its own for each controller, as with --use-service-account-credentials. */
  clientFor(user: string): LocalClient;
}

/** The key of a controller's periodic run. */
export const periodicKey: ObjectKey = { namespace: "", name: "" };

export class ControllerManager implements Disposable {
  private readonly entries: readonly Entry[];
  private informers: InformerFactory | undefined;
  /** Controllers that are not to run, whether the others do or not. */
  private readonly disabled = new Set<string>();

  /** Nothing runs before `start`. */
  constructor(
    factories: readonly ControllerFactory[],
    private readonly world: ControllerManagerWorld,
  ) {
    this.entries = factories.map((make) => new Entry(make, world));
  }

  /**
   * Starts all controllers but those that were stopped by name; with a name, that one may run again.
   * @throws Error if there is no controller of that name
   */
  start(name?: string): void {
    if (name === undefined) this.informers ??= new InformerFactory(this.world.source);
    else this.disabled.delete(this.entry(name).name);
    for (const entry of this.entries)
      if (this.informers && !this.disabled.has(entry.name)) entry.start(this.informers);
  }

  /**
   * Stops all controllers, or keeps the one of that name from running. What they remembered is lost.
   * @throws Error if there is no controller of that name
   */
  stop(name?: string): void {
    if (name !== undefined) {
      this.entry(name).stop();
      this.disabled.add(name);
      return;
    }
    for (const entry of this.entries) entry.stop();
    this.informers?.dispose();
    this.informers = undefined;
  }

  status(): readonly ControllerStatus[] {
    return this.entries.map((entry) => entry.status());
  }

  dispose(): void {
    this.stop();
  }

  private entry(name: string): Entry {
    const found = this.entries.find((entry) => entry.name === name);
    if (!found) throw new Error(`there is no controller called ${name}`);
    return found;
  }
}

/** A controller over all its starts: a fresh run each, one set of counters. */
class Entry {
  readonly name: string;
  private readonly counters: Counters = { reconciles: 0, writes: 0, recent: [] };
  private run: Run | undefined;

  constructor(
    private readonly make: ControllerFactory,
    private readonly world: ControllerManagerWorld,
  ) {
    this.name = make().name;
  }

  start(informers: InformerFactory): void {
    this.run ??= new Run(this.make(), this.world, informers, this.counters);
  }

  stop(): void {
    this.run?.dispose();
    this.run = undefined;
  }

  status(): ControllerStatus {
    const { name, counters } = this;
    const running = this.run !== undefined;
    return { name, running, queued: this.run?.queue.length ?? 0, ...counters };
  }
}

type Counters = {
  -readonly [Key in keyof Omit<
    ControllerStatus,
    "name" | "running" | "queued"
  >]: ControllerStatus[Key];
};

/** One controller from a start to the next stop. */
class Run extends DisposableStore {
  readonly queue: WorkQueue;
  private readonly pace = new Pace();
  /** Why each key that waits was added last. */
  private readonly reasons = new Map<string, ReconcileReason>();
  private readonly client: LocalClient;
  private readonly context: ControllerContext;

  constructor(
    private readonly controller: Controller,
    private readonly world: ControllerManagerWorld,
    private readonly informers: InformerFactory,
    private readonly counters: Counters,
  ) {
    super();
    const { name, account = name, eventSource = name, periodMs, retry } = controller;
    const { user = `system:serviceaccount:kube-system:${account}` } = controller;
    const { clock } = world;
    this.queue = this.add(new WorkQueue(clock, name, (key) => this.process(key), retry));
    this.client = world.clientFor(user);
    this.context = {
      client: this.client,
      events: new EventRecorder(clock, this.client, { component: eventSource }),
      random: world.random.fork(name),
      now: () => clock.now(),
      cache: (kind) => informers.informer(kind),
      enqueue: (key, after = 0) => this.queue.addAfter(key, after),
      listen: (trigger) => this.listen(trigger),
    };
    for (const kind of controller.reads ?? []) informers.informer(kind);
    for (const trigger of controller.triggers) informers.informer(trigger.kind);
    for (const trigger of controller.triggers) this.listen(trigger);
    if (periodMs === undefined) return;
    const look = (): void => this.enqueue([periodicKey], { type: "period" });
    look();
    this.add(clock.every(periodMs, `period of ${name}`, look));
  }

  /** What the cache holds already comes as additions. */
  private listen<T extends KubeObject>({ kind, keys }: Trigger<T>): Disposable {
    const informer = this.informers.informer(kind as Kind<T>);
    const take = (change: Change<T>): void => {
      const found = keys(change, this.context);
      if (found.length > 0) this.enqueue(found, reasonOf(change));
    };
    for (const now of informer.list()) take({ now });
    return this.add(informer.onChange(take));
  }

  private enqueue(keys: readonly ObjectKey[], reason: ReconcileReason): void {
    for (const key of keys) {
      this.reasons.set(keyText(key), reason);
      this.queue.add(key);
    }
  }

  private process(key: ObjectKey): void {
    const { clock } = this.world;
    const wait = this.pace.wait(keyText(key), clock.now());
    if (wait > 0) {
      this.queue.addAfter(key, wait);
      return;
    }
    const before = { cause: clock.cause, writes: this.client.writes };
    const record = this.recordAtFirstWrite(key);
    const written = new WriteCounts();
    this.client.afterWrite = (verb, kind) => written.add(verb, kind);
    const failure = this.reconcile(key);
    this.client.afterWrite = undefined;
    const writes = this.client.writes - before.writes;
    this.count(key, writes, failure);
    this.remember(key, written, failure);
    if (writes > 0) this.pace.took(keyText(key), clock.now());
    record.finish(writes, failure);
    clock.cause = before.cause;
  }

  /** @returns what went wrong, in the server's words; quiet failures are retried without a word. */
  private reconcile(key: ObjectKey): string | undefined {
    try {
      const retry = this.controller.reconcile(key, this.context);
      this.queue.forget(key);
      if (retry) this.queue.addAfter(key, retry.retryAfterMs);
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.queue.addRateLimited(key);
      return isQuiet(error) ? undefined : error.message;
    }
  }

  private count(key: ObjectKey, writes: number, failure: string | undefined): void {
    const { counters } = this;
    counters.reconciles++;
    counters.writes += writes;
    counters.lastKey = keyText(key);
    counters.lastAt = this.world.clock.now();
    if (failure !== undefined) counters.lastError = failure;
  }

  private remember(key: ObjectKey, written: WriteCounts, error: string | undefined): void {
    const text = keyText(key);
    const reason = this.reasons.get(text) ?? { type: "again" };
    this.reasons.delete(text);
    const summary = { at: this.world.clock.now(), key: text, reason, writes: written.list() };
    const run = error === undefined ? summary : { ...summary, error };
    this.counters.recent = [run, ...this.counters.recent.slice(0, recentRuns - 1)];
  }

  /**
   * The run is recorded when it first writes, so that the write and all that follows name it as their
   * cause, and completed when it ends. A run that neither writes nor fails leaves no record.
   */
  private recordAtFirstWrite(key: ObjectKey): {
    finish(writes: number, failure: string | undefined): void;
  } {
    const { clock, trace } = this.world;
    let id: number | undefined;
    const emit = (): void => {
      if (id !== undefined) return;
      const { name: controller } = this.controller;
      id = trace.emit({ type: "reconcile", controller, key: keyText(key), writes: 0 });
      clock.cause = id;
    };
    this.client.beforeWrite = emit;
    return {
      finish: (writes, failure) => {
        this.client.beforeWrite = undefined;
        if (failure !== undefined) emit();
        if (id === undefined) return;
        trace.amend(id, { writes, ...(failure === undefined ? {} : { error: failure }) });
      },
    };
  }
}

/** Runs of a controller that its status tells of. */
const recentRuns = 5;

function reasonOf<T extends KubeObject>({ old, now }: Change<T>): ReconcileReason {
  const { kind, metadata } = (now ?? old) as T;
  const type = old && now ? "changed" : now ? "added" : "deleted";
  return { type, kind, key: keyText(keyOf({ metadata })) };
}

/** Someone was faster, or the object is gone: the next run sees it. */
function isQuiet(error: ApiError): boolean {
  return hasReason(error, "Conflict") || hasReason(error, "NotFound");
}
