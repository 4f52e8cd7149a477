// The tree Cluster: feeds VS Code with rows as the facts change, a few times a second at most, and only
// with those rows that look different from what is on the screen.
import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import { Lease, nodeLeaseNamespace } from "../api/kinds/lease.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { ClusterFacts, FactsChange } from "./clusterFacts.ts";
import type { LiveCluster } from "./liveCluster.ts";
import { tooltipOf } from "./tooltips.ts";
import { childrenOf, nodeId, rootsOf, type TreeElement } from "./treeElements.ts";
import { rowOf } from "./treeItems.ts";
import type { TreeRow } from "./treeRow.ts";

const refreshIntervalMs = 200;

/** What is on the screen of one element. */
interface Shown {
  readonly element: TreeElement;
  row: TreeRow | undefined;
  /** Ids, once they were asked for. */
  children: readonly string[] | undefined;
}

export class ExplorerTree implements TreeDataProvider<TreeElement>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly refreshes = this.owned.add(new EventEmitter<TreeElement | undefined>());
  readonly onDidChangeTreeData = this.refreshes.event;

  private live: LiveCluster | undefined;
  private listening: Disposable | undefined;
  private readonly shown = new Map<string, Shown>();
  private rootIds = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows the cluster; nothing, and with it the welcome view, if there is none. */
  show(live: LiveCluster | undefined): void {
    this.listening?.dispose();
    this.shown.clear();
    this.live = live;
    this.listening = live?.facts.onChange((change) => this.schedule(change));
    this.refreshes.fire(undefined);
  }

  async getChildren(parent?: TreeElement): Promise<TreeElement[]> {
    if (parent) await this.loadKeys(parent);
    const facts = this.live?.facts;
    if (!facts) return [];
    const children = visible(parent ? childrenOf(parent, facts) : rootsOf(facts), facts).map(
      (child) => this.intern(child),
    );
    const ids = children.map(({ id }) => id);
    const known = parent && this.shown.get(parent.id);
    if (known) known.children = ids;
    else this.rootIds = ids.join();
    return children;
  }

  /** The element's children are not looked at any more. */
  collapsed(element: TreeElement): void {
    this.live?.facts.etcd?.forget(element);
  }

  getParent({ parent }: TreeElement): TreeElement | undefined {
    return parent && this.intern(parent);
  }

  getTreeItem(element: TreeElement): TreeItem {
    const facts = this.live?.facts;
    const row = facts && rowOf(element, facts);
    const known = this.shown.get(element.id);
    if (known) known.row = row;
    return row ? itemOf(element, row) : new TreeItem("");
  }

  async resolveTreeItem(item: TreeItem, element: TreeElement): Promise<TreeItem> {
    const facts = this.live?.facts;
    if (!facts) return item;
    const text = tooltipOf(element, facts, await this.leaseFor(element));
    if (text !== undefined) item.tooltip = new MarkdownString(text);
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening?.dispose();
    this.owned.dispose();
  }

  /** What etcd holds is read when somebody looks. */
  private async loadKeys(parent: TreeElement): Promise<void> {
    try {
      await this.live?.facts.etcd?.load(parent);
    } catch {
      // The cluster has just gone: the tree shows the next one, or none.
    }
  }

  /** The same object for the same id, as VS Code wants it. */
  private intern(element: TreeElement): TreeElement {
    const known = this.shown.get(element.id);
    if (known && isSamePlace(known.element, element)) return known.element;
    this.shown.set(element.id, { element, row: undefined, children: undefined });
    return element;
  }

  private readonly dirty = new Set<string>();

  private schedule(change: FactsChange): void {
    for (const id of touchedIds(change, this.shown)) this.dirty.add(id);
    this.timer ??= setTimeout(() => this.flush(), refreshIntervalMs);
  }

  private flush(): void {
    this.timer = undefined;
    const facts = this.live?.facts;
    if (!facts) return;
    if (
      this.rootIds !==
      rootsOf(facts)
        .map(({ id }) => id)
        .join()
    ) {
      this.dirty.clear();
      this.refreshes.fire(undefined);
      return;
    }
    const changed = [...this.dirty].flatMap((id) => {
      const one = this.shown.get(id);
      return one && looksDifferent(one, facts) ? [one.element] : [];
    });
    for (const id of this.dirty) {
      const one = this.shown.get(id);
      if (one && !rowOf(one.element, facts)) this.shown.delete(id);
    }
    this.dirty.clear();
    for (const element of changed) this.refreshes.fire(element);
  }

  /** A heartbeat is read when somebody looks; watching all of them would cost more than it tells. */
  private async leaseFor(element: TreeElement) {
    const isKubelet = element.type === "nodePart" && element.part === "kubelet";
    const name = isKubelet ? element.node : element.type === "node" ? element.name : undefined;
    if (name === undefined) return undefined;
    try {
      return await this.live?.cluster.client.get(Lease, { namespace: nodeLeaseNamespace, name });
    } catch {
      // The node is too new to have one, or the cluster has just gone: the hover does without.
      return undefined;
    }
  }
}

/** Without those whose object has gone in this very moment. */
function visible(elements: readonly TreeElement[], facts: ClusterFacts): readonly TreeElement[] {
  return elements.filter((element) => rowOf(element, facts));
}

function isSamePlace(a: TreeElement, b: TreeElement): boolean {
  const hasMembers = b.type === "page" || b.type === "zone";
  return a.parent?.id === b.parent?.id && !hasMembers;
}

/** The elements on the screen that a change may concern. */
function* touchedIds(change: FactsChange, shown: ReadonlyMap<string, Shown>): Iterable<string> {
  const nodes = new Set([...change.nodes, ...change.podsOn]);
  const pods = new Set(change.pods.map(({ namespace, name }) => `${namespace}/${name}`));
  for (const name of nodes) {
    yield nodeId(name);
    for (const part of ["kubelet", "containerRuntime", "kubeProxy", "pods"])
      yield `${nodeId(name)}/${part}`;
  }
  if (change.podsOn.has("")) yield "unscheduled";
  if (change.nodes.size > 0) yield* ["controlPlane", "workers"];
  for (const [id, { element }] of shown) {
    if (isTouched(element, pods, nodes, change)) yield id;
  }
}

function isTouched(
  element: TreeElement,
  pods: ReadonlySet<string>,
  nodes: ReadonlySet<string>,
  change: FactsChange,
): boolean {
  switch (element.type) {
    case "pod":
    case "container":
      return pods.has(`${element.key.namespace}/${element.key.name}`);
    case "component":
    case "controller":
    case "reconcile":
    case "queued":
    case "etcdMember":
      return change.status;
    case "etcdGroup":
    case "etcdFolder":
    case "etcdKey":
    case "etcdRevision":
    case "etcdMore":
      return change.etcd;
    case "node":
    case "nodePart":
      return change.status;
    case "zone":
      return element.members.some((name) => nodes.has(name));
    case "group":
      // Machines come up before the API knows of them.
      return change.status;
    case "nodePods":
    case "page":
      return false;
  }
}

function looksDifferent({ element, row, children }: Shown, facts: ClusterFacts): boolean {
  const now = rowOf(element, facts);
  if (!now) return false;
  if (JSON.stringify(now) !== JSON.stringify(row)) return true;
  if (!children) return false;
  const ids = visible(childrenOf(element, facts), facts).map(({ id }) => id);
  return ids.join() !== children.join();
}

const collapsibleStates = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};

function itemOf(element: TreeElement, row: TreeRow): TreeItem {
  const item = new TreeItem(row.label, collapsibleStates[row.collapsible]);
  const { color } = row.icon;
  item.id = element.id;
  item.iconPath = new ThemeIcon(
    row.icon.id,
    color === undefined ? undefined : new ThemeColor(color),
  );
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.accessibleLabel };
  if (row.description !== undefined) item.description = row.description;
  if (row.onClick !== undefined)
    item.command = { command: row.onClick, title: row.label, arguments: [element] };
  return item;
}
