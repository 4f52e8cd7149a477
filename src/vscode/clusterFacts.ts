// What the tree shows of a running cluster: live copies of its nodes and Pods, and the engine's status.
import { Node } from "../api/kinds/node.ts";
import { Pod } from "../api/kinds/pod/kind.ts";
import { keyOf, keyText, type ObjectKey } from "../api/object.ts";
import type { Node as NodeObject, Pod as PodObject } from "../api/types.ts";
import { DisposableStore } from "../base/disposable.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import type { Cluster, SimulatorStatus } from "../client/cluster.ts";
import { type Change, Informer } from "../client/informer.ts";
import type { EtcdFacts } from "./etcdElements.ts";
import { LiveEtcd } from "./liveEtcd.ts";

/** What may be read of a cluster at any moment, without waiting. */
export interface ClusterFacts {
  /** By name. */
  readonly nodes: ReadonlyMap<string, NodeObject>;
  pod(key: ObjectKey): PodObject | undefined;
  /** Pods bound to the node; to no node for "". In no particular order. */
  podsOn(node: string): Iterable<PodObject>;
  podCountOn(node: string): number;
  /** Absent on a remote cluster. */
  readonly status: SimulatorStatus | undefined;
  /** Absent on a remote cluster, too. */
  readonly etcd: EtcdFacts | undefined;
}

/** What may look different now. */
export interface FactsChange {
  readonly nodes: ReadonlySet<string>;
  /** Nodes whose set of Pods changed; "" for the Pods that have none. */
  readonly podsOn: ReadonlySet<string>;
  readonly pods: readonly ObjectKey[];
  readonly status: boolean;
  /** Keys of etcd were read. */
  readonly etcd: boolean;
}

const nothing: FactsChange = {
  nodes: new Set(),
  podsOn: new Set(),
  pods: [],
  status: false,
  etcd: false,
};

export class LiveFacts extends DisposableStore implements ClusterFacts {
  private readonly nodeMap = new Map<string, NodeObject>();
  private readonly byNode = new Map<string, Map<string, PodObject>>();
  private readonly podInformer: Informer<PodObject>;
  private readonly nodeInformer: Informer<NodeObject>;
  private readonly changes = this.add(new Emitter<FactsChange>());
  private readonly failures = this.add(new Emitter<unknown>());
  private latest: SimulatorStatus | undefined;
  readonly etcd: LiveEtcd | undefined;

  readonly onChange: Event<FactsChange> = this.changes.event;
  /** A list or watch failed and is tried again. */
  readonly onFailure: Event<unknown> = this.failures.event;

  constructor({ client, simulator }: Cluster) {
    super();
    this.latest = simulator?.status;
    this.etcd = simulator && this.add(new LiveEtcd(simulator));
    if (this.etcd)
      this.add(this.etcd.onChange(() => this.changes.fire({ ...nothing, etcd: true })));
    this.nodeInformer = this.add(new Informer(client, Node));
    this.podInformer = this.add(new Informer(client, Pod));
    this.add(this.nodeInformer.onChange((batch) => this.takeNodes(batch)));
    this.add(this.podInformer.onChange((batch) => this.takePods(batch)));
    this.add(this.nodeInformer.onFailure((error) => this.failures.fire(error)));
    this.add(this.podInformer.onFailure((error) => this.failures.fire(error)));
    if (simulator)
      this.add(
        simulator.onStatus((status) => {
          this.latest = status;
          this.changes.fire({ ...nothing, status: true });
        }),
      );
  }

  get nodes(): ReadonlyMap<string, NodeObject> {
    return this.nodeMap;
  }

  get status(): SimulatorStatus | undefined {
    return this.latest;
  }

  pod(key: ObjectKey): PodObject | undefined {
    return this.podInformer.get(key);
  }

  podsOn(node: string): Iterable<PodObject> {
    return this.byNode.get(node)?.values() ?? [];
  }

  podCountOn(node: string): number {
    return this.byNode.get(node)?.size ?? 0;
  }

  private takeNodes(batch: readonly Change<NodeObject>[]): void {
    const names = new Set<string>();
    for (const { old, now } of batch) {
      const name = (now ?? old)?.metadata.name ?? "";
      names.add(name);
      if (now) this.nodeMap.set(name, now);
      else this.nodeMap.delete(name);
    }
    this.changes.fire({ ...nothing, nodes: names });
  }

  private takePods(batch: readonly Change<PodObject>[]): void {
    const touched = new Set<string>();
    const pods: ObjectKey[] = [];
    for (const { old, now } of batch) {
      if (old) touched.add(this.unindex(old));
      if (now) touched.add(this.index(now));
      const either = now ?? old;
      if (either) pods.push(keyOf(either));
    }
    this.changes.fire({ ...nothing, podsOn: touched, pods });
  }

  private index(pod: PodObject): string {
    const node = pod.spec.nodeName ?? "";
    const pods = this.byNode.get(node) ?? new Map<string, PodObject>();
    this.byNode.set(node, pods);
    pods.set(keyText(keyOf(pod)), pod);
    return node;
  }

  private unindex(pod: PodObject): string {
    const node = pod.spec.nodeName ?? "";
    const pods = this.byNode.get(node);
    pods?.delete(keyText(keyOf(pod)));
    if (pods?.size === 0) this.byNode.delete(node);
    return node;
  }
}
