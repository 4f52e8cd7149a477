// The order in which nodes are looked at: zones take turns, so that a search which stops early has
// seen all zones. Source: kubernetes v1.34 pkg/scheduler/backend/cache/node_tree.go
import type { Labels } from "../api/selector.ts";

export class NodeTree {
  private readonly zones = new Map<string, string[]>();
  private readonly zoneOf = new Map<string, string>();

  /** Adds the node, or moves it if its zone has changed. @returns whether the order may differ */
  put(name: string, labels: Labels): boolean {
    const zone = zoneKey(labels);
    if (this.zoneOf.get(name) === zone) return false;
    this.remove(name);
    this.zoneOf.set(name, zone);
    const members = this.zones.get(zone);
    if (members) members.push(name);
    else this.zones.set(zone, [name]);
    return true;
  }

  remove(name: string): void {
    const zone = this.zoneOf.get(name);
    if (zone === undefined) return;
    this.zoneOf.delete(name);
    const rest = (this.zones.get(zone) ?? []).filter((member) => member !== name);
    if (rest.length === 0) this.zones.delete(zone);
    else this.zones.set(zone, rest);
  }

  /** The first node of each zone, then the second of each, and so on. */
  list(): string[] {
    const names: string[] = [];
    const zones = [...this.zones.values()];
    for (let turn = 0; names.length < this.zoneOf.size; turn++)
      for (const members of zones) {
        const name = members[turn];
        if (name !== undefined) names.push(name);
      }
    return names;
  }
}

/** Source: component-helpers node/topology.GetZoneKey. */
function zoneKey(labels: Labels): string {
  const zone =
    labels["failure-domain.beta.kubernetes.io/zone"] ?? labels["topology.kubernetes.io/zone"];
  const region =
    labels["failure-domain.beta.kubernetes.io/region"] ?? labels["topology.kubernetes.io/region"];
  return zone || region ? `${region ?? ""}:\0:${zone ?? ""}` : "";
}
