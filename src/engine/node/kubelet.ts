// A node's agent: it registers its machine, keeps the Pods bound to it running, and reports both.
// Source: pkg/kubelet/kubelet.go, kubernetes v1.34.
import type { MachineSpec } from "../../api/clusterSpec.ts";
import type { PressedResource } from "../../api/fault.ts";
import { keyOf, refOf } from "../../api/object.ts";
import type { ContainerEvent } from "../../api/traceEvent.ts";
import type { Node, Pod, Service } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { formatTime, type Instant, parseTime } from "../../base/time.ts";
import type { VirtualClock } from "../clock.ts";
import { ComponentLog } from "../componentLog.ts";
import { EventRecorder } from "../eventRecorder.ts";
import { containerBackoffBaseMs, containerBackoffMaxMs } from "../limits.ts";
import type { LocalClient } from "../localClient.ts";
import type { Change, Lister } from "../localInformer.ts";
import type { PodNetwork } from "../network/podNetwork.ts";
import type { Trace } from "../trace.ts";
import { rejection } from "./admission.ts";
import { rememberedState } from "./adoption.ts";
import { Backoff } from "./backoff.ts";
import { startExec } from "./containerExec.ts";
import { ContainerRuntime } from "./containerRuntime.ts";
import { ContainerStarter } from "./containerStarter.ts";
import type { PodFacts } from "./downwardApi.ts";
import { type PodUse, pressureRejection, type Signal } from "./eviction.ts";
import { EvictionManager } from "./evictionManager.ts";
import { parseImageName } from "./imageName.ts";
import { ImageStore } from "./imageStore.ts";
import { allocatableOf, initialNode, limitsOf, nodeInfoOf, preloadedImages } from "./machine.ts";
import type { DnsSettings } from "./managedFiles.ts";
import { NodeReporter } from "./nodeReporter.ts";
import type { NodeServices } from "./nodeServices.ts";
import type { ObjectIndex } from "./objectIndex.ts";
import { recordPodEvent } from "./podEvents.ts";
import { rejectedStatus } from "./podStatus.ts";
import { PodStatusWriter } from "./podStatusWriter.ts";
import { isTerminal, PodWorker } from "./podWorker.ts";
import { PortConnection, type PortOutput } from "./portConnection.ts";
import type { ContainerLog } from "./process/containerLog.ts";
import type { ContainerLaunch, ExecStart, LiveContainer } from "./process/liveContainer.ts";
import type { LiveProcess } from "./process/liveProcess.ts";
import { openPodNetwork } from "./processNetworks.ts";
import type { RuntimeProfile } from "./runtimeProfile.ts";
import type { ManifestFolder } from "./static/manifestFolder.ts";
import { isMirrorPod } from "./static/staticPod.ts";
import { StaticPods } from "./static/staticPods.ts";
import type { Troubles } from "./troubles.ts";
import { nodeOverhead, type Usage } from "./usage.ts";
import type { ConfigWatch } from "./volumes/configWatch.ts";
import { PodVolumes } from "./volumes/podVolumes.ts";
import type { VolumeStore } from "./volumes/volumeStore.ts";

export interface KubeletWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  /** Speaks as "system:node:NAME". */
  readonly client: LocalClient;
  /** Pods by spec.nodeName; shared by all kubelets. */
  readonly pods: ObjectIndex<Pod>;
  /** Nodes by name; shared by all kubelets. */
  readonly nodes: ObjectIndex<Node>;
  readonly random: Random;
  readonly machine: MachineSpec;
  /** The machine's address in the cluster's network. */
  readonly address: string;
  /** The addresses of the machine's Pods. */
  readonly podNetwork: PodNetwork;
  readonly cluster: NodeServices["cluster"];
  readonly profile: RuntimeProfile;
  readonly dns: DnsSettings;
  readonly services: Lister<Service>;
  readonly configs: ConfigWatch;
  /** What volumes hold beyond the life of a Pod. */
  readonly volumes: VolumeStore;
  /** The Pods that the machine runs by itself. */
  readonly manifests: ManifestFolder;
  readonly troubles: Troubles;
  /** Where images come from. */
  readonly registries: { readonly isRunning: boolean };
}

export class Kubelet extends DisposableStore {
  /** All that goes with the kubelet's process. */
  private process: DisposableStore | undefined;
  /** What it hears of its Node and Pods. */
  private watches: DisposableStore | undefined;
  private reporter: NodeReporter | undefined;
  private evictions: EvictionManager | undefined;
  private isWanted = false;
  private hasPower = true;
  private readonly workers = new Map<string, PodWorker>();
  private readonly volumes = new Map<string, PodVolumes>();
  private readonly services: NodeServices;
  private readonly writer: PodStatusWriter;
  private readonly statics: StaticPods;
  /** What the kubelet's process has written. */
  readonly ownLog: ComponentLog;
  private networkState: "off" | "starting" | "on" = "off";
  private bootId: string;
  private startedAt: Instant = 0;

  /** The machine is on. What ran already, by the status of its Pods, goes on as it is. */
  constructor(private readonly world: KubeletWorld) {
    super();
    const { clock, client, machine, profile } = world;
    const random = world.random.fork(`kubelet ${machine.name}`);
    const source = { component: "kubelet", host: machine.name };
    this.writer = new PodStatusWriter(client, clock);
    this.ownLog = new ComponentLog(clock);
    this.services = {
      clock,
      client,
      random,
      profile,
      events: profile.recordsEvents ? new EventRecorder(clock, client, source) : noEvents,
      runtime: new ContainerRuntime(clock, random.fork("runtime"), (uid, instance) =>
        this.workers.get(uid)?.containerExited(instance),
      ),
      images: new ImageStore(
        clock,
        random.fork("images"),
        preloadedImages(machine),
        world.registries,
      ),
      network: world.podNetwork,
      cluster: world.cluster,
      serviceLister: world.services,
      nodeName: machine.name,
      nodeAddress: world.address,
      dns: world.dns,
      factsOf: (pod) => this.factsOf(pod),
      volumesOf: (pod) => this.volumesOf(pod),
      restartBackoff: new Backoff(containerBackoffBaseMs, containerBackoffMaxMs),
      pullBackoff: new Backoff(containerBackoffBaseMs, containerBackoffMaxMs),
      observe: (pod, step, message, container) => this.observe(pod, { step, message }, container),
      relistAfter: (instant) => this.relistAfter(instant),
    };
    this.statics = new StaticPods({
      clock,
      client,
      machine: machine.name,
      folder: world.manifests,
      node: () => world.nodes.list(machine.name)[0],
      pods: () => world.pods.list(machine.name),
      run: (pod) => this.apart(() => this.addPod(pod)),
      end: (pod) => this.endStatic(pod),
    });
    this.add({ dispose: () => this.process?.dispose() });
    const known = world.nodes.list(machine.name)[0];
    this.bootId = known?.status?.nodeInfo?.bootID ?? random.uuid();
    this.adoptRunning();
  }

  /** True if somebody answers at its port. */
  get isOn(): boolean {
    return this.process !== undefined && !this.world.troubles.isCutOff;
  }

  /** Starts the kubelet's process: at once, or when the machine has power again. */
  startAgent(): void {
    this.isWanted = true;
    if (this.hasPower && !this.process && !this.isDisposed) this.start();
  }

  /** Stops the kubelet's process. Containers go on without it. */
  stopAgent(): void {
    this.isWanted = false;
    this.end();
  }

  /** The machine loses power: its processes are gone, and nobody is told. */
  powerOff(): void {
    if (!this.hasPower) return;
    this.hasPower = false;
    this.end();
    this.services.runtime.loseAll();
    this.networkState = "off";
  }

  /** The machine boots: its Pods start anew, those deleted meanwhile are removed. */
  powerOn(): void {
    if (this.hasPower || this.isDisposed) return;
    this.hasPower = true;
    this.bootId = this.services.random.uuid();
    this.services.runtime.discoverLosses();
    // What the kubelet only kept in mind is forgotten.
    this.services.restartBackoff.forget("");
    this.services.pullBackoff.forget("");
    if (this.isWanted) this.start();
  }

  /** The way to the control plane is cut, or there again. */
  setConnected(isConnected: boolean): void {
    if (!this.process || !this.reporter) return;
    this.watches?.dispose();
    this.watches = undefined;
    if (!isConnected) return;
    this.listen(this.reporter);
    this.catchUp();
  }

  /** SIGKILL for a container's process. @returns false if it does not run */
  kill(podUid: string, container: string): boolean {
    return this.services.runtime.kill(podUid, container);
  }

  /**
   * What a container has written; undefined if it never ran here.
   * @param previous of the instance before the present one
   */
  log(podUid: string, container: string, previous = false): ContainerLog | undefined {
    const history = this.services.runtime.state(podUid).containers.get(container);
    const instance = previous ? history?.before : history?.now;
    return instance && this.services.runtime.log(instance.id);
  }

  /** The container if it runs. */
  running(podUid: string, container: string): LiveContainer | undefined {
    return this.services.runtime.running(podUid, container);
  }

  /** Starts a command in a running container. @returns `error` if there is no such program */
  exec(container: LiveContainer, start: ExecStart): LiveProcess | { readonly error: string } {
    return startExec(container, this.services.runtime, start);
  }

  /** Connects to a port of the Pod, as from within it. */
  connect(pod: Pod, port: number, output: PortOutput): PortConnection {
    const network = openPodNetwork(this.services, pod);
    return new PortConnection(this.world.clock, network, { address: "127.0.0.1", port }, output);
  }

  /**
   * What each container of the Pod used, by name: the mean between two instants. Those that did not run
   * all the time are left out.
   */
  containerUsage(podUid: string, from: Instant, to: Instant): ReadonlyMap<string, Usage> {
    const { runtime } = this.services;
    const usage = new Map<string, Usage>();
    for (const name of runtime.state(podUid).containers.keys()) {
      const used = runtime.running(podUid, name)?.usageBetween(from, to);
      if (used) usage.set(name, used);
    }
    return usage;
  }

  isRunning(podUid: string, container: string): boolean {
    return this.services.runtime.state(podUid).containers.get(container)?.now.state === "running";
  }

  /** The machine's address in the cluster's network. */
  get address(): string {
    return this.world.address;
  }

  private start(): void {
    const { nodes, machine, clock, random } = this.world;
    const process = new DisposableStore();
    this.process = process;
    this.startedAt = clock.now();
    const { events, client, images } = this.services;
    const nodeInfo = nodeInfoOf(machine, this.bootId);
    const reporter = new NodeReporter({
      clock,
      client,
      events,
      random: random.fork(`reports of boot ${this.bootId}`),
      machine,
      troubles: this.world.troubles,
      state: () => ({
        machine,
        address: this.world.address,
        nodeInfo,
        images: images.list(),
        hasNetwork: this.networkState === "on",
        pressures: this.evictions?.conditions() ?? [],
      }),
      log: this.ownLog,
      reporting: (report, changed) => this.reporting(report, changed),
    });
    process.add(reporter);
    this.reporter = reporter;
    this.evictions = process.add(this.makeEvictionManager(reporter));
    process.add({ dispose: () => this.watches?.dispose() });
    if (!this.world.troubles.isCutOff) this.listen(reporter);
    this.apart(() => reporter.start());
    this.nodeChanged(reporter, nodes.list(machine.name)[0]);
    process.add(this.statics.start());
    this.forgetDeleted();
    for (const pod of byCreation(this.bound())) this.apart(() => this.addPod(pod));
    process.add({
      dispose: () => {
        for (const worker of this.workers.values()) worker.dispose();
      },
    });
  }

  private listen(reporter: NodeReporter): void {
    const { pods, nodes, machine } = this.world;
    this.watches = new DisposableStore();
    this.watches.add(
      nodes.listen(machine.name, ({ old, now }) => {
        this.nodeChanged(reporter, now);
        if (!old) this.statics.reconcile();
      }),
    );
    this.watches.add(
      pods.listen(machine.name, (change) => this.apart(() => this.podChanged(change))),
    );
  }

  /** What changed while nothing was heard. */
  private catchUp(): void {
    const { pods, machine } = this.world;
    for (const [uid, worker] of [...this.workers])
      if (!pods.get(machine.name, uid) && !this.statics.has(uid)) this.removePod(worker.pod);
    for (const pod of byCreation(this.bound())) this.apart(() => this.podChanged({ now: pod }));
    this.statics.reconcile();
  }

  private makeEvictionManager(reporter: NodeReporter): EvictionManager {
    const { clock, troubles } = this.world;
    const { images, runtime } = this.services;
    return new EvictionManager({
      clock,
      troubles,
      signal: (resource) => this.signal(resource),
      uses: (resource) => this.active().map((pod) => this.useOf(pod, resource)),
      removeUnusedImages: () => images.removeUnused(runtime.usedImages()),
      evict: (pod, verdict) => this.workers.get(pod.metadata.uid ?? "")?.evict(verdict),
      announce: (type, reason, message) => reporter.announce(type, reason, message),
      changed: () => reporter.reportNow(),
    });
  }

  private end(): void {
    this.process?.dispose();
    this.process = undefined;
    this.workers.clear();
    this.writer.forgetUnsent();
  }

  /** The network plugin comes up once the node has its Pod range. */
  private nodeChanged(reporter: NodeReporter, node: Node | undefined): void {
    const range = node?.spec.podCIDR;
    if (!range || this.networkState !== "off") return;
    this.networkState = "starting";
    if (!this.world.podNetwork.isReady) this.world.podNetwork.setRange(range);
    reporter.networkStarts(() => {
      this.networkState = "on";
    });
  }

  /** What others have bound to the node, without the mirrors of what it runs by itself. */
  private bound(): readonly Pod[] {
    return this.world.pods.list(this.world.machine.name).filter((pod) => !isMirrorPod(pod));
  }

  private podChanged({ now, old }: Change<Pod>): void {
    const pod = now ?? old;
    if (pod && isMirrorPod(pod)) {
      this.mirrorChanged(pod, now);
      return;
    }
    if (!now) {
      if (old) this.removePod(old);
      return;
    }
    const uid = now.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    if (worker) {
      worker.update(this.world.profile.seen(now));
      if (old && old.metadata !== now.metadata) this.volumes.get(uid)?.podChanged();
    } else this.addPod(now);
  }

  /** What others wrote into a mirror, or did not find in a new one, is told again. */
  private mirrorChanged(mirror: Pod, now: Pod | undefined): void {
    const shown = this.statics.shownBy(mirror);
    const worker = this.workers.get(shown?.metadata.uid ?? "");
    if (now && worker) worker.update({ ...worker.pod, status: now.status ?? {} });
    this.statics.reconcile();
  }

  private addPod(bound: Pod): void {
    const pod = this.world.profile.seen(bound);
    const uid = pod.metadata.uid ?? "";
    if (this.workers.has(uid)) return;
    const isAdopted = this.services.runtime.state(uid).containers.size > 0;
    const isOver = isTerminal(pod.status ?? {}) || pod.metadata.deletionTimestamp !== undefined;
    if (!isAdopted && !isOver && !this.admits(pod)) return;
    const worker = new PodWorker(this.services, this.writer, pod, {
      isAdopted,
      finished: () => this.workerFinished(uid),
    });
    this.workers.set(uid, worker);
  }

  private admits(pod: Pod): boolean {
    const { nodes, machine, clock } = this.world;
    const node = nodes.list(machine.name)[0] ?? initialNode(machine);
    const verdict =
      pressureRejection(pod, this.evictions?.conditions() ?? []) ??
      (node.status && rejection(pod, node, this.active()));
    if (!verdict) return true;
    const { reason, message } = verdict;
    recordPodEvent(this.services.events, pod, { type: "Warning", reason, message });
    this.observe(pod, { step: "failed", message });
    this.writer.write(pod, rejectedStatus(pod, verdict, clock.now()), false);
    return false;
  }

  /**
   * What has ended or is gone from the API takes nothing, though it may still be tidied up.
   * Source: filterOutInactivePods.
   */
  private active(): readonly Pod[] {
    return [...this.workers.values()]
      .filter(({ isGone, stage }) => !isGone && (stage === "syncing" || stage === "terminating"))
      .map((worker) => worker.pod);
  }

  /** What is left for Pods, the images aside, and the hard threshold of it. */
  private signal(resource: PressedResource): Signal {
    const { machine } = this.world;
    const { capacity, threshold } = limitsOf(machine, resource);
    const pods = this.active().flatMap((pod) => [...this.useOf(pod, resource).containers.values()]);
    const others = resource === "memory" ? nodeOverhead.memoryBytes : this.services.images.bytes;
    return { available: capacity - others - sumOf(pods), threshold };
  }

  /** Files that Pods write count for nothing: they are small. */
  private useOf(pod: Pod, resource: PressedResource): PodUse {
    const { runtime } = this.services;
    const uid = pod.metadata.uid ?? "";
    const names = resource === "memory" ? [...runtime.state(uid).containers.keys()] : [];
    const used = names.map((name) => [name, runtime.running(uid, name)?.usage().memoryBytes ?? 0]);
    return { pod, containers: new Map(used as [string, number][]) };
  }

  private removePod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    if (worker && worker.stage !== "finished") worker.vanish();
    else this.forget(uid);
  }

  private endStatic(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const worker = this.workers.get(uid);
    if (!worker) {
      this.workerFinished(uid);
      return;
    }
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: formatTime(this.world.clock.now()),
      deletionGracePeriodSeconds: pod.spec.terminationGracePeriodSeconds ?? 30,
    };
    this.apart(() => worker.update({ ...worker.pod, metadata }));
  }

  private workerFinished(uid: string): void {
    const isKept = this.world.pods.get(this.world.machine.name, uid) ?? this.statics.isShown(uid);
    if (isKept) return;
    this.forget(uid);
    this.statics.ended(uid);
  }

  private factsOf(pod: Pod): PodFacts {
    const { sandbox } = this.services.runtime.state(pod.metadata.uid ?? "");
    const { address, machine } = this.world;
    const podIp = pod.spec.hostNetwork ? address : sandbox?.ip;
    return { pod, nodeAddress: address, podIp, allocatable: allocatableOf(machine) };
  }

  private volumesOf(pod: Pod): PodVolumes {
    const uid = pod.metadata.uid ?? "";
    const known = this.volumes.get(uid);
    if (known) return known;
    const { client, clock, machine, volumes: store, configs } = this.world;
    const made = new PodVolumes({
      client,
      store,
      node: machine.name,
      configs,
      clock,
      facts: () => this.factsOf(this.workers.get(uid)?.pod ?? pod),
    });
    this.volumes.set(uid, made);
    return made;
  }

  private forget(uid: string): void {
    this.workers.get(uid)?.dispose();
    this.workers.delete(uid);
    this.services.runtime.removePod(uid);
    this.volumes.get(uid)?.dispose();
    this.volumes.delete(uid);
    this.world.podNetwork.release(uid);
    this.services.restartBackoff.forget(uid);
    this.services.pullBackoff.forget(uid);
  }

  private forgetDeleted(): void {
    const { pods, machine } = this.world;
    for (const uid of this.services.runtime.podUids())
      if (!pods.get(machine.name, uid) && !this.statics.has(uid)) this.forget(uid);
  }

  private adoptRunning(): void {
    for (const bound of [...this.statics.list(), ...this.bound()]) {
      const pod = this.world.profile.seen(bound);
      const state = rememberedState(pod);
      if (!state || isTerminal(pod.status ?? {})) continue;
      const uid = pod.metadata.uid ?? "";
      this.services.volumesOf(pod).setUp();
      const starter = new ContainerStarter(this.services, () => pod);
      const launches = new Map<string, ContainerLaunch>();
      for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
        const launch = starter.launch(container);
        if (!("reason" in launch)) launches.set(container.name, launch);
        const image = parseImageName(container.image ?? "");
        if (state.containers.has(container.name) && !("error" in image))
          this.services.images.assume(image);
      }
      if (state.sandbox?.ip !== undefined) this.world.podNetwork.reserve(uid, state.sandbox.ip);
      this.services.runtime.adopt(uid, state, launches);
    }
  }

  /** The runtime is listed every second, counted from the kubelet's start. */
  private relistAfter(instant: Instant): Instant {
    const { relistMs } = this.world.profile.delays;
    const passed = instant - this.startedAt;
    return this.startedAt + (Math.floor(passed / relistMs) + 1) * relistMs;
  }

  /** Does something whose facts are no cause of what else the running task does. */
  private apart(act: () => void): void {
    const { clock } = this.world;
    const { cause } = clock;
    act();
    clock.cause = cause;
  }

  private observe(
    pod: Pod,
    { step, message }: Pick<ContainerEvent, "step" | "message">,
    container?: string,
  ): void {
    const { trace, clock, machine } = this.world;
    clock.cause = trace.emit({
      type: "container",
      node: machine.name,
      pod: refOf(pod),
      ...(container === undefined ? {} : { container }),
      step,
      message,
    });
  }

  private reporting(report: "lease" | "status", changed: readonly string[]): void {
    const { trace, clock, machine } = this.world;
    clock.cause = trace.emit({ type: "report", node: machine.name, report, changed });
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

const noEvents: NodeServices["events"] = { record: () => undefined };

/** Oldest first, as the kubelet admits them. */
function byCreation(pods: readonly Pod[]): readonly Pod[] {
  const age = ({ metadata }: Pod): number => parseTime(metadata.creationTimestamp ?? "") ?? 0;
  return [...pods].sort((a, b) => age(a) - age(b) || (keyOf(a).name < keyOf(b).name ? -1 : 1));
}
