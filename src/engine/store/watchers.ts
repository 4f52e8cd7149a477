// Who is told of changes. Most watch a folder: a change looks up those above its key, and no others.
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

type Groups = Map<string, Set<Watcher>>;

export class Watchers {
  /** By prefixes that are empty or end in a slash. */
  private readonly folders: Groups = new Map();
  private readonly others: Groups = new Map();

  add(prefix: string, watcher: Watcher): Disposable {
    const groups = prefix === "" || prefix.endsWith("/") ? this.folders : this.others;
    const group = groups.get(prefix) ?? new Set();
    groups.set(prefix, group.add(watcher));
    return disposable(() => {
      group.delete(watcher);
      if (group.size === 0 && groups.get(prefix) === group) groups.delete(prefix);
    });
  }

  tell(event: StoreEvent): void {
    const { key } = event;
    this.tellGroup(this.folders.get(""), event);
    for (let slash = key.indexOf("/"); slash >= 0; slash = key.indexOf("/", slash + 1))
      this.tellGroup(this.folders.get(key.slice(0, slash + 1)), event);
    for (const [prefix, group] of this.others)
      if (key.startsWith(prefix)) this.tellGroup(group, event);
  }

  /** Tells those who asked for it and heard nothing since the last time. */
  tellProgress(revision: Revision): void {
    for (const groups of [this.folders, this.others])
      for (const group of groups.values())
        for (const watcher of group) {
          if (!watcher.busy && revision >= watcher.from) watcher.progress?.(revision);
          watcher.busy = false;
        }
  }

  /** Who joins meanwhile begins after this event; who leaves hears no more. */
  private tellGroup(group: Set<Watcher> | undefined, event: StoreEvent): void {
    if (!group) return;
    for (const watcher of group) {
      if (event.revision <= watcher.from) continue;
      watcher.busy = true;
      watcher.sink(event);
    }
  }
}
