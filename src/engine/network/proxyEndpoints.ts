// Which endpoints of a Service port a node sends traffic to.
// Source: pkg/proxy/topology.go CategorizeEndpoints, kubernetes v1.34.
import type { EndpointSlice, ServicePort } from "../../api/types.ts";
import type { ServiceRules } from "./serviceTraffic.ts";

export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly isLocal: boolean;
  readonly node: string | undefined;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  /** "namespace/name" of the Pod behind it; absent for other endpoints. */
  readonly pod: string | undefined;
}

/** What a proxy must know of the machine that it runs on. */
export interface ProxyNode {
  readonly name: string;
  readonly zone?: string;
  /** The range of the cluster's Pods, e.g. "10.244.0.0/16". */
  readonly clusterCidr?: string;
  /** The range of cluster IPs, e.g. "10.96.0.0/12". */
  readonly serviceCidr?: string;
}

/** The endpoints of one port of a Service, each address once, in the order of their addresses. */
export function endpointsOf(
  port: ServicePort,
  slices: readonly EndpointSlice[],
  node: ProxyNode,
): readonly ProxyEndpoint[] {
  const byAddress = new Map<string, ProxyEndpoint>();
  for (const slice of slices) {
    if (slice.addressType !== "IPv4") continue;
    const target = slice.ports?.find(
      ({ name = "", protocol = "TCP" }) =>
        name === (port.name ?? "") && protocol === (port.protocol ?? "TCP"),
    );
    if (target?.port === undefined) continue;
    for (const { addresses, conditions = {}, nodeName, hints, targetRef } of slice.endpoints ??
      []) {
      const ip = addresses[0];
      if (ip === undefined) continue;
      const isReady = conditions.ready ?? true;
      byAddress.set(`${ip}:${target.port}`, {
        ip,
        port: target.port,
        isReady,
        isServing: conditions.serving ?? isReady,
        isTerminating: conditions.terminating ?? false,
        isLocal: nodeName === node.name,
        node: nodeName,
        zoneHints: (hints?.forZones ?? []).map(({ name }) => name),
        nodeHints: (hints?.forNodes ?? []).map(({ name }) => name),
        pod: targetRef?.kind === "Pod" ? `${targetRef.namespace}/${targetRef.name}` : undefined,
      });
    }
  }
  return [...byAddress.entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, endpoint]) => endpoint);
}

export interface CategorizedEndpoints {
  /** For traffic that may go anywhere. */
  readonly cluster: readonly ProxyEndpoint[];
  /** For traffic that must stay on the node. */
  readonly local: readonly ProxyEndpoint[];
  /** All that this node may send something to, each once. */
  readonly reachable: readonly ProxyEndpoint[];
  /** Whether there is an endpoint somewhere in the cluster. */
  readonly hasAny: boolean;
}

/** Without a ready endpoint, those that are terminating but still serve take the traffic. */
export function categorize(
  { usesCluster, usesLocal }: ServiceRules,
  all: readonly ProxyEndpoint[],
  node: ProxyNode,
): CategorizedEndpoints {
  const ready = all.filter(({ isReady }) => isReady);
  const dying = all.filter(servesLast);
  const preferred = usesCluster ? nearest(ready, node) : [];
  const cluster = !usesCluster || preferred.length > 0 ? preferred : dying;
  const readyHere = ready.filter(({ isLocal }) => isLocal);
  const here = readyHere.length > 0 ? readyHere : dying.filter(({ isLocal }) => isLocal);
  const local = usesLocal ? here : [];
  const reachable = all.filter((each) => cluster.includes(each) || local.includes(each));
  const hasAny = cluster.length > 0 || (usesLocal && ready.length + dying.length > 0);
  return { cluster, local, reachable, hasAny };
}

function servesLast({ isReady, isServing, isTerminating }: ProxyEndpoint): boolean {
  return !isReady && isServing && isTerminating;
}

/** Hints count only if every endpoint has them and some are for this node, or else for its zone. */
function nearest(
  ready: readonly ProxyEndpoint[],
  { name, zone }: ProxyNode,
): readonly ProxyEndpoint[] {
  const onNode = ready.filter(({ nodeHints }) => nodeHints.includes(name));
  if (onNode.length > 0 && ready.every(({ nodeHints }) => nodeHints.length > 0)) return onNode;
  const inZone = ready.filter(({ zoneHints }) => zone !== undefined && zoneHints.includes(zone));
  if (inZone.length > 0 && ready.every(({ zoneHints }) => zoneHints.length > 0)) return inZone;
  return ready;
}
