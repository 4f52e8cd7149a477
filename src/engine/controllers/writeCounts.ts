// What a run of a controller wrote, counted by verb and kind.
import type { WriteCount } from "../../api/clusterStatus.ts";
import type { Kind } from "../../api/kind.ts";
import type { Verb } from "../../api/traceEvent.ts";

export class WriteCounts {
  private readonly counts = new Map<string, WriteCount>();

  add(verb: Verb, { gvk: { kind } }: Kind): void {
    const name = `${verb} ${kind}`;
    const count = (this.counts.get(name)?.count ?? 0) + 1;
    this.counts.set(name, { verb, kind, count });
  }

  list(): readonly WriteCount[] {
    return [...this.counts.values()];
  }
}
