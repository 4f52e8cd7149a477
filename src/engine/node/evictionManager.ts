// Watches over what a machine has left, says so in its conditions, and evicts one Pod after the other
// until there is enough. Source: pkg/kubelet/eviction/eviction_manager.go, kubernetes v1.34.
import type { PressedResource } from "../../api/fault.ts";
import type { Pod } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Instant } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { evictionMonitorMs, evictionTransitionMs } from "../limits.ts";
import {
  evictionOrder,
  evictionVerdict,
  isCriticalPod,
  type PodUse,
  pressureConditions,
  type Signal,
} from "./eviction.ts";
import type { Verdict } from "./podStatus.ts";
import type { Troubles } from "./troubles.ts";

export interface EvictionWorld {
  readonly clock: Clock;
  readonly troubles: Troubles;
  /** What the machine would have left if only its Pods took of it, and when that is too little. */
  signal(resource: PressedResource): Signal;
  /** The Pods that run. */
  uses(resource: PressedResource): readonly PodUse[];
  /** Frees disk without ending a Pod. */
  removeUnusedImages(): void;
  evict(pod: Pod, verdict: Verdict): void;
  /** An event about the Node. */
  announce(type: "Warning", reason: string, message: string): void;
  /** The conditions are others than they were. */
  changed(): void;
}

const resources: readonly PressedResource[] = ["memory", "disk"];
/** Of the threshold: so much is left by whatever takes the rest. */
const leftByOthers = 0.6;

export class EvictionManager extends DisposableStore {
  /** When each resource was short last. */
  private readonly shortAt = new Map<PressedResource, Instant>();
  /** What is taken by something beside the Pods, in bytes. */
  private readonly takenByOthers = new Map<PressedResource, number>();

  constructor(private readonly world: EvictionWorld) {
    super();
    this.add(
      world.clock.every(evictionMonitorMs, "look for pressure", () => {
        this.synchronize();
      }),
    );
  }

  /** The conditions that are true: for a while after the last shortage, too. */
  conditions(): readonly string[] {
    return resources
      .filter((resource) => this.shortAt.has(resource))
      .map((resource) => pressureConditions[resource]);
  }

  /** At most one Pod goes at a time. */
  private synchronize(): void {
    const before = this.conditions().join();
    const short = resources.filter((resource) => this.isShort(resource));
    if (this.conditions().join() !== before) this.world.changed();
    const [resource] = short;
    if (resource) this.relieve(resource);
  }

  private isShort(resource: PressedResource): boolean {
    const { clock } = this.world;
    const { available, threshold } = this.signal(resource);
    if (available < threshold) {
      this.shortAt.set(resource, clock.now());
      return true;
    }
    const last = this.shortAt.get(resource);
    if (last !== undefined && clock.now() - last >= evictionTransitionMs)
      this.shortAt.delete(resource);
    return false;
  }

  private relieve(resource: PressedResource): void {
    const { world } = this;
    const name = resource === "disk" ? "ephemeral-storage" : resource;
    world.announce("Warning", "EvictionThresholdMet", `Attempting to reclaim ${name}`);
    if (resource === "disk") world.removeUnusedImages();
    const signal = this.signal(resource);
    if (signal.available >= signal.threshold) return;
    const order = evictionOrder(world.uses(resource), resource);
    const victim = order.find(({ pod }) => !isCriticalPod(pod));
    if (victim) world.evict(victim.pod, evictionVerdict(victim, resource, signal));
  }

  /** Something beside the Pods takes what is left once, and holds on to it. */
  private signal(resource: PressedResource): Signal {
    const { available, threshold } = this.world.signal(resource);
    if (!this.world.troubles.isPressed(resource)) this.takenByOthers.delete(resource);
    else if (!this.takenByOthers.has(resource))
      this.takenByOthers.set(resource, available - threshold * leftByOthers);
    return { available: available - (this.takenByOthers.get(resource) ?? 0), threshold };
  }
}
