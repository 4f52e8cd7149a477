// Some minutes in the life of a cluster with restless users and bad luck, all by one seed.
import type { Fault } from "../../../src/api/fault.ts";
import type { Kind } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { type KubeObject, keyOf } from "../../../src/api/object.ts";
import { ApiError } from "../../../src/api/status.ts";
import type { Node } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { second } from "../../../src/base/time.ts";
import { defaultCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { LocalClient } from "../../../src/engine/localClient.ts";
import { usualObject } from "../scenario/usualObjects.ts";

/** Users act so often before they and all faults are gone. */
const steps = 30;
/** The longest pause between two acts. */
const pauseSeconds = 30;

const names = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"];
const namespaces = ["default", "default", "team"];
const scalable = ["deployment", "replicaset", "statefulset", "replicationcontroller"];
const workloads = [...scalable, "daemonset", "job", "cronjob", "pod", "pod"];
const companions = [
  "service",
  "poddisruptionbudget",
  "persistentvolumeclaim",
  "configmap",
  "resourcequota",
  "horizontalpodautoscaler",
];

const faults: readonly Fault[] = [
  { type: "powerOff", node: "worker-1" },
  { type: "powerOff", node: "worker-2" },
  { type: "powerOff", node: "worker-3" },
  { type: "stopNodeService", node: "worker-1", service: "kubelet" },
  { type: "stopNodeService", node: "worker-2", service: "kube-proxy" },
  { type: "stopComponent", component: "kube-apiserver" },
  { type: "stopComponent", component: "kube-scheduler" },
  { type: "stopComponent", component: "kube-controller-manager" },
  { type: "stopController", controller: "replicaset-controller" },
  { type: "stopController", controller: "garbage-collector-controller" },
  { type: "stopController", controller: "endpointslice-controller" },
  { type: "stopEtcdMember", member: "etcd-0" },
  { type: "stopEtcdMember", member: "etcd-1" },
  { type: "cutOffEtcdMember", member: "etcd-2" },
];

export function newCluster(seed: number): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31, 9), seed, spec: defaultCluster });
  engine.setEtcdMembers(3);
  engine.clock.run(10 * second);
  return engine;
}

/** Lets users and misfortune act; in the end everything is mended, and the users are gone. */
export function live(engine: Engine, seed: number): void {
  const life = new RestlessLife(engine, new Random(seed).fork("users"));
  for (let step = 0; step < steps; step++) life.act();
  life.mend();
}

class RestlessLife {
  private readonly client: LocalClient;

  constructor(
    private readonly engine: Engine,
    private readonly random: Random,
  ) {
    this.client = engine.client("kubernetes-admin");
    this.try(() => this.create("namespace", "team", "{}"));
  }

  act(): void {
    const create = (): void => this.create(this.pick(workloads), this.place(), this.workload());
    const acts = [
      ...[create, create, create, create],
      () => this.create(this.pick(companions), this.place(), this.companion()),
      () => this.scale(),
      () => this.changeImage(),
      () => this.delete(this.pick([...workloads, ...companions])),
      () => this.deleteAny(),
      () => this.engine.faults.inject(this.pick(faults)),
      () => this.heal(),
      () => this.heal(),
      () => this.touchNode(),
      () => this.evict(),
    ];
    this.try(this.pick(acts));
    this.engine.clock.run(this.random.below(pauseSeconds * second));
  }

  mend(): void {
    for (const fault of this.engine.faults.list()) this.engine.faults.heal(fault);
    // The API server may have to come up first.
    this.engine.clock.run(30 * second);
    for (const node of this.list<Node>("node"))
      this.patch("node", keyOf(node), { spec: { unschedulable: null, taints: null } });
  }

  private create(kind: string, name: string, fields: string): void {
    const object = usualObject(kind, name, fields);
    this.client.create(kindOf(kind), object);
  }

  private workload(): string {
    const image = this.pick(["nginx:1.27", "nginx:1.27", "redis:7", "nginx:9.99"]);
    const cpu = `${this.random.below(1_500)}m`;
    const script = this.pick(["", "", "sleep 20", "sleep 5; exit 1", "sleep 10000"]);
    const size = this.pick(["", "", "replicas: 2, ", "replicas: 4, ", "parallelism: 3, "]);
    const container = script === "" ? `image: "${image}", ` : "";
    return `{${size}${script === "" ? "" : `sh: "${script}", `}container: {${container}resources: {requests: {cpu: ${cpu}}}}}`;
  }

  private companion(): string {
    return this.pick(["{}", "{minAvailable: 1}", "{maxUnavailable: 1}", "{hard: {pods: 8}}"]);
  }

  private scale(): void {
    const kind = this.pick(scalable);
    const object = this.anyOf(kind);
    const replicas = this.random.below(6);
    if (object) this.patch(kind, keyOf(object), { spec: { replicas } });
  }

  private changeImage(): void {
    const kind = this.pick([...scalable, "daemonset"]);
    const object = this.anyOf(kind);
    const image = this.pick(["nginx:1.26", "nginx:1.27", "nginx:9.99"]);
    const containers = [{ name: "main", image }];
    if (object) this.patch(kind, keyOf(object), { spec: { template: { spec: { containers } } } });
  }

  private delete(kind: string): void {
    const object = this.anyOf(kind);
    const propagationPolicy = this.pick(["Background", "Foreground", "Orphan"] as const);
    const grace = this.random.below(4) === 0 ? { gracePeriodSeconds: 0 } : {};
    if (object) this.client.delete(kindOf(kind), keyOf(object), { propagationPolicy, ...grace });
  }

  /** Users make mistakes: they delete what is not theirs, too, but leave the components their rights. */
  private deleteAny(): void {
    const kind = this.pick(builtInKinds);
    if (!kind.namespaced || kind.gvk.group === "rbac.authorization.k8s.io") return;
    const { items } = this.client.list<KubeObject>(kind);
    if (items.length > 0) this.client.delete(kind, keyOf(this.pick(items)));
  }

  private touchNode(): void {
    const node = this.anyOf("node");
    if (!node) return;
    const taints = [{ key: "k", effect: this.pick(["NoSchedule", "NoExecute"]) }];
    const spec = this.pick([{ unschedulable: true }, { unschedulable: null }, { taints }]);
    this.patch("node", keyOf(node), { spec });
  }

  private heal(): void {
    const present = this.engine.faults.list();
    if (present.length > 0) this.engine.faults.heal(this.pick(present));
  }

  private evict(): void {
    const pod = this.anyOf("pod");
    if (!pod) return;
    const { namespace, name } = pod.metadata;
    this.client.createSubresource(kindOf("pod"), keyOf(pod), "eviction", {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace, name },
    });
  }

  private patch(kind: string, key: ReturnType<typeof keyOf>, body: object): void {
    this.client.patch(kindOf(kind), key, body, { type: "strategic" });
  }

  private place(): string {
    return `${this.pick(namespaces)}/${this.pick(names)}`;
  }

  private anyOf(kind: string): KubeObject | undefined {
    const items = this.list(kind);
    return items.length > 0 ? this.pick(items) : undefined;
  }

  private list<T extends KubeObject>(kind: string): readonly T[] {
    return this.client.list<T>(kindOf(kind) as Kind<T>).items;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)] as T;
  }

  /** A refusal is an answer like any other. */
  private try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

function kindOf(singular: string): Kind {
  const found = builtInKinds.find((kind) => kind.singular === singular && !kind.storedAs);
  if (!found) throw new Error(`there is no kind ${singular}`);
  return found;
}
