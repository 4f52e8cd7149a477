// The simulated network: machines on one link, their Pods' namespaces, and what lies outside of the
// cluster. Whoever connects is led by kube-proxy's rules and stopped by NetworkPolicies.
import type { NetworkPolicy, Node, Pod } from "../../api/types.ts";
import type { Random } from "../../base/random.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import {
  betweenMachinesMs,
  connectRetriesMs,
  connectTimeoutMs,
  noRouteAfterMs,
  retransmitMs,
  toWorldMs,
} from "../limits.ts";
import type { Lister } from "../localInformer.ts";
import { pause, runSteps, type Steps } from "../node/steps.ts";
import { addressOf } from "./addresses.ts";
import type { Destination, NetworkFailure, Protocol } from "./containerNetwork.ts";
import { type Course, courseOf, isLoopback, type NetworkView } from "./course.ts";
import { DatagramSocket } from "./datagramSocket.ts";
import { serveHttp } from "./http1.ts";
import { type Accept, NetworkNamespace, type Place } from "./networkNamespace.ts";
import type { PodNetwork } from "./podNetwork.ts";
import { type NetworkFiles, ProcessNetwork } from "./processNetwork.ts";
import type { KubeProxy, ServiceWatch } from "./proxy.ts";
import { proxyHealthAnswer } from "./proxyHealth.ts";
import { type Carrier, Socket } from "./socket.ts";

/** A machine as the network sees it. */
export interface NetworkMachine {
  readonly name: string;
  readonly address: string;
  readonly pods: PodNetwork;
  readonly proxy: KubeProxy;
}

export interface NetworkWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly services: ServiceWatch;
  readonly policies: Lister<NetworkPolicy>;
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
  pod(machine: string, uid: string): Pod | undefined;
  podsOn(machine: string): readonly Pod[];
  node(name: string): Node | undefined;
}

const mostLoss = 99;

export class Network {
  private readonly machines = new Map<string, NetworkMachine>();
  private readonly byAddress = new Map<string, NetworkMachine>();
  private readonly withoutPower = new Set<string>();
  private readonly cutOff = new Set<string>();
  /** Of packets into and out of machines, in a hundred. */
  private readonly losses = new Map<string, number>();
  /** Of machines by name, of Pods by UID, of the world by address. Made when they are needed. */
  private readonly namespaces = new Map<string, NetworkNamespace>();
  private readonly world: NetworkWorld;
  private readonly view: NetworkView;

  constructor(world: NetworkWorld) {
    this.world = world;
    this.view = this.makeView((proxy, packet) => proxy.send(packet));
  }

  get clock(): Clock {
    return this.world.clock;
  }

  addMachine(machine: NetworkMachine): void {
    this.machines.set(machine.name, machine);
    this.byAddress.set(machine.address, machine);
  }

  /** It is gone for good, and its address is free. */
  removeMachine(name: string): void {
    this.lose(name);
    this.byAddress.delete(this.machines.get(name)?.address ?? "");
    this.machines.delete(name);
    this.withoutPower.delete(name);
    this.cutOff.delete(name);
    this.losses.delete(name);
  }

  /** In the order in which they were added. */
  listMachines(): readonly NetworkMachine[] {
    return [...this.machines.values()];
  }

  machine(name: string): NetworkMachine | undefined {
    return this.machines.get(name);
  }

  /** Takes a machine off the link, or puts it back: its Pods reach each other only. */
  setCutOff(name: string, isCutOff: boolean): void {
    if (isCutOff) this.cutOff.add(name);
    else this.cutOff.delete(name);
  }

  /** Loses so many in a hundred packets into and out of a machine: at most 99, for time must pass. */
  setLoss(name: string, percent: number): void {
    this.losses.set(name, Math.min(percent, mostLoss));
  }

  /** The namespace of a machine itself. */
  hostNamespace(machine: NetworkMachine): NetworkNamespace {
    return this.namespaceOf({ address: machine.address, machine });
  }

  /** The namespace of a Pod; undefined while it has no network. */
  podNamespace(machine: NetworkMachine, podUid: string): NetworkNamespace | undefined {
    const address = machine.pods.addressOf(podUid);
    return address === undefined ? undefined : this.namespaceOf({ address, machine, podUid });
  }

  /**
   * The network of one container's processes; disposed when they are gone.
   * @param podUid absent for what runs in the machine's own namespace, as with host networking
   */
  forProcesses(
    machine: NetworkMachine,
    { podUid, files }: { readonly podUid?: string; readonly files: NetworkFiles },
  ): ProcessNetwork {
    return new ProcessNetwork({
      network: this,
      files,
      random: this.world.random.fork(`processes of ${podUid ?? machine.name}`),
      namespace: () =>
        podUid === undefined ? this.hostNamespace(machine) : this.podNamespace(machine, podUid),
    });
  }

  /** Somebody outside of the cluster. */
  outsideNamespace(address: string): NetworkNamespace {
    return this.namespaceOf({ address });
  }

  /** A Pod's network is taken down. */
  removePod(podUid: string): void {
    this.namespaces.get(podUid)?.remove();
    this.namespaces.delete(podUid);
  }

  /** What a machine without power was talking with waits for answers in vain. */
  setPower(name: string, isOn: boolean): void {
    if (isOn) this.withoutPower.delete(name);
    else {
      this.withoutPower.add(name);
      this.lose(name);
    }
  }

  /** Which way a connection would go; nothing is counted. */
  course(
    from: Place,
    to: Pick<Destination, "address" | "port" | "protocol">,
    random: Random,
  ): Course {
    return courseOf(
      this.makeView((proxy, packet) => proxy.wouldSend(packet, random)),
      from,
      to,
    );
  }

  isListening(place: Place, protocol: Protocol, port: number): boolean {
    return this.listener(place, protocol, port) !== undefined;
  }

  /** Connects as Linux does: what gets no answer is sent again and again, later and later. */
  *connect(from: NetworkNamespace, to: Destination): Steps<Socket | NetworkFailure> {
    if (to.protocol === "UDP") return this.datagramSocket(from, to);
    const { clock } = this.world;
    const began = clock.now();
    const deadline = began + (to.timeoutMs ?? connectTimeoutMs);
    for (let attempt = 0; ; attempt++) {
      const result = yield* this.attempt(from, to);
      if (result !== "lost") return result;
      const next = Math.min(
        deadline,
        began + (connectRetriesMs[attempt] ?? Number.POSITIVE_INFINITY),
      );
      yield pause(next - clock.now(), `connect to ${to.address}:${to.port}`);
      if (next === deadline) return { failure: "timeout" };
    }
  }

  private *attempt(
    from: NetworkNamespace,
    to: Destination,
  ): Steps<Socket | NetworkFailure | "lost"> {
    const course = courseOf(this.view, from.place, to);
    const why = `connect to ${to.address}:${to.port}`;
    if (course.end.type === "stopped") return yield* this.failure(course.end.stop, to);
    const { place, port, source } = course.end;
    const travelMs = this.travelMs(from.place, place);
    if (this.isLost(from.place, place) || this.isLost(place, from.place)) return "lost";
    yield pause(travelMs, why);
    const target = this.namespaceOf(place);
    const accept = this.listener(place, to.protocol, port);
    if (!accept) {
      yield pause(travelMs, why);
      return { failure: "refused" };
    }
    const local = { address: localAddress(from, to), port: from.freePort(to.protocol) };
    const client = new Socket(local, { address: to.address, port: to.port });
    const server = new Socket(
      { address: source === to.address ? source : place.address, port },
      { address: source, port: local.port },
    );
    from.own(client);
    this.join(from, client, { target, server });
    accept(server);
    let isGivenUp = true;
    try {
      yield pause(travelMs, why);
      isGivenUp = false;
    } finally {
      if (isGivenUp) client.close();
    }
    return client;
  }

  /** Who accepts connections: a process, or a machine's kube-proxy itself. */
  private listener(place: Place, protocol: Protocol, port: number): Accept | undefined {
    const known = this.namespaces.get(keyOf(place))?.listener(protocol, port);
    if (known || protocol !== "TCP" || !place.machine || place.podUid !== undefined) return known;
    const { proxy } = place.machine;
    const { clock, services } = this.world;
    const facts = { services: services.services.list(), now: clock.now() };
    const answer = proxyHealthAnswer(proxy, port, facts);
    if (!answer) return undefined;
    return (socket) =>
      runSteps(
        clock,
        serveHttp(socket, function* () {
          yield* [];
          return answer;
        }),
        () => undefined,
      );
  }

  private *failure(stop: string, to: Destination): Steps<NetworkFailure | "lost"> {
    const why = `connect to ${to.address}:${to.port}`;
    if (stop === "noEndpoints") {
      yield pause(0, why);
      return { failure: "refused" };
    }
    if (stop !== "nodeDown" && stop !== "noRoute") return "lost";
    const patience = to.timeoutMs ?? noRouteAfterMs;
    yield pause(Math.min(patience, noRouteAfterMs), why);
    return { failure: patience < noRouteAfterMs ? "timeout" : "noRoute" };
  }

  private datagramSocket(from: NetworkNamespace, to: Destination): Socket {
    const local = { address: localAddress(from, to), port: from.freePort("UDP") };
    const peer = { address: to.address, port: to.port };
    const socket = new DatagramSocket(local, peer, (client) => this.openFlow(from, client, to));
    from.own(socket);
    return socket;
  }

  private openFlow(from: NetworkNamespace, client: Socket, to: Destination): Socket | undefined {
    const { end } = courseOf(this.view, from.place, to);
    const target = end.type === "reached" ? this.namespaceOf(end.place) : undefined;
    const accept = end.type === "reached" ? target?.listener("UDP", end.port) : undefined;
    const isRefused = end.type === "reached" ? !accept : end.stop === "noEndpoints";
    if (isRefused)
      this.clock.after(0, `nobody listens at ${to.address}:${to.port}`, () => client.refuse());
    if (end.type !== "reached" || !target || !accept) return undefined;
    const server = new Socket(
      { address: end.place.address, port: end.port },
      { address: end.source, port: client.local.port },
    );
    this.join(from, client, { target, server });
    accept(server);
    return server;
  }

  private join(
    from: NetworkNamespace,
    client: Socket,
    { target, server }: { readonly target: NetworkNamespace; readonly server: Socket },
  ): void {
    const isResent = !(client instanceof DatagramSocket);
    client.attach(server, this.carrier(from.place, target.place, isResent));
    server.attach(client, this.carrier(target.place, from.place, isResent));
    target.own(server);
  }

  /** @param isResent what is lost is sent again, and what follows waits for it */
  private carrier(from: Place, to: Place, isResent: boolean): Carrier {
    const { clock } = this.world;
    let lastArrival = clock.now();
    return {
      clock,
      travelMs: () => {
        if (!this.isLinked(from.machine, to.machine)) return undefined;
        let onTheWay = this.travelMs(from, to);
        for (let wait = retransmitMs; this.isLost(from, to); wait *= 2) {
          if (!isResent) return undefined;
          onTheWay += wait;
        }
        lastArrival = Math.max(lastArrival, clock.now() + onTheWay);
        return lastArrival - clock.now();
      },
    };
  }

  /** Draws only where something is lost, so that a faultless network draws nothing. */
  private isLost({ machine: from }: Place, { machine: to }: Place): boolean {
    if (from === to) return false;
    const percents = [from, to].map((machine) => this.losses.get(machine?.name ?? "") ?? 0);
    return percents.some((percent) => percent > 0 && this.world.random.below(100) < percent);
  }

  private travelMs(one: Place, other: Place): Millis {
    if (one.machine === other.machine) return 0;
    return one.machine && other.machine ? betweenMachinesMs : toWorldMs;
  }

  private lose(name: string): void {
    for (const [key, namespace] of this.namespaces)
      if (namespace.place.machine?.name === name) {
        namespace.vanish();
        this.namespaces.delete(key);
      }
    this.machines.get(name)?.proxy.forgetRules();
  }

  private namespaceOf(place: Place): NetworkNamespace {
    const key = keyOf(place);
    const known = this.namespaces.get(key);
    if (known) return known;
    const made = new NetworkNamespace(place);
    this.namespaces.set(key, made);
    return made;
  }

  private makeView(pass: NetworkView["pass"]): NetworkView {
    const { world } = this;
    return {
      pass,
      policies: (namespace) => world.policies.list(namespace),
      namespaceLabels: (name) => world.namespaceLabels(name),
      placeOf: (address) => this.placeOf(address),
      machineOfRange: (address) => this.machineOfRange(address),
      podOf: ({ machine, podUid }) =>
        machine && podUid !== undefined ? world.pod(machine.name, podUid) : undefined,
      podsOn: ({ name }) => world.podsOn(name),
      isLinked: (one, other) => this.isLinked(one, other),
      balancerTarget: (address) => this.balancerTarget(address),
      isServiceAddress: (address) =>
        world.services.services.list().some(({ spec }) => spec.clusterIP === address),
    };
  }

  private placeOf(address: string): Place | undefined {
    const host = this.byAddress.get(address);
    if (host) return { address, machine: host };
    const machine = this.machineOfRange(address);
    if (!machine) return this.namespaces.get(address)?.place;
    const podUid = machine.pods.podAt(address);
    return podUid === undefined ? undefined : { address, machine, podUid };
  }

  private machineOfRange(text: string): NetworkMachine | undefined {
    const address = addressOf(text);
    if (address === undefined) return undefined;
    for (const machine of this.machines.values())
      if (machine.pods.contains(address)) return machine;
    return undefined;
  }

  private isLinked(one: NetworkMachine | undefined, other: NetworkMachine | undefined): boolean {
    const isUp = (each: NetworkMachine | undefined): boolean =>
      !each || !this.withoutPower.has(each.name);
    if (one === other) return isUp(one);
    return [one, other].every((each) => isUp(each) && !this.cutOff.has(each?.name ?? ""));
  }

  /** As cloud load balancers do: a node that is Ready and not excluded, any of them. */
  private balancerTarget(address: string): NetworkMachine | undefined {
    const service = this.world.services.services
      .list()
      .find(({ status }) => status?.loadBalancer?.ingress?.some(({ ip }) => ip === address));
    if (!service) return undefined;
    const isLocal = service.spec.externalTrafficPolicy === "Local";
    const candidates = [...this.machines.values()].filter(({ name, proxy }) => {
      const node = this.world.node(name);
      return (
        node !== undefined && isBalanced(node) && (!isLocal || proxy.localEndpoints(service) > 0)
      );
    });
    return candidates[this.world.random.below(Math.max(1, candidates.length))];
  }
}

/** Source: cloud-provider controllers/service/controller.go, node predicates, kubernetes v1.34. */
function isBalanced({ metadata, status }: Node): boolean {
  const isReady = status?.conditions?.some(
    ({ type, status: value }) => type === "Ready" && value === "True",
  );
  const excluded = "node.kubernetes.io/exclude-from-external-load-balancers";
  return isReady === true && metadata.labels?.[excluded] === undefined;
}

function keyOf({ address, machine, podUid }: Place): string {
  return podUid ?? (machine ? `host ${machine.name}` : address);
}

function localAddress(from: NetworkNamespace, { address }: Destination): string {
  return isLoopback(address) ? "127.0.0.1" : from.address;
}
