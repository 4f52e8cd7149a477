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

/** A way to look objects up by what they say, e.g. the Pods of a node. client-go's Indexer. */
export interface ObjectIndex<T extends KubeObject> {
  /** Names the index among those of its kind. */
  readonly name: string;
  values(object: T): readonly string[];
}

/** What a component may read and hear of one kind. */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  /** All objects, or those of one namespace; do not keep the array. */
  list(namespace?: string): readonly T[];
  /** The objects that have `value` in the index, which is made when it is first asked for. */
  by(index: ObjectIndex<T>, value: string): readonly T[];
  /** Fires after the cache took the change; existing objects come as additions. */
  readonly onChange: Event<Change<T>>;
}

export class LocalInformer<T extends KubeObject> extends DisposableStore implements Lister<T> {
  private readonly objects = new Map<string, T>();
  private readonly changes = new Emitter<Change<T>>();
  readonly onChange: Event<Change<T>> = this.changes.event;
  private readonly indexes = new Map<string, IndexTable<T>>();
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

  by(index: ObjectIndex<T>, value: string): readonly T[] {
    let table = this.indexes.get(index.name);
    if (!table) {
      table = new IndexTable(index);
      for (const object of this.objects.values()) table.put(object);
      this.indexes.set(index.name, table);
    }
    return table.find(value);
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
    for (const table of this.indexes.values()) table.put(now, old);
    this.changes.fire(old ? { old, now } : { now });
  }

  private remove(old: T): void {
    const known = this.objects.get(keyText(keyOf(old)));
    if (!known) return;
    this.objects.delete(keyText(keyOf(old)));
    this.sorted = undefined;
    for (const table of this.indexes.values()) table.remove(known);
    this.changes.fire({ old });
  }
}

/** One index of one informer: value → key → object. */
class IndexTable<T extends KubeObject> {
  private readonly rows = new Map<string, Map<string, T>>();

  constructor(private readonly index: ObjectIndex<T>) {}

  find(value: string): readonly T[] {
    const row = this.rows.get(value);
    return row ? [...row.values()] : [];
  }

  put(now: T, old?: T): void {
    const values = this.index.values(now);
    if (old) this.drop(old, values);
    const key = keyText(keyOf(now));
    for (const value of values) {
      const row = this.rows.get(value);
      if (row) row.set(key, now);
      else this.rows.set(value, new Map([[key, now]]));
    }
  }

  remove(old: T): void {
    this.drop(old, []);
  }

  private drop(old: T, kept: readonly string[]): void {
    const key = keyText(keyOf(old));
    for (const value of this.index.values(old)) {
      if (kept.includes(value)) continue;
      const row = this.rows.get(value);
      row?.delete(key);
      if (row?.size === 0) this.rows.delete(value);
    }
  }
}

/** Shares one informer per kind among the parts of a component, as SharedInformerFactory does. */
export class InformerFactory extends DisposableStore {
  private readonly informers = new Map<string, LocalInformer<KubeObject>>();

  constructor(private readonly source: ListerWatcher) {
    super();
  }

  /** The newest revision that any of the informers has seen. */
  get resourceVersion(): number {
    return Math.max(0, ...[...this.informers.values()].map((informer) => informer.resourceVersion));
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
