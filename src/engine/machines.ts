// The machines of the cluster, each with its kubelet and its kube-proxy.
import type { MachineSpec } from "../api/clusterSpec.ts";
import type { UnregisteredMachine } from "../api/clusterStatus.ts";
import type { Fault, MachineFault, NodeService } from "../api/fault.ts";
import { CertificateSigningRequest } from "../api/kinds/certificateSigningRequest.ts";
import { ConfigMap as ConfigMapKind } from "../api/kinds/configMap.ts";
import { EndpointSlice as EndpointSliceKind } from "../api/kinds/endpointSlice.ts";
import { Namespace as NamespaceKind } from "../api/kinds/namespace.ts";
import { NetworkPolicy as NetworkPolicyKind } from "../api/kinds/networkPolicy.ts";
import { Node as NodeKind } from "../api/kinds/node.ts";
import { Pod as PodKind } from "../api/kinds/pod/kind.ts";
import { Secret as SecretKind } from "../api/kinds/secret.ts";
import { Service as ServiceKind } from "../api/kinds/service.ts";
import type { ObjectKey } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import type { Node, Pod } from "../api/types.ts";
import { assert } from "../base/assert.ts";
import type { Disposable } from "../base/disposable.ts";
import type { Random } from "../base/random.ts";
import { type Millis, second } from "../base/time.ts";
import type { CertificateRequests } from "./certificateRequests.ts";
import type { VirtualClock } from "./clock.ts";
import type { ComponentLog } from "./componentLog.ts";
import { dnsRuntime } from "./components/dnsRuntime.ts";
import type { LocalClient } from "./localClient.ts";
import { type Change, InformerFactory, type Lister, type ListerWatcher } from "./localInformer.ts";
import { cidrText, clusterCidr } from "./network/addresses.ts";
import { apiServerHost } from "./network/apiServerAddress.ts";
import { clusterNames } from "./network/dns/clusterNames.ts";
import type { ClusterNames } from "./network/dns/clusterZone.ts";
import { Network } from "./network/network.ts";
import { machineAddress, PodNetwork } from "./network/podNetwork.ts";
import type { ProcessNetwork } from "./network/processNetwork.ts";
import { KubeProxy, ServiceWatch } from "./network/proxy.ts";
import { openWorld } from "./network/world.ts";
import { joinNode } from "./node/join/nodeJoin.ts";
import { Kubelet } from "./node/kubelet.ts";
import { administratorLabels, machineOf } from "./node/machine.ts";
import { type DnsSettings, resolvConf } from "./node/managedFiles.ts";
import { ObjectIndex } from "./node/objectIndex.ts";
import type { RuntimeProfile } from "./node/runtimeProfile.ts";
import { ManifestFolder } from "./node/static/manifestFolder.ts";
import { Troubles } from "./node/troubles.ts";
import { ConfigWatch } from "./node/volumes/configWatch.ts";
import { VolumeStore } from "./node/volumes/volumeStore.ts";
import { serviceRange } from "./registry/serviceAddresses.ts";
import { refusalText } from "./registry/transportErrors.ts";
import type { Trace } from "./trace.ts";

export interface MachinesWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly source: ListerWatcher & { readonly isServing: boolean };
  readonly profile: RuntimeProfile;
  /** The runtime of a machine on which kube-proxy is a Pod, or that hosts the control plane. */
  profileOf?(machine: MachineSpec, proxy: KubeProxy): RuntimeProfile;
  /** How machines join that are not part of the cluster yet; they are trusted if absent. */
  readonly joining?: Joining;
  /** @param isCutOff true while nothing gets from the client to the server */
  clientFor(user: string, isCutOff?: () => boolean): LocalClient;
}

export interface Joining {
  /** Who has the token, e.g. "system:bootstrap:abcdef"; undefined if there is no token (any more). */
  tokenUser(): string | undefined;
  readonly makeRequest: CertificateRequests;
}

type IsBroken = (fault: Fault) => boolean;

interface Machine {
  readonly spec: MachineSpec;
  readonly address: string;
  readonly kubelet: Kubelet;
  readonly proxy: KubeProxy;
  readonly troubles: Troubles;
  /** It is there because somebody made its Node, and goes with it. */
  readonly isOfNode: boolean;
  /** Labels that only an administrator may set have been set. */
  isMarked: boolean;
  join?: Disposable;
}

/** From the moment in which somebody makes a Node to the start of its machine's kubelet. Ours. */
const bootMs: Millis = 5 * second;
/** As kubeadm sets the cluster's own; the machines ask their gateway. */
const dns: DnsSettings = {
  clusterDns: "10.96.0.10",
  clusterDomain: "cluster.local",
  hostDns: ["172.18.0.1"],
};

export class Machines {
  private readonly machines = new Map<string, Machine>();
  private readonly folders = new Map<string, ManifestFolder>();
  private readonly pods: ObjectIndex<Pod>;
  private readonly nodes: ObjectIndex<Node>;
  private readonly services: ServiceWatch;
  private readonly informers: InformerFactory;
  readonly network: Network;
  /** What DNS servers know of the cluster. */
  readonly names: ClusterNames;
  private readonly allPods: Lister<Pod>;
  private readonly registries = { isRunning: true };
  private readonly volumes: VolumeStore;
  private readonly configs: ConfigWatch;

  constructor(private readonly world: MachinesWorld) {
    this.volumes = new VolumeStore(() => world.clock.now());
    const informers = new InformerFactory(world.source);
    this.informers = informers;
    const nodes = informers.informer(NodeKind);
    this.configs = new ConfigWatch(
      informers.informer(ConfigMapKind),
      informers.informer(SecretKind),
    );
    this.allPods = informers.informer(PodKind);
    this.pods = new ObjectIndex(this.allPods, ({ spec }) => spec.nodeName);
    this.nodes = new ObjectIndex(nodes, ({ metadata }) => metadata.name);
    this.services = new ServiceWatch(
      informers.informer(ServiceKind),
      informers.informer(EndpointSliceKind),
    );
    const namespaces = informers.informer(NamespaceKind);
    this.network = new Network({
      clock: world.clock,
      random: world.random.fork("network"),
      services: this.services,
      policies: informers.informer(NetworkPolicyKind),
      namespaceLabels: (name) => namespaces.get({ namespace: "", name })?.metadata.labels,
      pod: (machine, uid) => this.pods.get(machine, uid),
      podsOn: (machine) => this.pods.list(machine),
      node: (name) => this.nodes.list(name)[0],
    });
    openWorld(this.network);
    this.names = clusterNames({
      services: this.services.services,
      slices: this.services.slices,
      namespaces,
      pods: this.allPods,
    });
    nodes.onChange((change) => this.nodeChanged(change));
  }

  /** @param isBroken what of the machines does not run */
  start(specs: readonly MachineSpec[], isBroken: IsBroken = () => false): void {
    for (const machine of specs) this.add(machine, isBroken);
    for (const node of this.informers.informer(NodeKind).list()) this.boot(node, isBroken);
  }

  /** Switches a new machine on. @throws Error if there is one of that name */
  add(spec: MachineSpec, isBroken: IsBroken = () => false, isOfNode = false): void {
    const { name: node } = spec;
    if (this.machines.has(node)) throw new Error(`there is a machine called ${node} already`);
    const known = this.nodes.list(node)[0];
    const address = internalAddress(known) ?? this.freeAddress();
    const proxy = this.makeProxy(spec, address);
    const troubles = new Troubles();
    const kubelet = this.makeKubelet({ spec, address, proxy, troubles });
    const isMarked = known !== undefined;
    const machine = { spec, address, kubelet, proxy, troubles, isOfNode, isMarked };
    this.machines.set(node, machine);
    const isStopped = (service: NodeService): boolean =>
      isBroken({ type: "stopNodeService", node, service });
    if (!this.hasProxyPods && !isStopped("kube-proxy")) proxy.start(this.refusal());
    if (isBroken({ type: "powerOff", node })) this.setPower(node, false);
    if (!isStopped("kubelet")) this.startKubelet(machine, known !== undefined);
  }

  /** Takes a machine away; what the API has of it is somebody else's business. */
  remove(node: string): void {
    const { kubelet, join } = this.machine(node);
    join?.dispose();
    kubelet.powerOff();
    kubelet.dispose();
    this.network.removeMachine(node);
    this.machines.delete(node);
    this.folders.delete(node);
  }

  /** All machines but those that are there for the sake of their Node. */
  specs(): readonly MachineSpec[] {
    return [...this.machines.values()].filter(({ isOfNode }) => !isOfNode).map(({ spec }) => spec);
  }

  /** Machines that have no Node. */
  unregistered(): readonly UnregisteredMachine[] {
    return [...this.machines.values()]
      .filter(({ spec }) => this.nodes.list(spec.name).length === 0)
      .map(({ spec: { name, role } }) => ({ name, isControlPlane: role === "control-plane" }));
  }

  /** @throws Error if there is no such machine */
  roleOf(node: string): MachineSpec["role"] {
    return this.machine(node).spec.role;
  }

  /** The folder of a machine's static Pods. */
  manifests(node: string): ManifestFolder {
    const known = this.folders.get(node) ?? new ManifestFolder();
    this.folders.set(node, known);
    return known;
  }

  /** What a Pod's /etc/resolv.conf says when it starts. */
  resolvConf(pod: Pod): string {
    return resolvConf(pod, dns);
  }

  pod(key: ObjectKey): Pod | undefined {
    return this.allPods.get(key);
  }

  /** The network of the machine that kube-apiserver runs on; disposed by who asked for it. */
  controlPlaneNetwork(): ProcessNetwork {
    const machine = this.network.listMachines().find(({ address }) => address === apiServerHost);
    assert(machine, "kube-apiserver runs on a machine");
    return this.network.forProcesses(machine, {
      files: { resolvConf: () => "", hosts: () => "" },
    });
  }

  proxy(node: string): KubeProxy | undefined {
    return this.machines.get(node)?.proxy;
  }

  /** What an agent of a machine has written. @throws Error if there is no such machine */
  log(node: string, service: NodeService): ComponentLog {
    const { kubelet, proxy } = this.machine(node);
    return service === "kubelet" ? kubelet.ownLog : proxy.log;
  }

  get(node: string): Kubelet | undefined {
    return this.machines.get(node)?.kubelet;
  }

  /** @throws Error if there is no such machine */
  setPower(node: string, on: boolean): void {
    const { kubelet } = this.machine(node);
    this.network.setPower(node, on);
    if (on) kubelet.powerOn();
    else kubelet.powerOff();
  }

  /** @throws Error if there is no such machine */
  setServiceRunning(node: string, service: NodeService, running: boolean): void {
    const machine = this.machine(node);
    const { kubelet, proxy } = machine;
    if (service === "kubelet") {
      if (running) this.startKubelet(machine, this.nodes.list(node).length > 0);
      else kubelet.stopAgent();
    } else if (running) proxy.start(this.refusal());
    else proxy.stop();
  }

  /** @throws Error if there is no such machine */
  setFault(fault: MachineFault, isPresent: boolean): void {
    const { troubles, kubelet, proxy } = this.machine(fault.node);
    troubles.set(fault, isPresent);
    if (fault.type === "losePackets")
      this.network.setLoss(fault.node, isPresent ? fault.percent : 0);
    if (fault.type !== "cutOffNode") return;
    this.network.setCutOff(fault.node, isPresent);
    kubelet.setConnected(!isPresent);
    proxy.setConnected(!isPresent);
  }

  /** Whether registries answer the machines that pull images. */
  setRegistriesRunning(isRunning: boolean): void {
    this.registries.isRunning = isRunning;
  }

  /** @throws Error if no such container runs */
  killContainer(key: ObjectKey, container: string): void {
    const pod = this.allPods.get(key);
    const kubelet = this.machines.get(pod?.spec.nodeName ?? "")?.kubelet;
    if (!kubelet?.kill(pod?.metadata.uid ?? "", container))
      throw new Error(`container ${container} of ${key.namespace}/${key.name} does not run`);
  }

  /** How kube-apiserver is not reached; undefined while it can be. */
  private refusal(): ((path: string) => string) | undefined {
    return this.world.source.isServing ? undefined : (path) => refusalText("Get", path);
  }

  private get hasProxyPods(): boolean {
    return this.world.profileOf !== undefined;
  }

  private machine(node: string): Machine {
    const machine = this.machines.get(node);
    if (!machine) throw new Error(`there is no machine called ${node}`);
    return machine;
  }

  private makeKubelet({
    spec: machine,
    address,
    proxy,
    troubles,
  }: Pick<Machine, "spec" | "address" | "proxy" | "troubles">): Kubelet {
    const { clock, trace, random, profile, profileOf, clientFor } = this.world;
    const podNetwork = new PodNetwork((uid) => this.network.removePod(uid));
    const linked = { name: machine.name, address, pods: podNetwork, proxy };
    this.network.addMachine(linked);
    return new Kubelet({
      clock,
      trace,
      random,
      client: clientFor(`system:node:${machine.name}`, () => troubles.isCutOff),
      pods: this.pods,
      nodes: this.nodes,
      machine,
      address,
      podNetwork,
      cluster: { forProcesses: (options) => this.network.forProcesses(linked, options) },
      profile: dnsRuntime(profileOf ? profileOf(machine, proxy) : profile, this.names),
      manifests: this.manifests(machine.name),
      dns,
      services: this.services.services,
      configs: this.configs,
      volumes: this.volumes,
      troubles,
      registries: this.registries,
    });
  }

  /** A worker that the cluster does not know yet has to be let in first. */
  private startKubelet(machine: Machine, isKnown: boolean): void {
    const { joining, clock, clientFor } = this.world;
    const { spec, kubelet } = machine;
    const begin = (): void => {
      kubelet.startAgent();
      this.mark(machine);
    };
    const user = joining?.tokenUser();
    if (!joining || user === undefined || isKnown || spec.role === "control-plane") {
      begin();
      return;
    }
    machine.join?.dispose();
    machine.join = joinNode({
      clock,
      node: spec.name,
      client: clientFor(user),
      requests: this.informers.informer(CertificateSigningRequest),
      makeRequest: joining.makeRequest,
      joined: begin,
    });
  }

  private nodeChanged({ old, now }: Change<Node>): void {
    const machine = this.machines.get((now ?? old)?.metadata.name ?? "");
    if (now && machine && !machine.isMarked) this.mark(machine);
    if (now && !old && !machine && this.world.profile.runsAppliedNodes)
      this.world.clock.after(bootMs, `the machine of ${now.metadata.name} boots`, () =>
        this.boot(now, () => false),
      );
    if (!now && machine?.isOfNode) this.remove(machine.spec.name);
  }

  /** A Node that nobody's machine has registered gets one, as in KWOK. */
  private boot({ metadata }: Node, isBroken: IsBroken): void {
    const [node] = this.nodes.list(metadata.name);
    const { profile } = this.world;
    if (!node || !profile.runsAppliedNodes || this.machines.has(metadata.name)) return;
    this.add(machineOf(node), isBroken, true);
  }

  /** Kubelets may not say what role they have: whoever lets a machine join does, once. */
  private mark(machine: Machine): void {
    const labels = administratorLabels(machine.spec);
    if (machine.isMarked || Object.keys(labels).length === 0) return;
    const key = { namespace: "", name: machine.spec.name };
    try {
      this.world.clientFor("kubernetes-admin").patch(NodeKind, key, { metadata: { labels } });
      machine.isMarked = true;
    } catch (error) {
      // A node that could not register yet is marked when it has.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private freeAddress(): string {
    const taken = new Set([...this.machines.values()].map(({ address }) => address));
    for (let index = 0; ; index++) {
      const address = machineAddress(index);
      if (!taken.has(address)) return address;
    }
  }

  private makeProxy({ name, zone }: MachineSpec, nodeAddress: string): KubeProxy {
    const { clock, random } = this.world;
    const node = {
      name,
      clusterCidr: cidrText(clusterCidr),
      serviceCidr: serviceRange,
      ...(zone ? { zone } : {}),
    };
    return new KubeProxy({ clock, random, watch: this.services, node, nodeAddress });
  }
}

function internalAddress(node: Node | undefined): string | undefined {
  return node?.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
}
