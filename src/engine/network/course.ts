// Which way a connection's first packet goes and where it ends: names are known by now. Pure over the
// network's state; connections and traces of requests both go by it.
import type { TraceHop, TraceStop } from "../../api/requestTrace.ts";
import type { Pod } from "../../api/types.ts";
import type { Protocol } from "./containerNetwork.ts";
import { ruleText } from "./iptablesText.ts";
import type { NetworkMachine } from "./network.ts";
import type { Place } from "./networkNamespace.ts";
import { type PolicyEnd, type PolicyWorld, policyVerdict } from "./networkPolicies.ts";
import type { Packet, PacketCourse } from "./packetWalk.ts";
import type { KubeProxy } from "./proxy.ts";
import { firewallChain, nodePortsChain } from "./proxyRules.ts";

/** What the way depends on. */
export interface NetworkView extends PolicyWorld {
  /** What has an address now; undefined for addresses that nobody has. */
  placeOf(address: string): Place | undefined;
  /** The machine whose Pods' range an address lies in. */
  machineOfRange(address: string): NetworkMachine | undefined;
  podOf(place: Place): Pod | undefined;
  podsOn(machine: NetworkMachine): readonly Pod[];
  /** Whether packets pass between two machines, or a machine and the world. */
  isLinked(one: NetworkMachine | undefined, other: NetworkMachine | undefined): boolean;
  /** The machine to which a load balancer outside of the cluster passes its next connection. */
  balancerTarget(address: string): NetworkMachine | undefined;
  isServiceAddress(address: string): boolean;
  /** Sends a packet by a machine's rules, or finds out what they would do. */
  pass(proxy: KubeProxy, packet: Packet): PacketCourse;
}

export interface CourseTarget {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export interface Course {
  readonly hops: readonly TraceHop[];
  readonly end:
    | {
        readonly type: "reached";
        readonly place: Place;
        readonly port: number;
        /** The client's address as the target sees it. */
        readonly source: string;
      }
    | { readonly type: "stopped"; readonly stop: TraceStop };
}

export function courseOf(view: NetworkView, from: Place, to: CourseTarget): Course {
  return new CourseFinder(view, from, to).find();
}

/** Loopback addresses stay within the namespace. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "0.0.0.0";
}

interface SocketPlace {
  readonly address: string;
  readonly port: number;
}

class CourseFinder {
  private readonly hops: TraceHop[] = [];
  private masqueradedBy: NetworkMachine | undefined;
  private hasLeft = false;

  constructor(
    private readonly view: NetworkView,
    private readonly from: Place,
    private readonly to: CourseTarget,
  ) {}

  find(): Course {
    const { from, to } = this;
    const { address } = to;
    const isOwn = isLoopback(address) || address === from.address;
    if (isOwn && (from.podUid !== undefined || !from.machine))
      return this.reached(from, to.port, address);
    if (from.machine) return this.byRules(from.machine);
    const entry = this.entry();
    if (!entry) return this.deliver(to, undefined);
    return this.cross(undefined, entry) ? this.byRules(entry) : this.stopped("nodeDown");
  }

  /** Where the world's packets come into the cluster; undefined if nothing of it has the address. */
  private entry(): NetworkMachine | undefined {
    const { address } = this.to;
    const place = this.view.placeOf(address);
    if (place) return place.podUid === undefined ? place.machine : undefined;
    const machine = this.view.balancerTarget(address);
    if (machine) this.hops.push({ type: "loadBalancer", address, node: machine.name });
    return machine;
  }

  /** What the rules of the machine that the packet is on make of it. */
  private byRules(machine: NetworkMachine): Course {
    const { address, port, protocol } = this.to;
    const course = this.view.pass(machine.proxy, {
      source: this.source,
      ip: address,
      port,
      protocol: lowerCase[protocol],
    });
    this.tellRules(machine, course);
    const { verdict, endpoint, isMasqueraded, matched } = course;
    if (verdict === "rejected") return this.stopped("noEndpoints");
    if (verdict === "dropped")
      return this.stopped(
        matched.at(-1)?.chain === firewallChain ? "firewall" : "noLocalEndpoints",
      );
    if (isMasqueraded) this.masquerade(machine);
    if (endpoint) return this.deliver({ address: endpoint.ip, port: endpoint.port }, machine);
    if (address !== machine.address && !isLoopback(address)) return this.deliver(this.to, machine);
    const forwarded = this.hostPort(machine);
    if (forwarded) return this.deliver(forwarded, machine);
    if (isLoopback(address)) return this.reached(this.from, port, address);
    const place = this.view.placeOf(address);
    return place ? this.reached(place, port, this.source) : this.stopped("nodeDown");
  }

  /** A port of the machine that is a Pod's, as the plugin portmap maps it. */
  private hostPort(machine: NetworkMachine): SocketPlace | undefined {
    for (const pod of this.view.podsOn(machine)) {
      const address = machine.pods.addressOf(pod.metadata.uid ?? "");
      const found = pod.spec.containers
        .flatMap(({ ports = [] }) => ports)
        .find(
          ({ hostPort, hostIP = "", protocol = "TCP" }) =>
            hostPort === this.to.port &&
            protocol === this.to.protocol &&
            ["", "0.0.0.0", this.to.address].includes(hostIP),
        );
      if (!found || address === undefined) continue;
      const { port } = this.to;
      this.hops.push({ type: "hostPort", node: machine.name, pod: nameOf(pod), port });
      return { address, port: found.containerPort };
    }
    return undefined;
  }

  /** To who has the address, past the policies of both ends. */
  private deliver({ address, port }: SocketPlace, via: NetworkMachine | undefined): Course {
    const place = this.view.placeOf(address);
    const pod = place && this.view.podOf(place);
    const target = { ip: address, ...(pod ? { pod } : {}) };
    const isItself = place?.podUid !== undefined && place.podUid === this.from.podUid;
    if (!this.hasLeft && !isItself && !this.isAllowed("Egress", target, port))
      return this.stopped("deniedEgress");
    this.hasLeft = true;
    if (!place) return this.lost(address, via);
    const { machine } = place;
    if (place.podUid === undefined && via && this.from.podUid !== undefined) this.masquerade(via);
    if (!this.cross(via, machine)) return this.stopped("nodeDown");
    // A node's own rules catch its node ports.
    if (machine && place.podUid === undefined && address === this.to.address)
      return this.byRules(machine);
    if (!isItself && !this.isOwnNode(place) && !this.isAllowed("Ingress", target, port))
      return this.stopped("deniedIngress");
    return this.reached(place, port, this.source);
  }

  /** Nobody has the address: of a load balancer, of a Pod that is gone, or of nothing at all. */
  private lost(address: string, via: NetworkMachine | undefined): Course {
    const balanced = this.from.machine === via ? this.view.balancerTarget(address) : undefined;
    if (balanced) {
      this.hops.push({ type: "loadBalancer", address, node: balanced.name });
      return this.cross(via, balanced) ? this.byRules(balanced) : this.stopped("nodeDown");
    }
    const owner = this.view.machineOfRange(address);
    if (owner) return this.stopped(this.cross(via, owner) ? "noRoute" : "nodeDown");
    return this.stopped(this.view.isServiceAddress(address) ? "noSuchPort" : "noAddress");
  }

  private cross(one: NetworkMachine | undefined, other: NetworkMachine | undefined): boolean {
    const isUp = this.view.isLinked(one, other);
    if (one !== other)
      this.hops.push({ type: "link", from: one?.name ?? "", to: other?.name ?? "", isUp });
    return isUp;
  }

  /** What a machine sends to its own Pods is always allowed. */
  private isOwnNode({ machine }: Place): boolean {
    const { from } = this;
    return machine !== undefined && from.podUid === undefined && from.machine === machine;
  }

  private isAllowed(direction: "Ingress" | "Egress", to: PolicyEnd, port: number): boolean {
    const sender = this.view.podOf(this.from);
    const receiver = to.pod;
    const isSeen = direction === "Egress" || !this.isHidden(receiver);
    const from = isSeen
      ? { ip: this.from.address, ...(sender ? { pod: sender } : {}) }
      : { ip: this.source };
    const { protocol } = this.to;
    const verdict = policyVerdict(direction, { from, to, port, protocol }, this.view);
    const pod = direction === "Ingress" ? receiver : sender;
    if (!verdict || !pod) return true;
    const { selectedBy, allowedBy, isAllowed } = verdict;
    this.hops.push({
      type: "policy",
      direction,
      pod: nameOf(pod),
      selectedBy,
      ...(allowedBy === undefined ? {} : { allowedBy }),
      isAllowed,
    });
    return isAllowed;
  }

  /** A source is replaced as the packet leaves a machine: policies on that machine see the true one. */
  private isHidden(receiver: Pod | undefined): boolean {
    const by = this.masqueradedBy?.name;
    return by !== undefined && by !== receiver?.spec.nodeName;
  }

  private get source(): string {
    return this.masqueradedBy?.address ?? this.from.address;
  }

  private masquerade(machine: NetworkMachine): void {
    if (this.source === machine.address) return;
    const { source: from } = this;
    this.hops.push({ type: "masquerade", node: machine.name, from, to: machine.address });
    this.masqueradedBy = machine;
  }

  private tellRules(machine: NetworkMachine, { matched, endpoint }: PacketCourse): void {
    const first = matched.find(({ rule }) => rule.target !== nodePortsChain);
    if (!first) return;
    const { address, port } = this.to;
    this.hops.push({
      type: "service",
      node: machine.name,
      service: serviceIn(first.rule.comment),
      via: viaOf(first.rule.comment, address === machine.address),
      address,
      port,
      rules: matched.map(({ chain, rule }) => ruleText(chain, rule)),
    });
    if (!endpoint) return;
    const choice = matched.findLast(({ rule }) => rule.target.startsWith("KUBE-SEP-"));
    const chain = machine.proxy.rules().nat.get(choice?.chain ?? "") ?? [];
    const among = chain.filter(
      ({ target, match }) => target.startsWith("KUBE-SEP-") && match.seenWithin === undefined,
    );
    this.hops.push({
      type: "endpoint",
      address: endpoint.ip,
      port: endpoint.port,
      ...(endpoint.pod === undefined ? {} : { pod: endpoint.pod }),
      ...(endpoint.node === undefined ? {} : { node: endpoint.node }),
      among: among.length,
      isSticky: choice?.rule.match.seenWithin !== undefined,
    });
  }

  private reached(place: Place, port: number, source: string): Course {
    return { hops: this.hops, end: { type: "reached", place, port, source } };
  }

  private stopped(stop: TraceStop): Course {
    return { hops: this.hops, end: { type: "stopped", stop } };
  }
}

const lowerCase = { TCP: "tcp", UDP: "udp", SCTP: "sctp" } as const;

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** kube-proxy's comments begin with the port's name: "default/web:http cluster IP". */
function serviceIn(comment: string): string {
  return comment.split(" ")[0] ?? comment;
}

function viaOf(
  comment: string,
  isNode: boolean,
): "clusterIP" | "externalIP" | "loadBalancer" | "nodePort" {
  if (comment.endsWith(" external IP")) return "externalIP";
  if (
    comment.endsWith(" loadbalancer IP") ||
    comment.includes("KUBE-PROXY-FIREWALL") ||
    comment.includes("not accepted")
  )
    return "loadBalancer";
  return isNode ? "nodePort" : "clusterIP";
}
