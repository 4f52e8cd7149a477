// Zones: when many nodes of one go silent at once, the fault is rather the network's or our own than
// theirs, and Pods are evicted slowly or not at all.
// Source: pkg/controller/nodelifecycle ComputeZoneState, handleDisruption, kubernetes v1.34.
import type { Node } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import {
  largeZoneNodes,
  nodeEvictionPerSecond,
  secondaryNodeEvictionPerSecond,
  unhealthyZoneShare,
} from "../../limits.ts";
import { TokenBucket } from "../../tokenBucket.ts";

export type ZoneState = "Initial" | "Normal" | "PartialDisruption" | "FullDisruption";

const excludedLabel = "node.kubernetes.io/exclude-disruption";

/** Region and zone of a node as one text, "" if it names neither. */
export function zoneOf({ metadata: { labels = {} } }: Node): string {
  const region = labels["topology.kubernetes.io/region"] ?? "";
  const zone = labels["topology.kubernetes.io/zone"] ?? "";
  return region === "" && zone === "" ? "" : `${region}:${zone}`;
}

/** Whether the node's readiness counts for its zone. */
export function countsForDisruption({ metadata }: Node): boolean {
  return metadata.labels?.[excludedLabel] === undefined;
}

export function zoneStateOf(ready: readonly boolean[]): ZoneState {
  const unready = ready.filter((isReady) => !isReady).length;
  if (unready > 0 && unready === ready.length) return "FullDisruption";
  if (unready > 2 && unready / ready.length >= unhealthyZoneShare) return "PartialDisruption";
  return "Normal";
}

/** Nodes that may be tainted NoExecute per second. */
export function evictionRate(state: ZoneState, nodes: number): number {
  if (state !== "PartialDisruption") return nodeEvictionPerSecond;
  return nodes > largeZoneNodes ? secondaryNodeEvictionPerSecond : 0;
}

/** One zone: its state, and the silent nodes that wait for their NoExecute taint. */
export class Zone {
  state: ZoneState = "Initial";
  private limiter = new TokenBucket(nodeEvictionPerSecond, 1);
  private readonly waiting: string[] = [];
  /** All that came since they were last removed: one that was tried doesn't come again. */
  private readonly known = new Set<string>();

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Puts a node at the end, unless it came before. */
  add(node: string): void {
    if (this.known.has(node)) return;
    this.known.add(node);
    this.waiting.push(node);
  }

  /** The node is well again, or gone. */
  remove(node: string): void {
    this.known.delete(node);
    const at = this.waiting.indexOf(node);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  /** Tries the waiting nodes in turn as fast as the rate allows; one that fails is tried again. */
  tryWaiting(now: Instant, act: (node: string) => boolean): void {
    for (let node = this.waiting[0]; node !== undefined; node = this.waiting[0]) {
      if (!this.limiter.tryAccept(now) || !act(node)) return;
      this.waiting.shift();
    }
  }

  /** @param perSecond 0 stops all evictions */
  setRate(perSecond: number, now: Instant): void {
    if (this.limiter.perSecond === perSecond) return;
    const next = new TokenBucket(perSecond, 1);
    // Who has to wait now shall not gain from the change.
    if (!this.limiter.tryAccept(now)) next.tryAccept(now);
    this.limiter = next;
  }
}
