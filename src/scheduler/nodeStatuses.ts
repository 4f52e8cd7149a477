// Why nodes were rejected: two columns instead of an object a node, since most attempts are made
// over many nodes and read by nobody. Source: framework.NodeToStatus, kubernetes v1.34
import type { Status, Verdict } from "./framework.ts";

export class NodeStatuses {
  private readonly nodes: string[] = [];
  private readonly plugins: (string | undefined)[] = [];
  private readonly verdicts: Verdict[] = [];
  private index: Map<string, number> | undefined;

  /** `absent` is what holds for the nodes that are not named. */
  constructor(public absent: Status = unresolvable) {}

  get size(): number {
    return this.nodes.length;
  }

  /** Adds a node's status; no node may be added twice. */
  add(node: string, plugin: string | undefined, verdict: Verdict): void {
    this.nodes.push(node);
    this.plugins.push(plugin);
    this.verdicts.push(verdict);
    this.index = undefined;
  }

  get(node: string): Status {
    return this.explicit(node) ?? this.absent;
  }

  /** The status of a node that is named; undefined for the others. */
  explicit(node: string): Status | undefined {
    this.index ??= new Map(this.nodes.map((name, at) => [name, at]));
    const at = this.index.get(node);
    return at === undefined ? undefined : this.at(at);
  }

  *[Symbol.iterator](): Generator<readonly [node: string, status: Status]> {
    for (let at = 0; at < this.nodes.length; at++) {
      const status = this.at(at);
      if (status) yield [this.nodes[at] ?? "", status];
    }
  }

  /** How many nodes have each reason, `nodes` being all there are. */
  reasonCounts(nodes: number): Map<string, number> {
    const byVerdict = new Map<Verdict, number>();
    for (const verdict of this.verdicts) byVerdict.set(verdict, (byVerdict.get(verdict) ?? 0) + 1);
    const unnamed = nodes - this.size;
    if (unnamed > 0) byVerdict.set(this.absent, (byVerdict.get(this.absent) ?? 0) + unnamed);
    const counts = new Map<string, number>();
    for (const [{ reasons }, count] of byVerdict)
      for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + count);
    return counts;
  }

  /** The plugins that rejected a node. */
  rejectingPlugins(): Set<string> {
    const names = new Set<string>();
    for (const plugin of this.plugins) if (plugin !== undefined) names.add(plugin);
    return names;
  }

  private at(at: number): Status | undefined {
    const verdict = this.verdicts[at];
    const plugin = this.plugins[at];
    if (!verdict) return undefined;
    return plugin === undefined ? verdict : { plugin, ...verdict };
  }
}

const unresolvable: Status = { code: "UnschedulableAndUnresolvable", reasons: [] };
