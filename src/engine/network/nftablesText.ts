// kube-proxy's rules as `nft list table ip kube-proxy` prints them in its nftables mode.
// Source: pkg/proxy/nftables/proxier.go setupNFTables and syncProxyRules, kubernetes v1.34.
import type { EndpointSlice, Service } from "../../api/types.ts";
import type { ProxyEndpoint, ProxyNode } from "./proxyEndpoints.ts";
import { type ServicePlan, servicePlans } from "./servicePlan.ts";
import type { ServiceRules } from "./serviceTraffic.ts";
import { sha256Base32 } from "./sha256.ts";

export interface NftablesNode extends ProxyNode {
  readonly address: string;
}

/**
 * The table of one node.
 */
export function nftablesText(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  node: NftablesNode,
): string {
  const table = new NftablesTable(node);
  for (const plan of servicePlans(services, slices, node)) table.addPort(plan);
  return table.text();
}

/** "service-ULMVA6XW-ns1/svc1/tcp/p80": a chain's name, hashed so that it may be cut. */
export function nftablesChain(prefix: string, path: string): string {
  return `${prefix}-${sha256Base32(path).slice(0, 8)}-${path}`;
}

type Lines = readonly string[];

class NftablesTable {
  private readonly clusterIps = new Set<string>();
  private readonly serviceIps: string[] = [];
  private readonly nodePorts: string[] = [];
  private readonly firewallIps: string[] = [];
  private readonly deadServices: string[] = [];
  private readonly deadNodePorts: string[] = [];
  private readonly chains = new Map<string, Lines>();
  private readonly affinities = new Map<string, number>();

  constructor(private readonly node: NftablesNode) {}

  addPort(plan: ServicePlan): void {
    const path = pathOf(plan);
    const { endpoints, rules } = plan;
    this.clusterIps.add(rules.clusterIp);
    this.addAddresses(plan);
    this.addNodePort(plan);
    this.addFirewall(plan);
    const { isInternalLocal } = rules;
    this.addBalancer("service", endpoints.cluster, { plan, isInternal: !isInternalLocal });
    this.addBalancer("local", endpoints.local, { plan, isInternal: isInternalLocal });
    this.addExternal(plan);
    for (const endpoint of endpoints.reachable) this.addEndpoint(endpoint, { path, rules });
  }

  private addAddresses(plan: ServicePlan): void {
    const { rules, endpoints, protocol, port, hasInternal, hasExternal } = plan;
    const path = pathOf(plan);
    const key = (ip: string): string => `${ip} . ${protocol} . ${port.port}`;
    const internal = nftablesChain(rules.isInternalLocal ? "local" : "service", path);
    if (hasInternal) this.serviceIps.push(`${key(rules.clusterIp)} : goto ${internal}`);
    else this.deadServices.push(`${key(rules.clusterIp)} : ${refusal(plan)}`);
    for (const ip of [...rules.externalIps, ...rules.loadBalancerIps]) {
      const external = nftablesChain("external", path);
      if (endpoints.hasAny) this.serviceIps.push(`${key(ip)} : goto ${external}`);
      if (!hasExternal) this.deadServices.push(`${key(ip)} : ${refusal(plan)}`);
    }
  }

  private addNodePort(plan: ServicePlan): void {
    const { endpoints, protocol, port, hasExternal } = plan;
    if (!port.nodePort) return;
    const key = `${protocol} . ${port.nodePort}`;
    const external = nftablesChain("external", pathOf(plan));
    if (endpoints.hasAny) this.nodePorts.push(`${key} : goto ${external}`);
    if (!hasExternal) this.deadNodePorts.push(`${key} : ${refusal(plan)}`);
  }

  private addFirewall(plan: ServicePlan): void {
    const { rules, protocol, port } = plan;
    if (!plan.isGuarded) return;
    const chain = nftablesChain("firewall", pathOf(plan));
    for (const ip of rules.loadBalancerIps)
      this.firewallIps.push(`${ip} . ${protocol} . ${port.port} : goto ${chain}`);
    this.chains.set(chain, [`ip saddr != { ${rules.sourceRanges.join(", ")} } drop`]);
  }

  /** @param isInternal whether the cluster IP's traffic goes to this chain */
  private addBalancer(
    prefix: "service" | "local",
    endpoints: readonly ProxyEndpoint[],
    { plan, isInternal }: { readonly plan: ServicePlan; readonly isInternal: boolean },
  ): void {
    if (endpoints.length === 0) return;
    const { rules, protocol, port } = plan;
    const { clusterCidr } = this.node;
    const marks =
      !isInternal || clusterCidr === undefined
        ? []
        : [
            `ip daddr ${rules.clusterIp} ${protocol} dport ${port.port} ip saddr != ${clusterCidr} jump mark-for-masquerade`,
          ];
    const path = pathOf(plan);
    this.chains.set(nftablesChain(prefix, path), [
      ...marks,
      ...balancerLines(path, rules, endpoints),
    ]);
  }

  private addExternal(plan: ServicePlan): void {
    const { rules, endpoints, hasExternal, isExternal } = plan;
    if (!endpoints.hasAny || !isExternal) return;
    const path = pathOf(plan);
    const cluster = nftablesChain("service", path);
    const target = rules.isExternalLocal ? nftablesChain("local", path) : cluster;
    this.chains.set(nftablesChain("external", path), [
      ...(rules.isExternalLocal ? this.shortcuts(cluster) : ["jump mark-for-masquerade"]),
      ...(hasExternal ? [`goto ${target}`] : []),
    ]);
  }

  text(): string {
    return [
      "table ip kube-proxy {",
      '\tcomment "rules for kube-proxy"',
      "",
      ...this.sets(),
      ...baseChains(this.node.serviceCidr).flatMap(([name, lines]) => chainText(name, lines)),
      ...[...this.chains].sort(byName).flatMap(([name, lines]) => chainText(name, lines)),
      "}",
      "",
    ].join("\n");
  }

  private sets(): Lines {
    const service = "ipv4_addr . inet_proto . inet_service : verdict";
    const nodePort = "inet_proto . inet_service : verdict";
    return [
      ...setText("set cluster-ips", "ipv4_addr", [...this.clusterIps], "Active ClusterIPs"),
      ...setText(
        "set nodeport-ips",
        "ipv4_addr",
        [this.node.address],
        "IPs that accept NodePort traffic",
      ),
      ...setText(
        "map firewall-ips",
        service,
        this.firewallIps,
        "destinations that are subject to LoadBalancerSourceRanges",
      ),
      ...setText(
        "map no-endpoint-nodeports",
        nodePort,
        this.deadNodePorts,
        "vmap to drop or reject packets to service nodeports with no endpoints",
      ),
      ...setText(
        "map no-endpoint-services",
        service,
        this.deadServices,
        "vmap to drop or reject packets to services with no endpoints",
      ),
      ...setText(
        "map service-ips",
        service,
        this.serviceIps,
        "ClusterIP, ExternalIP and LoadBalancer IP traffic",
      ),
      ...setText("map service-nodeports", nodePort, this.nodePorts, "NodePort traffic"),
      ...[...this.affinities].flatMap(([name, seconds]) => [
        `\tset ${name} {`,
        "\t\ttype ipv4_addr",
        "\t\tsize 65535",
        "\t\tflags dynamic,timeout",
        `\t\ttimeout ${seconds}s`,
        "\t}",
        "",
      ]),
    ];
  }

  private addEndpoint(
    endpoint: ProxyEndpoint,
    { path, rules }: { readonly path: string; readonly rules: ServiceRules },
  ): void {
    const protocol = path.split("/")[2] ?? "tcp";
    const { affinitySeconds } = rules;
    const set = nftablesChain("affinity", endpointPath(path, endpoint));
    if (affinitySeconds !== undefined) this.affinities.set(set, affinitySeconds);
    this.chains.set(endpointChain(path, endpoint), [
      `ip saddr ${endpoint.ip} jump mark-for-masquerade`,
      ...(affinitySeconds === undefined ? [] : [`update @${set} { ip saddr }`]),
      `meta l4proto ${protocol} dnat to ${endpoint.ip}:${endpoint.port}`,
    ]);
  }

  /** Pods and the node itself are let past externalTrafficPolicy: Local. */
  private shortcuts(clusterChain: string): Lines {
    const { clusterCidr } = this.node;
    const pods =
      clusterCidr === undefined
        ? []
        : [`ip saddr ${clusterCidr} goto ${clusterChain} comment "short-circuit pod traffic"`];
    return [
      ...pods,
      'fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"',
      `fib saddr type local goto ${clusterChain} comment "short-circuit local traffic"`,
    ];
  }
}

function pathOf({ service: { metadata }, protocol, port }: ServicePlan): string {
  return `${metadata.namespace}/${metadata.name}/${protocol}/${port.name ?? ""}`;
}

function refusal({ endpoints }: ServicePlan): string {
  return endpoints.hasAny ? "drop" : "goto reject-chain";
}

function balancerLines(
  path: string,
  { affinitySeconds }: ServiceRules,
  endpoints: readonly ProxyEndpoint[],
): Lines {
  const chains = endpoints.map((endpoint) => endpointChain(path, endpoint));
  const sticky =
    affinitySeconds === undefined
      ? []
      : endpoints.map((endpoint) => {
          const set = nftablesChain("affinity", endpointPath(path, endpoint));
          return `ip saddr @${set} goto ${endpointChain(path, endpoint)}`;
        });
  const choice = chains.map((chain, i) => `${i} : goto ${chain}`).join(", ");
  return [...sticky, `numgen random mod ${chains.length} vmap { ${choice} }`];
}

function endpointPath(path: string, { ip, port }: ProxyEndpoint): string {
  return `${path}__${ip}/${port}`;
}

function endpointChain(path: string, endpoint: ProxyEndpoint): string {
  return nftablesChain("endpoint", endpointPath(path, endpoint));
}

function byName([a]: readonly [string, Lines], [b]: readonly [string, Lines]): number {
  return a < b ? -1 : 1;
}

function chainText(name: string, lines: Lines): Lines {
  return [`\tchain ${name} {`, ...lines.map((line) => `\t\t${line}`), "\t}", ""];
}

function setText(name: string, type: string, elements: Lines, comment: string): Lines {
  const [first, ...rest] = elements;
  const inside = [
    `type ${type}`,
    `comment "${comment}"`,
    ...(first === undefined ? [] : [`elements = { ${[first, ...rest].join(",\n\t\t\t     ")} }`]),
  ];
  return [`\t${name} {`, ...inside.map((line) => `\t\t${line}`), "\t}", ""];
}

/** The chains that hook into netfilter, and those that they all call. */
function baseChains(serviceCidr: string | undefined): readonly (readonly [string, Lines])[] {
  const hook = (type: string, at: string, priority: string): string =>
    `type ${type} hook ${at} priority ${priority}; policy accept;`;
  return [
    [
      "filter-prerouting-pre-dnat",
      [hook("filter", "prerouting", "dstnat - 10"), "ct state new jump firewall-check"],
    ],
    [
      "filter-output-pre-dnat",
      [hook("filter", "output", "-110"), "ct state new jump firewall-check"],
    ],
    [
      "filter-input",
      [
        hook("filter", "input", "filter"),
        "ct state new jump nodeport-endpoints-check",
        "ct state new jump service-endpoints-check",
      ],
    ],
    [
      "filter-forward",
      [
        hook("filter", "forward", "filter"),
        "ct state new jump service-endpoints-check",
        "ct state new jump cluster-ips-check",
      ],
    ],
    [
      "filter-output",
      [
        hook("filter", "output", "filter"),
        "ct state new jump service-endpoints-check",
        "ct state new jump cluster-ips-check",
      ],
    ],
    ["nat-prerouting", [hook("nat", "prerouting", "dstnat"), "jump services"]],
    ["nat-output", [hook("nat", "output", "-100"), "jump services"]],
    ["nat-postrouting", [hook("nat", "postrouting", "srcnat"), "jump masquerading"]],
    [
      "cluster-ips-check",
      [
        'ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"',
        ...(serviceCidr === undefined
          ? []
          : [`ip daddr ${serviceCidr} drop comment "Drop traffic to unallocated ClusterIPs"`]),
      ],
    ],
    ["firewall-check", ["ip daddr . meta l4proto . th dport vmap @firewall-ips"]],
    ["mark-for-masquerade", ["meta mark set meta mark | 0x00004000"]],
    [
      "masquerading",
      [
        "meta mark & 0x00004000 == 0x00000000 return",
        "meta mark set meta mark ^ 0x00004000",
        "masquerade fully-random",
      ],
    ],
    [
      "nodeport-endpoints-check",
      ["ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports"],
    ],
    ["reject-chain", ["reject"]],
    ["service-endpoints-check", ["ip daddr . meta l4proto . th dport vmap @no-endpoint-services"]],
    [
      "services",
      [
        "ip daddr . meta l4proto . th dport vmap @service-ips",
        "ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports",
      ],
    ],
  ];
}
