// Who is told of changes. Watchers of the same prefix are asked once whether a change concerns them.
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Revision, StoreEvent } from "./entry.ts";

export interface Watcher {
  readonly sink: (event: StoreEvent) => void;
  /** Changes up to here are not for this watcher. */
  readonly from: Revision;
  /** Is told, while nothing happens, that nothing up to a revision was missed. */
  readonly progress?: ((revision: Revision) => void) | undefined;
  /** True once an event came since the last progress. */
  busy: boolean;
}

export class Watchers {
  private readonly byPrefix = new Map<string, Set<Watcher>>();

  add(prefix: string, watcher: Watcher): Disposable {
    const group = this.byPrefix.get(prefix) ?? new Set();
    this.byPrefix.set(prefix, group.add(watcher));
    return disposable(() => {
      group.delete(watcher);
      if (group.size === 0 && this.byPrefix.get(prefix) === group) this.byPrefix.delete(prefix);
    });
  }

  tell(event: StoreEvent): void {
    for (const [prefix, group] of [...this.byPrefix]) {
      if (!event.key.startsWith(prefix)) continue;
      for (const watcher of [...group]) {
        if (event.revision <= watcher.from || !group.has(watcher)) continue;
        watcher.busy = true;
        watcher.sink(event);
      }
    }
  }

  /** Tells those who asked for it and heard nothing since the last time. */
  tellProgress(revision: Revision): void {
    for (const group of [...this.byPrefix.values()])
      for (const watcher of [...group]) {
        if (!watcher.busy && revision >= watcher.from) watcher.progress?.(revision);
        watcher.busy = false;
      }
  }
}
