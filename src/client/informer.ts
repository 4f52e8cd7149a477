// A client's live copy of the objects of one kind: list, then watch, and list again when the server
// no longer keeps the revision. The pattern of client-go's Reflector, tools/cache, kubernetes v1.34.
import type { Kind } from "../api/kind.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "../api/object.ts";
import type { WatchEvent } from "../api/request.ts";
import { ApiError } from "../api/status.ts";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import { type Millis, second } from "../base/time.ts";
import type { ListQuery, ResourceClient } from "./resourceClient.ts";
import { wait } from "./wait.ts";

/** An object as it was and as it is: added without `old`, deleted without `now`. */
export interface Change<T extends KubeObject> {
  readonly old?: T;
  readonly now?: T;
}

export interface InformerOptions {
  /** Which objects; all of the kind if absent. */
  readonly query?: Pick<ListQuery, "namespace" | "labelSelector" | "fieldSelector">;
  /** Sleeps between two tries on the wall clock; resolves early when aborted. */
  readonly sleep?: (span: Millis, signal: AbortSignal) => Promise<void>;
}

const shortestRetryMs = second;
const longestRetryMs = 30 * second;
const goneCode = 410;

export class Informer<T extends KubeObject> implements Disposable {
  private readonly objects = new Map<string, T>();
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new Emitter<readonly Change<T>[]>());
  private readonly failures = this.owned.add(new Emitter<unknown>());
  private readonly aborter = new AbortController();
  private readonly sleep: (span: Millis, signal: AbortSignal) => Promise<void>;
  private resourceVersion: string | undefined;
  private retryMs = shortestRetryMs;
  private isSynced = false;

  /** One batch per list or per batch of the watch; the cache has taken it before this fires. */
  readonly onChange: Event<readonly Change<T>[]> = this.changes.event;
  /** A list or watch failed and is tried again. */
  readonly onFailure: Event<unknown> = this.failures.event;

  constructor(
    private readonly client: ResourceClient,
    private readonly kind: Kind<T>,
    private readonly options: InformerOptions = {},
  ) {
    this.sleep = options.sleep ?? wait;
    this.owned.add(disposable(() => this.aborter.abort()));
    void this.run();
  }

  /** True once the first list has arrived. */
  get synced(): boolean {
    return this.isSynced;
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  /** In no particular order. */
  values(): IterableIterator<T> {
    return this.objects.values();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    while (!signal.aborted) {
      try {
        await this.listAndWatch(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.fail(error);
      }
      await this.sleep(this.retryMs, signal);
      this.retryMs = Math.min(2 * this.retryMs, longestRetryMs);
    }
  }

  /** Ends when the server ends the watch; the next one goes on from where this one stood. */
  private async listAndWatch(signal: AbortSignal): Promise<void> {
    this.resourceVersion ??= await this.list(signal);
    const query = { ...this.options.query, resourceVersion: this.resourceVersion };
    for await (const batch of this.client.watch(this.kind, query, signal)) {
      if (signal.aborted) return;
      this.retryMs = shortestRetryMs;
      this.take(batch);
    }
  }

  private fail(error: unknown): void {
    const isGone = error instanceof ApiError && error.code === goneCode;
    if (isGone) this.resourceVersion = undefined;
    else this.failures.fire(error);
  }

  private async list(signal: AbortSignal): Promise<string> {
    const { items, metadata } = await this.client.list(this.kind, this.options.query);
    if (!signal.aborted) this.replace(items);
    return metadata.resourceVersion;
  }

  private replace(items: readonly T[]): void {
    const gone = new Set(this.objects.keys());
    const changes: Change<T>[] = [];
    for (const object of items) {
      gone.delete(keyText(keyOf(object)));
      this.put(object, changes);
    }
    for (const key of gone) this.remove(key, changes);
    this.isSynced = true;
    this.changes.fire(changes);
  }

  private take(batch: readonly WatchEvent<T>[]): void {
    const changes: Change<T>[] = [];
    for (const event of batch) {
      this.resourceVersion = event.object.metadata.resourceVersion ?? this.resourceVersion;
      if (event.type === "BOOKMARK") continue;
      if (event.type === "DELETED") this.remove(keyText(keyOf(event.object)), changes);
      else this.put(event.object, changes);
    }
    if (changes.length > 0) this.changes.fire(changes);
  }

  private put(now: T, changes: Change<T>[]): void {
    const key = keyText(keyOf(now));
    const old = this.objects.get(key);
    if (old && old.metadata.resourceVersion === now.metadata.resourceVersion) return;
    this.objects.set(key, now);
    changes.push(old ? { old, now } : { now });
  }

  private remove(key: string, changes: Change<T>[]): void {
    const old = this.objects.get(key);
    if (old && this.objects.delete(key)) changes.push({ old });
  }
}
