// Matching Pods by topology domain, and the domain that has the fewest.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/podtopologyspread/filtering.go
import type { NodeInfo } from "./nodeInfo.ts";
import type { Topology } from "./topology.ts";

interface Path {
  readonly domain: number;
  readonly count: number;
}

const noPath: Path = { domain: -1, count: 2 ** 31 - 1 };

/**
 * Two of the emptiest domains are remembered, not all: enough as long as Pods are added to and
 * removed from one node in thought, and what the original does.
 */
export class SpreadDomains {
  private first = noPath;
  private second = noPath;
  private counts: Float64Array;
  private present: Uint8Array;
  private eligible = 0;

  constructor(private readonly topology: Topology) {
    this.counts = new Float64Array(topology.domains);
    this.present = new Uint8Array(topology.domains);
  }

  /** How many domains have an eligible node. */
  get size(): number {
    return this.eligible;
  }

  /** The smallest number of matching Pods in any domain. */
  get fewest(): number {
    return this.first.count;
  }

  /** Whether the node has the label. */
  has({ slot }: NodeInfo): boolean {
    return (this.topology.domainOf[slot] ?? -1) >= 0;
  }

  /** Matching Pods in the node's domain; 0 if no eligible node has it. */
  at({ slot }: NodeInfo): number {
    const domain = this.topology.domainOf[slot] ?? -1;
    return domain < 0 ? 0 : (this.counts[domain] ?? 0);
  }

  /** Counts the Pods of an eligible node. */
  add(node: NodeInfo, pods: number): void {
    const domain = this.include(node);
    if (domain >= 0) this.counts[domain] = (this.counts[domain] ?? 0) + pods;
  }

  /** Finds the emptiest domains, after all nodes were added. */
  findCriticalPaths(): void {
    this.counts.forEach((count, domain) => {
      if (this.present[domain] === 1) this.updatePaths(domain, count);
    });
  }

  /** Counts a Pod more or less. */
  change(node: NodeInfo, change: 1 | -1): void {
    const domain = this.include(node);
    if (domain < 0) return;
    const count = (this.counts[domain] ?? 0) + change;
    this.counts[domain] = count;
    this.updatePaths(domain, count);
  }

  clone(): SpreadDomains {
    const copy = new SpreadDomains(this.topology);
    copy.first = this.first;
    copy.second = this.second;
    copy.counts = this.counts.slice();
    copy.present = this.present.slice();
    copy.eligible = this.eligible;
    return copy;
  }

  private include({ slot }: NodeInfo): number {
    const domain = this.topology.domainOf[slot] ?? -1;
    if (domain >= 0 && this.present[domain] === 0) {
      this.present[domain] = 1;
      this.eligible++;
    }
    return domain;
  }

  private updatePaths(domain: number, count: number): void {
    const path = { domain, count };
    if (domain === this.first.domain) this.first = path;
    else if (domain === this.second.domain) this.second = path;
    else if (count < this.first.count) {
      this.second = this.first;
      this.first = path;
    } else if (count < this.second.count) this.second = path;
    if (this.first.count > this.second.count) [this.first, this.second] = [this.second, this.first];
  }
}
