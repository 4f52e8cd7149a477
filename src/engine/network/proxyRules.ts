// The iptables rules that kube-proxy programs on a node, as data. Pure.
// Source: pkg/proxy/iptables/proxier.go syncProxyRules, kubernetes v1.34.
import type { EndpointSlice, Service, ServicePort } from "../../api/types.ts";
import { categorize, endpointsOf, type ProxyEndpoint, type ProxyNode } from "./proxyEndpoints.ts";
import { sha256 } from "./sha256.ts";

/** What a packet must be; each member that is absent lets any packet pass. */
export interface Match {
  readonly protocol?: string;
  readonly toIp?: string;
  readonly toPort?: number;
  /** To any address of the node itself. */
  readonly toLocal?: boolean;
  readonly fromIp?: string;
  /** From outside this range. */
  readonly notFrom?: string;
  /** The rule's target got a packet of this client within so many seconds. */
  readonly seenWithin?: number;
  /** Notes that this chain got a packet of the client. */
  readonly remembers?: boolean;
}

export interface Rule {
  readonly match: Match;
  readonly comment: string;
  /** Taken this often among the packets that get here; always if absent. */
  readonly probability?: number;
  /** A chain, "REJECT", "DROP", "DNAT" or "RETURN". */
  readonly target: string;
  /** Where DNAT sends the packet. */
  readonly destination?: ProxyEndpoint;
}

export interface RuleSet {
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
  /** Service ports that have rules. */
  readonly services: number;
  /** Endpoints that traffic may be sent to. */
  readonly endpoints: number;
}

const servicesChain = "KUBE-SERVICES";
const nodePortsChain = "KUBE-NODEPORTS";
const masquerade = "KUBE-MARK-MASQ";
/** v1.DefaultClientIPServiceAffinitySeconds: three hours. */
export const affinitySeconds = 10_800;

/** @param slices all of them; each names its Service by the label kubernetes.io/service-name */
export function rulesFor(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  node: ProxyNode,
): RuleSet {
  const builder = new RuleBuilder(node);
  const byService = groupSlices(slices);
  for (const service of services)
    if (hasRules(service))
      for (const port of service.spec.ports ?? [])
        builder.addPort(service, port, byService.get(serviceKey(service)) ?? []);
  return builder.finish();
}

/** "-A KUBE-SVC-… -m comment --comment "…" -j …": as iptables-save prints it. */
export function ruleText(chain: string, rule: Rule): string {
  const { comment, probability, target, destination } = rule;
  const parts = [`-A ${chain}`];
  if (comment !== "") parts.push(`-m comment --comment "${comment}"`);
  parts.push(...matchTexts(chain, rule));
  if (probability !== undefined)
    parts.push(`-m statistic --mode random --probability ${probability.toFixed(10)}`);
  parts.push(`-j ${target}`);
  if (destination) parts.push(`--to-destination ${destination.ip}:${destination.port}`);
  return parts.join(" ");
}

function matchTexts(chain: string, { match, target }: Rule): readonly string[] {
  const { protocol, toIp, toPort, toLocal, fromIp, notFrom, seenWithin, remembers } = match;
  const parts: string[] = [];
  if (notFrom !== undefined) parts.push(`! -s ${notFrom}`);
  if (fromIp !== undefined) parts.push(`-s ${fromIp}/32`);
  if (toIp !== undefined) parts.push(`-d ${toIp}/32`);
  if (toLocal) parts.push("-m addrtype --dst-type LOCAL");
  if (protocol !== undefined) parts.push(`-p ${protocol}`);
  if (seenWithin !== undefined)
    parts.push(`-m recent --name ${target} --rcheck --seconds ${seenWithin} --reap --rsource`);
  if (remembers) parts.push(`-m recent --name ${chain} --set --rsource`);
  if (protocol !== undefined) parts.push(`-m ${protocol}`);
  if (toPort !== undefined) parts.push(`--dport ${toPort}`);
  return parts;
}

/** "KUBE-SVC-" and the like, by a hash of "namespace/name:port" and protocol, as on a real node. */
export function chainName(
  prefix: string,
  portName: string,
  protocol: string,
  endpoint = "",
): string {
  return `${prefix}-${base32(sha256(portName + protocol + endpoint)).slice(0, 16)}`;
}

/** "default/web:http": how kube-proxy calls a port of a Service. */
export function portNameOf({ metadata }: Service, { name }: ServicePort): string {
  return `${metadata.namespace}/${metadata.name}${name ? `:${name}` : ""}`;
}

class RuleBuilder {
  private readonly chains = new Map<string, Rule[]>([
    [servicesChain, []],
    [nodePortsChain, []],
  ]);
  private readonly endpoints = new Set<string>();
  private services = 0;

  constructor(private readonly node: ProxyNode) {}

  addPort(service: Service, port: ServicePort, slices: readonly EndpointSlice[]): void {
    this.services++;
    const name = portNameOf(service, port);
    const protocol = (port.protocol ?? "TCP").toLowerCase();
    const { cluster, local } = categorize(service, endpointsOf(port, slices, this.node), this.node);
    const isInternalLocal = service.spec.internalTrafficPolicy === "Local";
    const isExternalLocal = service.spec.externalTrafficPolicy === "Local";
    const internal = isInternalLocal ? local : cluster;
    const external = isExternalLocal ? local : cluster;
    const clusterChain = chainName("KUBE-SVC", name, protocol);
    const localChain = chainName("KUBE-SVL", name, protocol);
    const context = { service, name, protocol };
    if (cluster.length > 0) this.addBalancer(clusterChain, cluster, context);
    if (local.length > 0 && (isInternalLocal || isExternalLocal))
      this.addBalancer(localChain, local, context);
    this.addClusterIp(
      context,
      port,
      internal.length > 0 ? (isInternalLocal ? localChain : clusterChain) : undefined,
    );
    if (port.nodePort || externalAddresses(service).length > 0)
      this.addExternal(
        context,
        port,
        external.length > 0 ? (isExternalLocal ? localChain : clusterChain) : undefined,
      );
  }

  finish(): RuleSet {
    // Node ports come last, for addresses that are the node's own.
    this.append(servicesChain, {
      match: { toLocal: true },
      comment: "kubernetes service nodeports; NOTE: this must be the last rule in this chain",
      target: nodePortsChain,
    });
    return { chains: this.chains, services: this.services, endpoints: this.endpoints.size };
  }

  private addClusterIp(
    { service, name, protocol }: PortContext,
    port: ServicePort,
    chain: string | undefined,
  ): void {
    const match = { toIp: service.spec.clusterIP ?? "", protocol, toPort: port.port };
    if (chain === undefined) {
      this.append(servicesChain, { match, comment: `${name} has no endpoints`, target: "REJECT" });
      return;
    }
    const comment = `${name} cluster IP`;
    this.append(servicesChain, { match, comment, target: chain });
    if (this.node.clusterCidr !== undefined)
      this.chains.get(chain)?.unshift({
        match: { ...match, notFrom: this.node.clusterCidr },
        comment,
        target: masquerade,
      });
  }

  private addExternal(
    { service, name, protocol }: PortContext,
    port: ServicePort,
    chain: string | undefined,
  ): void {
    const external = chainName("KUBE-EXT", name, protocol);
    if (chain !== undefined) {
      if (service.spec.externalTrafficPolicy !== "Local")
        this.append(external, {
          match: {},
          comment: `masquerade traffic for ${name} external destinations`,
          target: masquerade,
        });
      this.append(external, { match: {}, comment: "", target: chain });
    }
    const target = chain === undefined ? "REJECT" : external;
    const because = chain === undefined ? `${name} has no endpoints` : undefined;
    for (const ip of externalAddresses(service))
      this.append(servicesChain, {
        match: { toIp: ip, protocol, toPort: port.port },
        comment: because ?? `${name} loadbalancer IP`,
        target,
      });
    if (port.nodePort)
      this.append(nodePortsChain, {
        match: { protocol, toPort: port.nodePort },
        comment: because ?? name,
        target,
      });
  }

  /** A chain that hands packets to endpoints: each rule takes its share of what the ones before left. */
  private addBalancer(
    chain: string,
    endpoints: readonly ProxyEndpoint[],
    { service, name, protocol }: PortContext,
  ): void {
    const isSticky = service.spec.sessionAffinity === "ClientIP";
    const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? affinitySeconds;
    const named = endpoints.map((endpoint) => {
      const address = `${endpoint.ip}:${endpoint.port}`;
      this.endpoints.add(`${name}/${address}`);
      return { endpoint, address, chain: chainName("KUBE-SEP", name, protocol, address) };
    });
    if (isSticky)
      for (const { address, chain: target } of named)
        this.append(chain, {
          match: { seenWithin: seconds },
          comment: `${name} -> ${address}`,
          target,
        });
    for (const [i, { address, chain: target }] of named.entries()) {
      const left = named.length - i;
      this.append(chain, {
        match: {},
        comment: `${name} -> ${address}`,
        ...(left > 1 ? { probability: 1 / left } : {}),
        target,
      });
    }
    for (const { endpoint, chain: own } of named)
      if (!this.chains.has(own)) this.addEndpoint(own, endpoint, { name, protocol, isSticky });
  }

  private addEndpoint(
    chain: string,
    endpoint: ProxyEndpoint,
    { name, protocol, isSticky }: { name: string; protocol: string; isSticky: boolean },
  ): void {
    this.append(chain, { match: { fromIp: endpoint.ip }, comment: name, target: masquerade });
    this.append(chain, {
      match: isSticky ? { protocol, remembers: true } : { protocol },
      comment: name,
      target: "DNAT",
      destination: endpoint,
    });
  }

  private append(chain: string, rule: Rule): void {
    const rules = this.chains.get(chain);
    if (rules) rules.push(rule);
    else this.chains.set(chain, [rule]);
  }
}

interface PortContext {
  readonly service: Service;
  readonly name: string;
  readonly protocol: string;
}

/** Headless Services and those that only name a host have nothing to balance. */
function hasRules({ spec }: Service): boolean {
  const { clusterIP, type } = spec;
  return (
    clusterIP !== undefined && clusterIP !== "" && clusterIP !== "None" && type !== "ExternalName"
  );
}

function externalAddresses({ spec, status }: Service): readonly string[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  return [...(spec.externalIPs ?? []), ...ingress.flatMap(({ ip }) => ip ?? [])];
}

function groupSlices(slices: readonly EndpointSlice[]): ReadonlyMap<string, EndpointSlice[]> {
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata;
    const key = `${namespace}/${labels?.["kubernetes.io/service-name"] ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), slice]);
  }
  return groups;
}

function serviceKey({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** RFC 4648, as far as the first 80 bits: what a chain's name needs. */
function base32(bytes: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let text = "";
  for (let bit = 0; bit + 5 <= 80; bit += 5) {
    const at = bit >> 3;
    const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    text += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}
