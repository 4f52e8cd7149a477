// A control plane with the real API server and controllers. Its machines are simple: a Pod is bound
// to the machine with the fewest, runs a second later, and ends a second after its deletion.
import { KindRegistry } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { Lease, nodeLeaseNamespace } from "../../../src/api/kinds/lease.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { isTerminal, Pod } from "../../../src/api/kinds/pod/kind.ts";
import { keyOf, keyText } from "../../../src/api/object.ts";
import type { TraceEvent } from "../../../src/api/traceEvent.ts";
import type { Lease as LeaseObject, Pod as PodObject } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { formatMicroTime, formatTime, second } from "../../../src/base/time.ts";
import { bootstrap } from "../../../src/engine/bootstrap.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { ControllerManager } from "../../../src/engine/controllers/controllerManager.ts";
import { controllers } from "../../../src/engine/controllers/index.ts";
import type { LocalClient } from "../../../src/engine/localClient.ts";
import { LocalInformer } from "../../../src/engine/localInformer.ts";
import { defaultTolerationSeconds } from "../../../src/engine/registry/admission/defaultTolerationSeconds.ts";
import { namespaceLifecycle } from "../../../src/engine/registry/admission/namespaceLifecycle.ts";
import { serviceAccount } from "../../../src/engine/registry/admission/serviceAccount.ts";
import { ApiServer } from "../../../src/engine/registry/apiServer.ts";
import { serviceAddresses } from "../../../src/engine/registry/serviceAddresses.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { Trace } from "../../../src/engine/trace.ts";

export const start = Date.UTC(2026, 0, 31, 9);

export class ControlPlane {
  readonly clock = new VirtualClock(start);
  readonly store = new Store(() => this.clock.now());
  readonly trace = new Trace(this.clock);
  readonly server: ApiServer;
  readonly manager: ControllerManager;
  readonly client: LocalClient;
  readonly machines = new Map<string, Machine>();
  private readonly pods: LocalInformer<PodObject>;
  private addresses = 0;

  constructor() {
    const { clock, store, trace } = this;
    const random = new Random(7);
    this.server = new ApiServer({
      clock,
      store,
      trace,
      random,
      kinds: new KindRegistry(builtInKinds),
      admission: [namespaceLifecycle, serviceAccount, defaultTolerationSeconds, serviceAddresses],
    });
    this.client = this.server.client("tester");
    bootstrap(this.client, start);
    this.manager = new ControllerManager(
      controllers({
        kinds: builtInKinds,
        rootCertificate: "certificate",
        issueToken: ({ metadata }, secretName) => `token of ${metadata.name} in ${secretName}`,
      }),
      { clock, trace, random, source: this.server, clientFor: (user) => this.server.client(user) },
    );
    this.pods = new LocalInformer(Pod, this.server);
    this.pods.onChange(({ now }) => now && this.podChanged(now));
    this.manager.start();
    // Pods need their namespace's ServiceAccount.
    this.run(0.1);
  }

  /** Seconds of the cluster since its start. */
  get elapsed(): number {
    return (this.clock.now() - start) / second;
  }

  run(seconds: number): void {
    this.clock.run(seconds * second);
  }

  /** Runs until `holds`, in steps of a tenth of a second. @returns the seconds since the start */
  runUntil(holds: () => boolean, limit = 3_600): number {
    const end = this.elapsed + limit;
    while (!holds()) {
      if (this.elapsed >= end) throw new Error(`not within ${limit} s`);
      this.run(0.1);
    }
    return this.elapsed;
  }

  addMachine(name: string, labels: Readonly<Record<string, string>> = {}): Machine {
    const machine = new Machine(this.clock, this.client, name, labels);
    this.machines.set(name, machine);
    return machine;
  }

  /** The events' reasons and messages about the object of that name, oldest first. */
  eventsOf(name: string): readonly string[] {
    return this.allEvents()
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`);
  }

  allEvents() {
    const kind = builtInKinds.find(({ plural }) => plural === "events");
    if (!kind) throw new Error("no events");
    type EventObject = import("../../../src/api/types.ts").Event;
    const { items } = this.client.list(kind);
    return items
      .map((item) => item as unknown as EventObject)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  }

  /** Ends a Pod's only container with an exit code, as its kubelet would report it. */
  endPod({ metadata }: PodObject, exitCode: number): void {
    const pod = this.client.get(Pod, { namespace: metadata.namespace ?? "", name: metadata.name });
    const finishedAt = formatTime(this.clock.now());
    const [container] = pod.spec.containers;
    this.client.updateStatus(Pod, {
      ...pod,
      status: {
        ...pod.status,
        phase: exitCode === 0 ? "Succeeded" : "Failed",
        conditions: [{ type: "Ready", status: "False", lastTransitionTime: finishedAt }],
        containerStatuses: [
          {
            name: container?.name ?? "",
            image: "x",
            imageID: "x",
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode, finishedAt } },
          },
        ],
      },
    });
  }

  podList(namespace = "default"): readonly PodObject[] {
    return this.client.list(Pod, { namespace }).items;
  }

  traced(type: TraceEvent["type"]): readonly TraceEvent[] {
    return this.trace.since(1).filter((event) => event.type === type);
  }

  private podChanged(pod: PodObject): void {
    if (isTerminal(pod)) return;
    if (!pod.spec.nodeName) this.bind(pod);
    else if (pod.metadata.deletionTimestamp !== undefined) this.machineOf(pod)?.end(pod);
    else if ((pod.status?.phase ?? "Pending") === "Pending")
      this.machineOf(pod)?.start(pod, `10.244.0.${++this.addresses}`);
  }

  private machineOf({ spec }: PodObject): Machine | undefined {
    return this.machines.get(spec.nodeName ?? "");
  }

  private bind(pod: PodObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    const wanted = wantedMachine(pod);
    const free = [...this.machines.values()]
      .filter((machine) => (wanted === undefined ? machine.isOpen : machine.name === wanted))
      .map((machine) => ({ machine, pods: this.podsOn(machine.name) }))
      .sort((a, b) => a.pods - b.pods)[0];
    if (!free) return;
    const { name } = free.machine;
    this.client.createSubresource(Pod, keyOf(pod), "binding", { target: { name } });
  }

  private podsOn(node: string): number {
    return this.client.list(Pod).items.filter(({ spec }) => spec.nodeName === node).length;
  }
}

/** The machine that a Pod names by its affinity. */
function wantedMachine({ spec }: PodObject): string | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0];
}

export class Machine {
  isAlive = true;
  /** Whether the Pods that it starts become ready. */
  startsReady = true;
  private readonly starting = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly client: LocalClient,
    readonly name: string,
    labels: Readonly<Record<string, string>>,
  ) {
    client.create(Node, { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: {} });
    this.report("True");
    client.create(Lease, { ...this.lease(), metadata: { name, namespace: nodeLeaseNamespace } });
    clock.every(10 * second, `renew ${name}`, () => this.renew());
  }

  get isOpen(): boolean {
    const { spec } = this.client.get(Node, { namespace: "", name: this.name });
    return (
      this.isAlive && !(spec?.taints ?? []).some(({ effect }) => effect !== "PreferNoSchedule")
    );
  }

  /** Posts the Ready condition as the kubelet does. */
  report(status: "True" | "False"): void {
    const now = formatTime(this.clock.now());
    const node = this.client.get(Node, { namespace: "", name: this.name });
    const conditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
      type,
      status: type === "Ready" ? status : "False",
      reason: "Kubelet",
      message: "",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    }));
    this.client.updateStatus(Node, { ...node, status: { ...node.status, conditions } });
  }

  kill(): void {
    this.isAlive = false;
  }

  revive(): void {
    this.isAlive = true;
    this.renew();
    this.report("True");
  }

  start(pod: PodObject, podIP: string): void {
    const key = keyText(keyOf(pod));
    if (this.starting.has(key)) return;
    this.starting.add(key);
    this.clock.after(second, `start ${key}`, () => {
      this.starting.delete(key);
      if (this.isAlive) this.write(pod, podIP);
    });
  }

  end(pod: PodObject): void {
    this.clock.after(second, `end ${pod.metadata.name}`, () => {
      if (this.isAlive && this.find(pod))
        this.client.delete(Pod, keyOf(pod), { gracePeriodSeconds: 0 });
    });
  }

  private write(pod: PodObject, podIP: string): void {
    const latest = this.find(pod);
    if (!latest || isTerminal(latest)) return;
    const ready = this.startsReady ? "True" : "False";
    const lastTransitionTime = formatTime(this.clock.now());
    this.client.updateStatus(Pod, {
      ...latest,
      status: {
        ...latest.status,
        phase: "Running",
        podIP,
        podIPs: [{ ip: podIP }],
        conditions: [
          ...(latest.status?.conditions ?? []).filter(({ type }) => type !== "Ready"),
          { type: "Ready", status: ready, lastTransitionTime },
        ],
      },
    });
  }

  private find(pod: PodObject): PodObject | undefined {
    const { items } = this.client.list(Pod, { namespace: pod.metadata.namespace ?? "" });
    return items.find(({ metadata }) => metadata.uid === pod.metadata.uid);
  }

  private renew(): void {
    if (!this.isAlive) return;
    const known = this.client.get(Lease, { namespace: nodeLeaseNamespace, name: this.name });
    this.client.update(Lease, { ...known, spec: this.lease().spec });
  }

  private lease(): LeaseObject {
    return {
      apiVersion: Lease.apiVersion,
      kind: "Lease",
      metadata: { name: this.name, namespace: nodeLeaseNamespace },
      spec: {
        holderIdentity: this.name,
        leaseDurationSeconds: 40,
        renewTime: formatMicroTime(this.clock.now()),
      },
    };
  }
}
