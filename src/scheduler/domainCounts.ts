// Numbers by topology domain, for several topologies at once: how many matching Pods a zone or a
// host has, or how much it is liked.
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeMemo } from "./nodeMemory.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Topology } from "./topology.ts";

interface Column {
  readonly topology: Topology;
  readonly counts: Float64Array;
}

export class DomainCounts {
  private columns: Column[] = [];
  private touched = false;

  constructor(private readonly snapshot: Pick<Snapshot, "nodes" | "topology">) {}

  /** True if nothing was ever added, not even something that cancelled out. */
  get isEmpty(): boolean {
    return !this.touched;
  }

  /** True if every domain's number is 0. */
  get isZero(): boolean {
    return this.columns.every(({ counts }) => counts.every((count) => count === 0));
  }

  /** Adds to the node's domain; nodes without the label have none. */
  add(topologyKey: string, node: NodeInfo, amount: number): void {
    const { topology, counts } = this.column(topologyKey);
    const domain = topology.domainOf[node.slot] ?? -1;
    if (domain < 0) return;
    counts[domain] = (counts[domain] ?? 0) + amount;
    this.touched = true;
  }

  /** Adds what was counted of each node's Pods, times a factor. */
  addAll(topologyKey: string, counted: NodeMemo<number>, factor = 1): void {
    const { topology, counts } = this.column(topologyKey);
    const { domainOf } = topology;
    for (const node of this.snapshot.nodes) {
      if (node.pods.length === 0) continue;
      const domain = domainOf[node.slot] as number;
      const amount = counted.of(node);
      if (amount === 0 || domain < 0) continue;
      counts[domain] = (counts[domain] as number) + amount * factor;
      this.touched = true;
    }
  }

  /** The number of the node's domain; 0 if it has none. */
  at(topologyKey: string, node: NodeInfo): number {
    const column = this.known(topologyKey);
    return column ? valueAt(column, node) : 0;
  }

  /** True if any of the node's domains has a number above 0. */
  hasAny(node: NodeInfo): boolean {
    for (const column of this.columns) if (valueAt(column, node) > 0) return true;
    return false;
  }

  /** The sum over the node's domains. */
  total(node: NodeInfo): number {
    let sum = 0;
    for (const column of this.columns) sum += valueAt(column, node);
    return sum;
  }

  clone(): DomainCounts {
    const copy = new DomainCounts(this.snapshot);
    copy.columns = this.columns.map(({ topology, counts }) => ({
      topology,
      counts: counts.slice(),
    }));
    copy.touched = this.touched;
    return copy;
  }

  private column(topologyKey: string): Column {
    let column = this.known(topologyKey);
    if (!column) {
      const topology = this.snapshot.topology(topologyKey);
      column = { topology, counts: new Float64Array(topology.domains) };
      this.columns.push(column);
    }
    return column;
  }

  /** There are few: looking through them is quicker than a map. */
  private known(topologyKey: string): Column | undefined {
    for (const column of this.columns) if (column.topology.key === topologyKey) return column;
    return undefined;
  }
}

function valueAt({ topology, counts }: Column, { slot }: NodeInfo): number {
  const domain = topology.domainOf[slot] ?? -1;
  return domain < 0 ? 0 : (counts[domain] ?? 0);
}
