// What the scheduler knows of the cluster, kept up to date change by change; `snapshot()` gives it as
// a value. Source: kubernetes v1.34 pkg/scheduler/backend/cache/cache.go
import { isTerminal } from "../api/kinds/pod/kind.ts";
import type { ObjectKey } from "../api/object.ts";
import type { Node, Pod } from "../api/types.ts";
import {
  type ClusterObjects,
  type ObjectKinds,
  ObjectTable,
  objectPlurals,
} from "./clusterObjects.ts";
import { ImageStates } from "./imageStates.ts";
import { NodeInfo, type NodeShape, nodeShapeOf } from "./nodeInfo.ts";
import { NodeMemory } from "./nodeMemory.ts";
import { NodeTree } from "./nodeTree.ts";
import { type PodInfo, podInfoOf } from "./podInfo.ts";
import { type NodeTraits, Snapshot } from "./snapshot.ts";
import { Topologies } from "./topology.ts";

interface Placement {
  readonly node: string;
  readonly pod: PodInfo;
}

type ObjectTables = { [Plural in keyof ObjectKinds]: ObjectTable<ObjectKinds[Plural]> };

export class SchedulerCache {
  private readonly infos = new Map<string, NodeInfo>();
  /** Pods on nodes that are not known (yet, or any more). */
  private readonly strays = new Map<string, PodInfo[]>();
  private readonly placements = new Map<string, Placement>();
  private readonly assumed = new Set<string>();
  private readonly nominations = new Map<string, Placement>();
  private readonly tree = new NodeTree();
  private readonly images = new ImageStates();
  private readonly tables = Object.fromEntries(
    objectPlurals.map((plural) => [plural, new ObjectTable()]),
  ) as unknown as ObjectTables;
  private readonly memory = new NodeMemory();
  private readonly freeSlots: number[] = [];
  private slots = 0;
  private traits: NodeTraits = { cordoned: 0, tainted: 0, discouraged: 0 };
  private podsWithAffinity = 0;
  private podsWithRequiredAntiAffinity = 0;

  private order: readonly NodeInfo[] = [];
  private positions: ReadonlyMap<string, number> = new Map();
  private topologies = new Topologies([], 0);
  private orderIsStale = false;
  private readonly changedNodes = new Set<string>();
  private objects: ClusterObjects | undefined;
  private nominated: ReadonlyMap<string, readonly PodInfo[]> | undefined;
  private current: Snapshot | undefined;

  /** Adds a node or takes over its new state. */
  setNode(node: Node): void {
    const shape = nodeShapeOf(node);
    const known = this.infos.get(shape.name);
    this.images.replace(shape.name, known?.shape.node, node);
    this.orderIsStale ||= !known || labelsDiffer(known.shape, shape);
    this.tree.put(shape.name, shape.labels);
    this.traits = changeTraits(this.traits, known?.shape, shape);
    this.put(known ? known.withShape(shape) : this.newNode(shape));
  }

  /** Forgets a node. Pods that are still bound to it count again if it comes back. */
  removeNode(name: string): void {
    const info = this.infos.get(name);
    if (!info) return;
    this.images.replace(name, info.node, undefined);
    this.tree.remove(name);
    this.traits = changeTraits(this.traits, info.shape, undefined);
    this.infos.delete(name);
    this.freeSlots.push(info.slot);
    if (info.pods.length > 0) this.strays.set(name, [...info.pods]);
    this.orderIsStale = true;
    this.current = undefined;
  }

  /**
   * Takes over a Pod that is bound: a new one, a changed one, or the confirmation of an assumed one.
   * Pods that are done, or bound nowhere, hold nothing and are left out.
   */
  setPod(pod: Pod): void {
    const { nodeName } = pod.spec;
    const info = podInfoOf(pod);
    this.take(info.id);
    if (nodeName && !isTerminal(pod)) this.place(nodeName, info);
  }

  /** Forgets a Pod that is deleted, or an assumed one whose binding failed. */
  removePod(pod: Pod): void {
    this.take(podInfoOf(pod).id);
  }

  /** Counts a Pod as placed before the API server knows of it. */
  assumePod(pod: Pod, node: string): void {
    const info = podInfoOf(pod);
    this.take(info.id);
    this.place(node, info);
    this.assumed.add(info.id);
  }

  isAssumed(pod: Pod): boolean {
    return this.assumed.has(podInfoOf(pod).id);
  }

  /** Reserves nothing, but lets Pods of lower priority take the waiting Pod into account. */
  nominate(pod: Pod, node: string): void {
    const info = podInfoOf(pod);
    this.nominations.set(info.id, { node, pod: info });
    this.nominated = undefined;
    this.current = undefined;
  }

  denominate(pod: Pod): void {
    if (!this.nominations.delete(podInfoOf(pod).id)) return;
    this.nominated = undefined;
    this.current = undefined;
  }

  setObject<Plural extends keyof ObjectKinds>(plural: Plural, object: ObjectKinds[Plural]): void {
    this.tables[plural].set(object);
    this.objects = undefined;
    this.current = undefined;
  }

  removeObject(plural: keyof ObjectKinds, key: ObjectKey): void {
    this.tables[plural].delete(key);
    this.objects = undefined;
    this.current = undefined;
  }

  /** The present state as a value; the same one until something changes. */
  snapshot(): Snapshot {
    this.current ??= this.takeSnapshot();
    return this.current;
  }

  private takeSnapshot(): Snapshot {
    if (this.orderIsStale) this.reorder();
    else if (this.changedNodes.size > 0) this.refresh();
    this.changedNodes.clear();
    this.objects ??= this.viewObjects();
    this.nominated ??= this.nominatedByNode();
    return new Snapshot({
      nodes: this.order,
      traits: this.traits,
      positions: this.positions,
      topologies: this.topologies,
      memory: this.memory,
      podsWithAffinity: this.podsWithAffinity,
      podsWithRequiredAntiAffinity: this.podsWithRequiredAntiAffinity,
      objects: this.objects,
      images: this.images.view(),
      nominated: this.nominated,
    });
  }

  private viewObjects(): ClusterObjects {
    return Object.fromEntries(
      objectPlurals.map((plural) => [plural, this.tables[plural].view()]),
    ) as unknown as ClusterObjects;
  }

  private reorder(): void {
    const nodes: NodeInfo[] = [];
    const positions = new Map<string, number>();
    for (const name of this.tree.list()) {
      const info = this.infos.get(name);
      if (!info) continue;
      positions.set(name, nodes.length);
      nodes.push(info);
    }
    this.order = nodes;
    this.positions = positions;
    this.topologies = new Topologies(nodes, this.slots);
    this.orderIsStale = false;
  }

  private refresh(): void {
    const nodes = this.order.slice();
    for (const name of this.changedNodes) {
      const info = this.infos.get(name);
      const position = this.positions.get(name);
      if (info && position !== undefined) nodes[position] = info;
    }
    this.order = nodes;
  }

  private nominatedByNode(): ReadonlyMap<string, readonly PodInfo[]> {
    const byNode = new Map<string, PodInfo[]>();
    for (const { node, pod } of this.nominations.values()) {
      const pods = byNode.get(node);
      if (pods) pods.push(pod);
      else byNode.set(node, [pod]);
    }
    return byNode;
  }

  private newNode(shape: NodeShape): NodeInfo {
    let info = new NodeInfo(this.freeSlots.pop() ?? this.slots++, shape);
    for (const pod of this.strays.get(shape.name) ?? []) info = info.withPod(pod);
    this.strays.delete(shape.name);
    return info;
  }

  private put(info: NodeInfo): void {
    this.infos.set(info.name, info);
    this.changedNodes.add(info.name);
    this.current = undefined;
  }

  private place(node: string, pod: PodInfo): void {
    this.placements.set(pod.id, { node, pod });
    this.count(pod, 1);
    const info = this.infos.get(node);
    if (info) this.put(info.withPod(pod));
    else this.strays.set(node, [...(this.strays.get(node) ?? []), pod]);
  }

  private take(id: string): void {
    const placement = this.placements.get(id);
    if (!placement) return;
    this.placements.delete(id);
    this.assumed.delete(id);
    this.count(placement.pod, -1);
    const info = this.infos.get(placement.node);
    if (info) this.put(info.withoutPod(id));
    const strays = this.strays.get(placement.node)?.filter((pod) => pod.id !== id);
    if (strays) this.strays.set(placement.node, strays);
  }

  private count(pod: PodInfo, change: 1 | -1): void {
    if (pod.hasAffinity) this.podsWithAffinity += change;
    if (pod.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity += change;
  }
}

function changeTraits(
  traits: NodeTraits,
  before: NodeShape | undefined,
  after: NodeShape | undefined,
): NodeTraits {
  const change = (has: (shape: NodeShape) => boolean): number =>
    Number(after !== undefined && has(after)) - Number(before !== undefined && has(before));
  return {
    cordoned: traits.cordoned + change(({ isUnschedulable }) => isUnschedulable),
    tainted: traits.tainted + change(({ taints }) => taints.length > 0),
    discouraged:
      traits.discouraged +
      change(({ taints }) => taints.some(({ effect }) => effect === "PreferNoSchedule")),
  };
}

function labelsDiffer(before: NodeShape, after: NodeShape): boolean {
  const names = Object.keys(before.labels);
  return (
    names.length !== Object.keys(after.labels).length ||
    names.some((name) => before.labels[name] !== after.labels[name])
  );
}
