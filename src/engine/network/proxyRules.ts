// The rules that kube-proxy programs on a node in its iptables mode, as data. Pure.
// Source: pkg/proxy/iptables/proxier.go syncProxyRules, kubernetes v1.34.
import type { EndpointSlice, Service } from "../../api/types.ts";
import { isAddressIn } from "./addresses.ts";
import type { ProxyEndpoint, ProxyNode } from "./proxyEndpoints.ts";
import { type ServicePlan, servicePlans } from "./servicePlan.ts";
import { sha256Base32 } from "./sha256.ts";

/** What a packet must be; each member that is absent lets any packet pass. */
export interface Match {
  readonly protocol?: string;
  readonly toIp?: string;
  readonly toPort?: number;
  /** To any address of the node itself. */
  readonly toLocal?: boolean;
  readonly fromIp?: string;
  readonly from?: string;
  /** From outside this range. */
  readonly notFrom?: string;
  /** Sent by the node itself. */
  readonly fromLocal?: boolean;
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
  /** A chain, "REJECT", "DROP", "ACCEPT" or "DNAT"; "" for a rule that only counts. */
  readonly target: string;
  /** Where DNAT sends the packet. */
  readonly destination?: ProxyEndpoint;
}

export type Chains = ReadonlyMap<string, readonly Rule[]>;

export interface RuleSet {
  /** Where packets get their endpoint. */
  readonly nat: Chains;
  /** Where those that got none are refused or dropped. */
  readonly filter: Chains;
  /** Service ports that have rules. */
  readonly services: number;
  /** Endpoints that traffic may be sent to. */
  readonly endpoints: number;
}

export const noRules: RuleSet = { nat: new Map(), filter: new Map(), services: 0, endpoints: 0 };

export const servicesChain = "KUBE-SERVICES";
export const nodePortsChain = "KUBE-NODEPORTS";
export const externalServicesChain = "KUBE-EXTERNAL-SERVICES";
export const firewallChain = "KUBE-PROXY-FIREWALL";
export const masqueradeChain = "KUBE-MARK-MASQ";

/** @param slices all of them; each names its Service by the label kubernetes.io/service-name */
export function rulesFor(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  node: ProxyNode & { readonly address?: string },
): RuleSet {
  const builder = new RuleBuilder(node);
  for (const plan of servicePlans(services, slices, node)) builder.addPort(plan);
  return builder.finish();
}

/** "KUBE-SVC-" and the like, by a hash of "namespace/name:port" and protocol, as on a real node. */
export function chainName(
  prefix: string,
  portName: string,
  protocol: string,
  endpoint = "",
): string {
  return `${prefix}-${sha256Base32(portName + protocol + endpoint).slice(0, 16)}`;
}

/** One port of a Service with the names of its chains. */
interface Context extends ServicePlan {
  readonly clusterChain: string;
  readonly localChain: string;
  readonly externalChain: string;
  readonly sourcesChain: string;
}

class RuleBuilder {
  private readonly nat = new Map<string, Rule[]>([
    [servicesChain, []],
    [nodePortsChain, []],
  ]);
  private readonly filter = new Map<string, Rule[]>([
    [servicesChain, []],
    [externalServicesChain, []],
    [nodePortsChain, []],
    [firewallChain, []],
  ]);
  private readonly endpoints = new Set<string>();
  private services = 0;

  constructor(private readonly node: ProxyNode & { readonly address?: string }) {}

  addPort(plan: ServicePlan): void {
    this.services++;
    const { name, protocol, endpoints } = plan;
    const context: Context = {
      ...plan,
      clusterChain: chainName("KUBE-SVC", name, protocol),
      localChain: chainName("KUBE-SVL", name, protocol),
      externalChain: chainName("KUBE-EXT", name, protocol),
      sourcesChain: chainName("KUBE-FW", name, protocol),
    };
    this.captureClusterIp(context);
    this.captureExternalIps(context);
    this.captureLoadBalancer(context);
    this.captureNodePort(context);
    this.masqueradeInternal(context);
    this.addExternalChain(context);
    this.addSourcesChain(context);
    this.addBalancer(context.clusterChain, endpoints.cluster, context);
    this.addBalancer(context.localChain, endpoints.local, context);
    for (const endpoint of endpoints.reachable) this.addEndpoint(endpoint, context);
  }

  finish(): RuleSet {
    // Node ports come last, for addresses that are the node's own.
    append(this.nat, servicesChain, {
      match: { toLocal: true },
      comment: "kubernetes service nodeports; NOTE: this must be the last rule in this chain",
      target: nodePortsChain,
    });
    const { nat, filter, services, endpoints } = this;
    return { nat, filter, services, endpoints: endpoints.size };
  }

  private captureClusterIp(context: Context): void {
    const { endpoints, hasInternal, name, rules, localChain, clusterChain } = context;
    const match = this.to(rules.clusterIp, context);
    if (hasInternal)
      append(this.nat, servicesChain, {
        match,
        comment: `${name} cluster IP`,
        target: rules.isInternalLocal ? localChain : clusterChain,
      });
    else append(this.filter, servicesChain, { match, ...refusal(name, endpoints.hasAny) });
  }

  private captureExternalIps(context: Context): void {
    const { endpoints, hasExternal, name, rules, externalChain: target } = context;
    for (const ip of rules.externalIps) {
      const match = this.to(ip, context);
      if (endpoints.hasAny)
        append(this.nat, servicesChain, { match, comment: `${name} external IP`, target });
      if (!hasExternal)
        append(this.filter, externalServicesChain, { match, ...refusal(name, endpoints.hasAny) });
    }
  }

  private captureLoadBalancer(context: Context): void {
    const { endpoints, hasExternal, name, rules, externalChain, sourcesChain } = context;
    for (const ip of rules.loadBalancerIps) {
      const match = this.to(ip, context);
      const comment = `${name} loadbalancer IP`;
      const target = context.isGuarded ? sourcesChain : externalChain;
      if (endpoints.hasAny) append(this.nat, servicesChain, { match, comment, target });
      if (context.isGuarded)
        append(this.filter, firewallChain, {
          match,
          comment: `${name} traffic not accepted by ${sourcesChain}`,
          target: "DROP",
        });
      if (!hasExternal)
        append(this.filter, externalServicesChain, { match, ...refusal(name, endpoints.hasAny) });
    }
  }

  private captureNodePort(context: Context): void {
    const { endpoints, hasExternal, name, protocol, port, rules, externalChain: target } = context;
    if (port.nodePort) {
      const match = { protocol, toPort: port.nodePort };
      if (endpoints.hasAny) append(this.nat, nodePortsChain, { match, comment: name, target });
      if (!hasExternal)
        append(this.filter, externalServicesChain, {
          match: { ...match, toLocal: true },
          ...refusal(name, endpoints.hasAny),
        });
    }
    if (rules.healthCheckNodePort !== undefined)
      append(this.filter, nodePortsChain, {
        match: { protocol: "tcp", toPort: rules.healthCheckNodePort },
        comment: `${name} health check node port`,
        target: "ACCEPT",
      });
  }

  /** What comes from outside of the Pods' network must find its way back through this node. */
  private masqueradeInternal(context: Context): void {
    const { hasInternal, name, rules, localChain, clusterChain } = context;
    const { clusterCidr } = this.node;
    if (!hasInternal || clusterCidr === undefined) return;
    append(this.nat, rules.isInternalLocal ? localChain : clusterChain, {
      match: { ...this.to(rules.clusterIp, context), notFrom: clusterCidr },
      comment: `${name} cluster IP`,
      target: masqueradeChain,
    });
  }

  private addExternalChain(context: Context): void {
    const { endpoints, hasExternal, rules, externalChain, localChain, clusterChain } = context;
    if (!endpoints.hasAny || !context.isExternal) return;
    if (rules.isExternalLocal) this.addShortcuts(context);
    else
      append(this.nat, externalChain, {
        match: {},
        comment: `masquerade traffic for ${context.name} external destinations`,
        target: masqueradeChain,
      });
    if (hasExternal)
      append(this.nat, externalChain, {
        match: {},
        comment: "",
        target: rules.isExternalLocal ? localChain : clusterChain,
      });
  }

  /** Pods and the node itself are let past externalTrafficPolicy: Local. */
  private addShortcuts({ name, externalChain, clusterChain: target }: Context): void {
    const { clusterCidr: from } = this.node;
    if (from !== undefined)
      append(this.nat, externalChain, {
        match: { from },
        comment: `pod traffic for ${name} external destinations`,
        target,
      });
    const match = { fromLocal: true };
    append(this.nat, externalChain, {
      match,
      comment: `masquerade LOCAL traffic for ${name} external destinations`,
      target: masqueradeChain,
    });
    append(this.nat, externalChain, {
      match,
      comment: `route LOCAL traffic for ${name} external destinations`,
      target,
    });
  }

  private addSourcesChain(context: Context): void {
    if (!context.isGuarded) return;
    const { name, rules, externalChain: target, sourcesChain } = context;
    const comment = `${name} loadbalancer IP`;
    for (const from of rules.sourceRanges)
      append(this.nat, sourcesChain, { match: { from }, comment, target });
    const { address } = this.node;
    if (address !== undefined && rules.sourceRanges.some((range) => isAddressIn(range, address)))
      for (const fromIp of rules.loadBalancerIps)
        append(this.nat, sourcesChain, { match: { fromIp }, comment, target });
    append(this.nat, sourcesChain, {
      match: {},
      comment: `other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`,
      target: "",
    });
  }

  /** A chain that hands packets to endpoints: each rule takes its share of what the ones before left. */
  private addBalancer(
    chain: string,
    endpoints: readonly ProxyEndpoint[],
    { rules, name, protocol }: Context,
  ): void {
    const named = endpoints.map((endpoint) => {
      const address = addressOf(endpoint);
      return {
        comment: `${name} -> ${address}`,
        target: chainName("KUBE-SEP", name, protocol, address),
      };
    });
    const { affinitySeconds } = rules;
    if (affinitySeconds !== undefined)
      for (const { comment, target } of named)
        append(this.nat, chain, { match: { seenWithin: affinitySeconds }, comment, target });
    for (const [i, { comment, target }] of named.entries()) {
      const left = named.length - i;
      append(this.nat, chain, {
        match: {},
        comment,
        ...(left > 1 ? { probability: 1 / left } : {}),
        target,
      });
    }
  }

  private addEndpoint(endpoint: ProxyEndpoint, { rules, name, protocol }: Context): void {
    const address = addressOf(endpoint);
    const chain = chainName("KUBE-SEP", name, protocol, address);
    this.endpoints.add(`${name}/${address}`);
    append(this.nat, chain, {
      match: { fromIp: endpoint.ip },
      comment: name,
      target: masqueradeChain,
    });
    append(this.nat, chain, {
      match: rules.affinitySeconds === undefined ? { protocol } : { protocol, remembers: true },
      comment: name,
      target: "DNAT",
      destination: endpoint,
    });
  }

  private to(toIp: string, { protocol, port }: Context): Match {
    return { toIp, protocol, toPort: port.port };
  }
}

function append(table: Map<string, Rule[]>, chain: string, rule: Rule): void {
  const rules = table.get(chain);
  if (rules) rules.push(rule);
  else table.set(chain, [rule]);
}

/** Nobody serves: refused. Nobody serves here: dropped, for elsewhere somebody may. */
function refusal(name: string, hasAny: boolean): Pick<Rule, "comment" | "target"> {
  return hasAny
    ? { comment: `${name} has no local endpoints`, target: "DROP" }
    : { comment: `${name} has no endpoints`, target: "REJECT" };
}

function addressOf({ ip, port }: ProxyEndpoint): string {
  return `${ip}:${port}`;
}
