// Topology domains as numbers: which of the values of a label, e.g. a zone, each node has.
import type { NodeInfo } from "./nodeInfo.ts";

export interface Topology {
  readonly key: string;
  /** By node slot: the domain's number, or -1 if the node lacks the label. */
  readonly domainOf: Int32Array;
  readonly domains: number;
}

/** The topologies of one set of nodes; each is worked out when it is first asked for. */
export class Topologies {
  private readonly byKey = new Map<string, Topology>();

  constructor(
    private readonly nodes: readonly NodeInfo[],
    private readonly slots: number,
  ) {}

  of(key: string): Topology {
    let topology = this.byKey.get(key);
    if (!topology) {
      topology = this.number(key);
      this.byKey.set(key, topology);
    }
    return topology;
  }

  private number(key: string): Topology {
    const domainOf = new Int32Array(this.slots).fill(-1);
    const numbers = new Map<string, number>();
    for (const { slot, labels } of this.nodes) {
      const value = labels[key];
      if (value === undefined) continue;
      let domain = numbers.get(value);
      if (domain === undefined) {
        domain = numbers.size;
        numbers.set(value, domain);
      }
      domainOf[slot] = domain;
    }
    return { key, domainOf, domains: numbers.size };
  }
}
