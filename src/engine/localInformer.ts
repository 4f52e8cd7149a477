// A component's own copy of the objects of one kind, fed by list and watch as client-go's informers
// are: it lags the store by the time that a watch event takes.
import type { Kind } from "../api/kind.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "../api/object.ts";
import type { WatchEvent } from "../api/request.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { Emitter, type Event } from "../base/emitter.ts";

/** How an informer gets its objects; kube-apiserver's watch cache in the engine. */
export interface ListerWatcher {
  /** The objects now, and every change after, each as a clock task `watchLatencyMs` after the write. */
  listAndWatch<T extends KubeObject>(
    kind: Kind<T>,
    listed: (objects: readonly T[], resourceVersion: string) => void,
    changed: (event: WatchEvent<T>) => void,
  ): Disposable;
}

/** An object as it was and as it is: added without `old`, deleted without `now`. */
export interface Change<T> {
  readonly old?: T;
  readonly now?: T;
}

/** What a component may read and hear of one kind. */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of one namespace; do not keep the array. */
  list(namespace?: string): readonly T[];
  /** Fires after the cache took the change; existing objects come as additions. */
  readonly onChange: Event<Change<T>>;
}

export class LocalInformer<T extends KubeObject> extends DisposableStore implements Lister<T> {
  private readonly objects = new Map<string, T>();
  private readonly changes = new Emitter<Change<T>>();
  readonly onChange: Event<Change<T>> = this.changes.event;
  private sorted: readonly T[] | undefined;
  /** The newest revision seen. */
  resourceVersion = 0;

  constructor(kind: Kind<T>, source: ListerWatcher) {
    super();
    this.add(
      source.listAndWatch(
        kind,
        (objects, resourceVersion) => this.replace(objects, resourceVersion),
        (event) => this.take(event),
      ),
    );
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  list(namespace?: string): readonly T[] {
    this.sorted ??= [...this.objects.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
    if (namespace === undefined) return this.sorted;
    return this.sorted.filter((object) => object.metadata.namespace === namespace);
  }

  private replace(objects: readonly T[], resourceVersion: string): void {
    this.resourceVersion = Number(resourceVersion);
    const gone = new Map(this.objects);
    for (const object of objects) {
      gone.delete(keyText(keyOf(object)));
      this.put(object);
    }
    for (const object of gone.values()) this.remove(object);
  }

  private take(event: WatchEvent<T>): void {
    if (event.type === "BOOKMARK") return;
    this.resourceVersion = Number(event.object.metadata.resourceVersion);
    if (event.type === "DELETED") this.remove(event.object);
    else this.put(event.object);
  }

  private put(now: T): void {
    const key = keyText(keyOf(now));
    const old = this.objects.get(key);
    if (old?.metadata.resourceVersion === now.metadata.resourceVersion) return;
    this.objects.set(key, now);
    this.sorted = undefined;
    this.changes.fire(old ? { old, now } : { now });
  }

  private remove(old: T): void {
    if (!this.objects.delete(keyText(keyOf(old)))) return;
    this.sorted = undefined;
    this.changes.fire({ old });
  }
}

/** Shares one informer per kind among the parts of a component, as SharedInformerFactory does. */
export class InformerFactory extends DisposableStore {
  private readonly informers = new Map<string, LocalInformer<KubeObject>>();

  constructor(private readonly source: ListerWatcher) {
    super();
  }

  informer<T extends KubeObject>(kind: Kind<T>): LocalInformer<T> {
    const name = `${kind.apiVersion}/${kind.plural}`;
    const known = this.informers.get(name);
    if (known) return known as unknown as LocalInformer<T>;
    const made = this.add(new LocalInformer(kind, this.source));
    this.informers.set(name, made as unknown as LocalInformer<KubeObject>);
    return made;
  }
}
