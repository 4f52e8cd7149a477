// What this window has read of etcd's keys: only what somebody opened in the tree, read again while it
// changes, and forgotten when it is closed.
import type { EtcdFolder, EtcdKey, EtcdRevision } from "../api/etcdKeys.ts";
import { DisposableStore } from "../base/disposable.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import { type Millis, second } from "../base/time.ts";
import type { Simulator } from "../client/cluster.ts";
import { type EtcdFacts, foldersOf } from "./etcdElements.ts";
import type { TreeElement } from "./treeElements.ts";

const pageSize = 100;
const refreshMs: Millis = 2 * second;

interface LoadedKeys {
  readonly keys: readonly EtcdKey[];
  readonly count: number;
}

export class LiveEtcd extends DisposableStore implements EtcdFacts {
  private folderList: readonly EtcdFolder[] | undefined;
  private readonly loadedKeys = new Map<string, LoadedKeys>();
  private readonly histories = new Map<string, readonly EtcdRevision[]>();
  private readonly changes = this.add(new Emitter<void>());
  private revision = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly onChange: Event<void> = this.changes.event;

  constructor(private readonly simulator: Simulator) {
    super();
    this.add(simulator.onStatus(({ etcd }) => this.notice(etcd.revision)));
    this.add({ dispose: () => clearTimeout(this.timer) });
  }

  get folders(): readonly EtcdFolder[] | undefined {
    return this.folderList;
  }

  keys(prefix: string): LoadedKeys | undefined {
    return this.loadedKeys.get(prefix);
  }

  history(key: string): readonly EtcdRevision[] | undefined {
    return this.histories.get(key);
  }

  /** Reads what the element's children are made of, unless that is known. */
  async load(element: TreeElement): Promise<void> {
    if (element.type === "etcdGroup") await this.loadGroup(element.group);
    else if (element.type === "etcdFolder") await this.loadKeys(element.prefix);
    else if (element.type === "etcdKey" && !this.histories.has(element.key))
      await this.readHistory(element.key);
    else if (element.type === "component" && element.component === "etcd" && !this.folderList)
      await this.readFolders();
  }

  /** The next keys of a folder. */
  async more(prefix: string): Promise<void> {
    await this.readKeys(prefix, (this.loadedKeys.get(prefix)?.keys.length ?? 0) + pageSize);
    this.changes.fire();
  }

  /** Nobody looks at the element's children any more. */
  forget(element: TreeElement): void {
    if (element.type === "component") this.folderList = undefined;
    else if (element.type === "etcdKey") this.histories.delete(element.key);
    else if (element.type === "etcdFolder") this.loadedKeys.delete(element.prefix);
    else if (element.type === "etcdGroup")
      for (const { prefix } of foldersOf(element.group, this) ?? []) this.loadedKeys.delete(prefix);
  }

  private async loadGroup(group: Parameters<typeof foldersOf>[0]): Promise<void> {
    if (!this.folderList) await this.readFolders();
    const found = foldersOf(group, this) ?? [];
    if (group !== "rest" && found.length === 1) await this.loadKeys(found[0]?.prefix ?? "");
  }

  private async loadKeys(prefix: string): Promise<void> {
    if (!this.loadedKeys.has(prefix)) await this.readKeys(prefix, pageSize);
  }

  private async readFolders(): Promise<void> {
    this.folderList = await this.simulator.etcd.folders();
  }

  private async readKeys(prefix: string, wanted: number): Promise<void> {
    const keys: EtcdKey[] = [];
    let count = 0;
    do {
      const last = keys.at(-1)?.key;
      const after = last === undefined ? {} : { after: last };
      const limit = Math.min(pageSize, wanted - keys.length);
      const page = await this.simulator.etcd.keys({ prefix, limit, ...after });
      count = keys.length + page.count;
      keys.push(...page.keys);
    } while (keys.length < Math.min(wanted, count));
    this.loadedKeys.set(prefix, { keys, count });
  }

  private async readHistory(key: string): Promise<void> {
    this.histories.set(key, await this.simulator.etcd.history(key));
  }

  private notice(revision: number): void {
    if (revision === this.revision) return;
    this.revision = revision;
    const isRead = this.folderList || this.loadedKeys.size + this.histories.size > 0;
    if (isRead) this.timer ??= setTimeout(() => void this.refresh(), refreshMs);
  }

  private async refresh(): Promise<void> {
    try {
      if (this.folderList) await this.readFolders();
      for (const [prefix, { keys }] of [...this.loadedKeys])
        await this.readKeys(prefix, Math.max(pageSize, keys.length));
      for (const key of [...this.histories.keys()]) await this.readHistory(key);
      if (!this.isDisposed) this.changes.fire();
    } catch {
      // The cluster is gone; whoever shows it is told of that by itself.
    } finally {
      this.timer = undefined;
    }
  }
}
