// One informer, shared by thousands of kubelets: each hears only of the objects that carry its name.
import type { KubeObject } from "../../api/object.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import type { Change, Lister } from "../localInformer.ts";

/** Objects of one kind by a name that they carry, e.g. Pods by spec.nodeName. */
export class ObjectIndex<T extends KubeObject> extends DisposableStore {
  private readonly byName = new Map<string, Map<string, T>>();
  private readonly listeners = new Map<string, (change: Change<T>) => void>();

  /** @param nameOf which name an object belongs to; undefined while it belongs to none */
  constructor(
    lister: Lister<T>,
    private readonly nameOf: (object: T) => string | undefined,
  ) {
    super();
    for (const object of lister.list()) this.take({ now: object });
    this.add(lister.onChange((change) => this.take(change)));
  }

  list(name: string): readonly T[] {
    return [...(this.byName.get(name)?.values() ?? [])];
  }

  get(name: string, uid: string): T | undefined {
    return this.byName.get(name)?.get(uid);
  }

  /** Calls `listener` for every change of objects of `name`. One listener a name. */
  listen(name: string, listener: (change: Change<T>) => void): Disposable {
    this.listeners.set(name, listener);
    return disposable(() => {
      if (this.listeners.get(name) === listener) this.listeners.delete(name);
    });
  }

  /** An object that was replaced by another of its name, or moved, is gone and new at once. */
  private take({ old, now }: Change<T>): void {
    const was = old && this.nameOf(old);
    const is = now && this.nameOf(now);
    const isSame = was === is && old?.metadata.uid === now?.metadata.uid;
    if (old && was !== undefined && !isSame) this.remove(was, old);
    if (!now || is === undefined) return;
    this.objectsOf(is).set(now.metadata.uid ?? "", now);
    this.listeners.get(is)?.(isSame && old ? { old, now } : { now });
  }

  private remove(name: string, object: T): void {
    const objects = this.byName.get(name);
    objects?.delete(object.metadata.uid ?? "");
    if (objects?.size === 0) this.byName.delete(name);
    this.listeners.get(name)?.({ old: object });
  }

  private objectsOf(name: string): Map<string, T> {
    const known = this.byName.get(name);
    if (known) return known;
    const made = new Map<string, T>();
    this.byName.set(name, made);
    return made;
  }
}
