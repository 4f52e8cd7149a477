// Stands in for the tree until there is one, so that the view can be registered before the rest loads.
import { type Event, EventEmitter, type TreeDataProvider, type TreeItem } from "vscode";

export class LazyTree<T> implements TreeDataProvider<T> {
  private readonly changes = new EventEmitter<T | undefined>();
  readonly onDidChangeTreeData: Event<T | undefined> = this.changes.event;

  /** @param load the real tree; called when somebody looks */
  constructor(private readonly load: () => Promise<TreeDataProvider<T>>) {}

  /** Passes on what the real tree reports. */
  follow(tree: TreeDataProvider<T>): void {
    tree.onDidChangeTreeData?.((changed) => this.changes.fire(changed as T | undefined));
  }

  async getChildren(parent?: T): Promise<T[]> {
    return (await (await this.load()).getChildren(parent)) ?? [];
  }

  async getTreeItem(element: T): Promise<TreeItem> {
    return (await this.load()).getTreeItem(element);
  }

  async getParent(element: T): Promise<T | undefined> {
    return (await (await this.load()).getParent?.(element)) ?? undefined;
  }

  async resolveTreeItem(item: TreeItem, element: T): Promise<TreeItem> {
    const tree = await this.load();
    const none = { isCancellationRequested: false, onCancellationRequested: () => noListener };
    return (await tree.resolveTreeItem?.(item, element, none)) ?? item;
  }
}

const noListener = { dispose: () => undefined };
