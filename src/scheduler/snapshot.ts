// The cluster as one scheduling cycle sees it: an immutable value, made by a SchedulerCache.
// Source: kubernetes v1.34 pkg/scheduler/backend/cache/snapshot.go
import type { ClusterObjects } from "./clusterObjects.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeMemory } from "./nodeMemory.ts";
import type { PodInfo } from "./podInfo.ts";
import type { Topologies, Topology } from "./topology.ts";

/** How widely an image is spread. */
export interface ImageState {
  /** As the first node that had it reported. */
  readonly sizeBytes: number;
  readonly nodes: number;
}

/** How many nodes are special in some way: where none is, plugins need not look at each. */
export interface NodeTraits {
  readonly cordoned: number;
  /** With any taint. */
  readonly tainted: number;
  /** With a taint of effect PreferNoSchedule. */
  readonly discouraged: number;
}

export interface SnapshotParts {
  readonly nodes: readonly NodeInfo[];
  readonly traits: NodeTraits;
  /** Index into `nodes` by name. */
  readonly positions: ReadonlyMap<string, number>;
  readonly podsWithAffinity: number;
  readonly podsWithRequiredAntiAffinity: number;
  readonly nominated: ReadonlyMap<string, readonly PodInfo[]>;
  readonly images: ReadonlyMap<string, ImageState>;
  readonly objects: ClusterObjects;
  readonly topologies: Topologies;
  readonly memory: NodeMemory;
}

const nobody: readonly PodInfo[] = [];

export class Snapshot {
  /** In the order in which they are looked at. */
  readonly nodes: readonly NodeInfo[];
  readonly traits: NodeTraits;
  readonly podsWithAffinity: number;
  readonly podsWithRequiredAntiAffinity: number;
  readonly images: ReadonlyMap<string, ImageState>;
  readonly objects: ClusterObjects;
  readonly memory: NodeMemory;

  constructor(private readonly parts: SnapshotParts) {
    this.nodes = parts.nodes;
    this.traits = parts.traits;
    this.podsWithAffinity = parts.podsWithAffinity;
    this.podsWithRequiredAntiAffinity = parts.podsWithRequiredAntiAffinity;
    this.images = parts.images;
    this.objects = parts.objects;
    this.memory = parts.memory;
  }

  node(name: string): NodeInfo | undefined {
    const position = this.parts.positions.get(name);
    return position === undefined ? undefined : this.nodes[position];
  }

  /** Pods that wait for a node of that name to be freed for them. */
  nominatedTo(node: string): readonly PodInfo[] {
    return this.parts.nominated.get(node) ?? nobody;
  }

  get hasNominatedPods(): boolean {
    return this.parts.nominated.size > 0;
  }

  topology(key: string): Topology {
    return this.parts.topologies.of(key);
  }
}
