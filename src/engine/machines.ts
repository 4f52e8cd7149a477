// The machines of the cluster, each with its kubelet and its kube-proxy.
import type { Fault, NodeService } from "../api/fault.ts";
import { EndpointSlice as EndpointSliceKind } from "../api/kinds/endpointSlice.ts";
import { Namespace as NamespaceKind } from "../api/kinds/namespace.ts";
import { NetworkPolicy as NetworkPolicyKind } from "../api/kinds/networkPolicy.ts";
import { Node as NodeKind } from "../api/kinds/node.ts";
import { Pod as PodKind } from "../api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../api/kinds/service.ts";
import { ApiError } from "../api/status.ts";
import type { Node, Pod } from "../api/types.ts";
import { assert } from "../base/assert.ts";
import type { Random } from "../base/random.ts";
import type { VirtualClock } from "./clock.ts";
import type { LocalClient } from "./localClient.ts";
import { InformerFactory, type ListerWatcher } from "./localInformer.ts";
import { cidrText, clusterCidr } from "./network/addresses.ts";
import { Network } from "./network/network.ts";
import { machineAddress, PodNetwork } from "./network/podNetwork.ts";
import { KubeProxy, ServiceWatch } from "./network/proxy.ts";
import { openWorld } from "./network/world.ts";
import { Kubelet } from "./node/kubelet.ts";
import { administratorLabels, type MachineSpec } from "./node/machine.ts";
import { ObjectIndex } from "./node/objectIndex.ts";
import type { RuntimeProfile } from "./node/runtimeProfile.ts";
import { ManifestFolder } from "./node/static/manifestFolder.ts";
import type { Trace } from "./trace.ts";

export interface MachinesWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly source: ListerWatcher;
  profileOf(machine: MachineSpec): RuntimeProfile;
  clientFor(user: string): LocalClient;
}

export class Machines {
  private readonly kubelets = new Map<string, Kubelet>();
  private readonly proxies = new Map<string, KubeProxy>();
  private readonly folders = new Map<string, ManifestFolder>();
  private readonly pods: ObjectIndex<Pod>;
  private readonly nodes: ObjectIndex<Node>;
  private readonly services: ServiceWatch;
  readonly network: Network;

  constructor(private readonly world: MachinesWorld) {
    const informers = new InformerFactory(world.source);
    this.pods = new ObjectIndex(informers.informer(PodKind), ({ spec }) => spec.nodeName);
    this.nodes = new ObjectIndex(informers.informer(NodeKind), ({ metadata }) => metadata.name);
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
  }

  /** @param isBroken what of the machines does not run */
  start(specs: readonly MachineSpec[], isBroken: (fault: Fault) => boolean = () => false): void {
    for (const machine of specs) this.add(machine, isBroken);
  }

  /** Switches a new machine on. */
  add(machine: MachineSpec, isBroken: (fault: Fault) => boolean = () => false): Kubelet {
    assert(!this.kubelets.has(machine.name), `there is one machine called ${machine.name}`);
    const { clock, trace, random, clientFor } = this.world;
    const address = machineAddress(this.kubelets.size);
    const isNew = this.nodes.list(machine.name).length === 0;
    const { name: node } = machine;
    const isStopped = (service: NodeService): boolean =>
      isBroken({ type: "stopNodeService", node, service });
    const proxy = this.makeProxy(machine, address);
    this.proxies.set(machine.name, proxy);
    const podNetwork = new PodNetwork((uid) => this.network.removePod(uid));
    const linked = { name: node, address, pods: podNetwork, proxy };
    this.network.addMachine(linked);
    const kubelet = new Kubelet({
      clock,
      trace,
      random,
      client: clientFor(`system:node:${machine.name}`),
      pods: this.pods,
      nodes: this.nodes,
      machine,
      address,
      podNetwork,
      cluster: { forProcesses: (options) => this.network.forProcesses(linked, options) },
      profile: this.world.profileOf(machine),
      manifests: this.manifests(node),
    });
    this.kubelets.set(machine.name, kubelet);
    if (!isStopped("kube-proxy")) proxy.start();
    if (isBroken({ type: "powerOff", node })) this.setPower(node, false);
    if (!isStopped("kubelet")) kubelet.startAgent();
    if (isNew) this.mark(machine);
    return kubelet;
  }

  /** The folder of a machine's static Pods. */
  manifests(node: string): ManifestFolder {
    const known = this.folders.get(node) ?? new ManifestFolder();
    this.folders.set(node, known);
    return known;
  }

  proxy(node: string): KubeProxy | undefined {
    return this.proxies.get(node);
  }

  get(node: string): Kubelet | undefined {
    return this.kubelets.get(node);
  }

  /** @throws ApiError NotFound if there is no such machine */
  setPower(node: string, on: boolean): void {
    const kubelet = this.kubelets.get(node);
    if (!kubelet) throw new Error(`there is no machine called ${node}`);
    this.network.setPower(node, on);
    if (on) kubelet.powerOn();
    else kubelet.powerOff();
  }

  /** @throws Error if there is no such machine */
  setServiceRunning(node: string, service: NodeService, running: boolean): void {
    const kubelet = this.kubelets.get(node);
    const proxy = this.proxies.get(node);
    if (!kubelet || !proxy) throw new Error(`there is no machine called ${node}`);
    if (service === "kubelet") {
      if (running) kubelet.startAgent();
      else kubelet.stopAgent();
    } else if (running) proxy.start();
    else proxy.stop();
  }

  /** Kubelets may not say what role they have: whoever lets a machine join does, once. */
  private mark(machine: MachineSpec): void {
    const labels = administratorLabels(machine);
    if (Object.keys(labels).length === 0) return;
    const key = { namespace: "", name: machine.name };
    try {
      this.world.clientFor("kubernetes-admin").patch(NodeKind, key, { metadata: { labels } });
    } catch (error) {
      // A node that could not register has nothing to be marked.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private makeProxy({ name, zone }: MachineSpec, nodeAddress: string): KubeProxy {
    const { clock, random } = this.world;
    const node = { name, clusterCidr: cidrText(clusterCidr), ...(zone ? { zone } : {}) };
    return new KubeProxy({ clock, random, watch: this.services, node, nodeAddress });
  }
}
