// Follows a request through the network's present state without sending it: its name, the rules and
// policies on its way, and who listens at its end.
import type {
  DnsQuestionAsked,
  RequestTrace,
  TraceHop,
  TraceRequest,
  TraceSource,
  TraceStop,
} from "../../api/requestTrace.ts";
import { notFoundError } from "../../api/status.ts";
import type { Pod, Service } from "../../api/types.ts";
import type { Random } from "../../base/random.ts";
import type { Protocol } from "./containerNetwork.ts";
import type { Course } from "./course.ts";
import type { ClusterNames } from "./dns/clusterZone.ts";
import type { DnsAnswer } from "./dns/dnsRecord.ts";
import type { ResolverSettings } from "./dns/resolvConf.ts";
import { candidates } from "./dns/resolver.ts";
import type { Network, NetworkMachine } from "./network.ts";
import type { Place } from "./networkNamespace.ts";
import { gatewayAddress } from "./podNetwork.ts";

export interface TraceWorld {
  readonly network: Network;
  readonly names: ClusterNames;
  readonly random: Random;
  readonly machines: readonly NetworkMachine[];
  pod(namespace: string, name: string): Pod | undefined;
  /** What a Pod's /etc/resolv.conf says. */
  resolverOf(pod: Pod): ResolverSettings;
  /** What a server would answer, if it is asked. */
  wouldAnswer(server: Place, name: string): DnsAnswer;
}

/** Where somebody outside of the cluster is: an address for documentation (RFC 5737). */
const outsideAddress = "198.51.100.1";

/** @throws ApiError NotFound if there is no such Pod, Service or node */
export function traceRequest(request: TraceRequest, world: TraceWorld): RequestTrace {
  return new Tracer(request, world).trace();
}

interface Aim {
  /** An address, or a name that must be looked up. */
  readonly host: string;
  readonly port: number;
}

class Tracer {
  private readonly hops: TraceHop[] = [];
  private readonly protocol: Protocol;

  constructor(
    private readonly request: TraceRequest,
    private readonly world: TraceWorld,
  ) {
    this.protocol = request.protocol ?? "TCP";
  }

  trace(): RequestTrace {
    const { from } = this.request;
    const place = this.start(from);
    const aim = this.aim();
    if (!place) return this.ended("noNetwork");
    if (!aim) return this.ended("noAddress");
    const address = this.resolve(place, aim.host);
    if (typeof address !== "string") return this.ended(address.stop);
    const target = { address, port: aim.port, protocol: this.protocol };
    const course = this.course(place, target);
    this.hops.push(...course.hops);
    if (course.end.type === "stopped") return this.ended(course.end.stop);
    return this.arrive(course.end.place, course.end.port);
  }

  private course(from: Place, to: Parameters<Network["course"]>[1]): Course {
    return this.world.network.course(from, to, this.world.random);
  }

  private arrive(place: Place, port: number): RequestTrace {
    const isOpen = this.world.network.isListening(place, this.protocol, port);
    this.hops.push({ type: "listener", address: place.address, port, isOpen });
    return isOpen ? { hops: this.hops, outcome: "connected" } : this.ended("noListener");
  }

  private ended(stop: TraceStop): RequestTrace {
    return { hops: this.hops, stop, outcome: outcomes[stop] };
  }

  /** Undefined if the Pod has no network (yet). @throws ApiError NotFound */
  private start(source: TraceSource): Place | undefined {
    if (source.type === "outside") {
      this.hops.push({ type: "start", at: "", address: outsideAddress });
      return { address: outsideAddress };
    }
    const pod = source.type === "pod" ? this.pod(source.namespace, source.name) : undefined;
    const node = source.type === "node" ? source.name : pod?.spec.nodeName;
    const machine = this.world.machines.find(({ name }) => name === node);
    if (!machine && source.type === "node")
      throw notFoundError({ group: "", kind: "nodes", name: source.name });
    const podUid = pod && !pod.spec.hostNetwork ? pod.metadata.uid : undefined;
    const address = podUid === undefined ? machine?.address : machine?.pods.addressOf(podUid);
    const at = source.type === "pod" ? `${source.namespace}/${source.name}` : source.name;
    this.hops.push({ type: "start", at, address: address ?? "", ...(node ? { node } : {}) });
    if (!machine || address === undefined) return undefined;
    return { address, machine, ...(podUid === undefined ? {} : { podUid }) };
  }

  /** @throws ApiError NotFound */
  private pod(namespace: string, name: string): Pod {
    const pod = this.world.pod(namespace, name);
    if (!pod) throw notFoundError({ group: "", kind: "pods", name });
    return pod;
  }

  private aim(): Aim | undefined {
    const { to, port } = this.request;
    if (to.type === "host") return { host: to.host, port: port ?? 80 };
    if (to.type === "service") return this.serviceAim(to.namespace, to.name);
    const { spec, status } = this.pod(to.namespace, to.name);
    const declared = spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    return status?.podIP ? { host: status.podIP, port: port ?? declared ?? 80 } : undefined;
  }

  /** Pods use its name; nodes and the world, which do not know that, an address. @throws ApiError NotFound */
  private serviceAim(namespace: string, name: string): Aim | undefined {
    const service = this.world.names.service(namespace, name);
    if (!service) throw notFoundError({ group: "", kind: "services", name });
    const { from } = this.request;
    const ports = service.spec.ports ?? [];
    const found = ports.find(({ port }) => port === this.request.port) ?? ports[0];
    const port = this.request.port ?? found?.port ?? 80;
    if (from.type === "pod")
      return {
        host: from.namespace === namespace ? name : `${name}.${namespace}`,
        port: service.spec.clusterIP === "None" ? this.targetPort(service, port) : port,
      };
    const { clusterIP } = service.spec;
    if (from.type === "node")
      return clusterIP && clusterIP !== "None" ? { host: clusterIP, port } : undefined;
    const balancer = service.status?.loadBalancer?.ingress?.[0]?.ip;
    if (balancer !== undefined) return { host: balancer, port };
    const [machine] = this.world.machines;
    return machine && found?.nodePort ? { host: machine.address, port: found.nodePort } : undefined;
  }

  /** Behind a headless Service nobody translates ports: a client must know that of the Pods. */
  private targetPort({ metadata }: Service, port: number): number {
    const slices = this.world.names.slices(metadata.namespace ?? "", metadata.name ?? "");
    return this.request.port ?? slices.flatMap(({ ports = [] }) => ports)[0]?.port ?? port;
  }

  private resolve(place: Place, host: string): string | { readonly stop: TraceStop } {
    if (/^[\d.]+$/.test(host)) return host;
    const { from } = this.request;
    const pod = from.type === "pod" ? this.pod(from.namespace, from.name) : undefined;
    const settings = pod ? this.world.resolverOf(pod) : worldSettings;
    const [server = ""] = settings.servers;
    const course = this.course(place, { address: server, port: 53, protocol: "UDP" });
    const { end } = course;
    const isServed =
      end.type === "reached" && this.world.network.isListening(end.place, "UDP", end.port);
    const asked: DnsQuestionAsked[] = [];
    let address: string | undefined;
    for (const name of candidates(host, settings)) {
      if (!isServed) {
        asked.push({ name, type: "A", status: "TIMEOUT", data: [] });
        break;
      }
      const { status, records } = this.world.wouldAnswer(end.place, name);
      asked.push({ name, type: "A", status, data: records.map(({ data }) => data) });
      address = records.find(({ type }) => type === "A")?.data;
      if (address !== undefined) break;
    }
    const found = address === undefined ? {} : { address };
    this.hops.push({ type: "dns", server, way: course.hops, asked, ...found });
    if (address !== undefined) return address;
    if (end.type === "stopped")
      return { stop: end.stop === "deniedEgress" ? "deniedDns" : "noDns" };
    return { stop: isServed ? "noName" : "noDns" };
  }
}

/** Who is not a Pod asks the name server of the world. */
const worldSettings: ResolverSettings = { servers: [gatewayAddress], search: [], options: {} };

const outcomes: Readonly<Record<TraceStop, RequestTrace["outcome"]>> = {
  noNetwork: "timeout",
  noName: "unknownHost",
  noDns: "unknownHost",
  deniedDns: "unknownHost",
  noEndpoints: "refused",
  noLocalEndpoints: "timeout",
  firewall: "timeout",
  deniedEgress: "timeout",
  deniedIngress: "timeout",
  nodeDown: "noRoute",
  noRoute: "noRoute",
  noListener: "refused",
  noSuchPort: "timeout",
  noAddress: "timeout",
};
