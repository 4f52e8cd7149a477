// Which endpoints of a Service port a node sends traffic to.
// Source: pkg/proxy/topology.go CategorizeEndpoints, kubernetes v1.34.
import type { EndpointSlice, Service, ServicePort } from "../../api/types.ts";

export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly isLocal: boolean;
  readonly node: string | undefined;
  readonly zoneHints: readonly string[];
  /** "namespace/name" of the Pod behind it; absent for other endpoints. */
  readonly pod: string | undefined;
}

/** What a proxy must know of the machine that it runs on. */
export interface ProxyNode {
  readonly name: string;
  readonly zone?: string;
  /** The range of the cluster's Pods, e.g. "10.244.0.0/16". */
  readonly clusterCidr?: string;
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
}

/** Without a ready endpoint, those that are terminating but still serve take the traffic. */
export function categorize(
  service: Service,
  all: readonly ProxyEndpoint[],
  node: ProxyNode,
): CategorizedEndpoints {
  const ready = all.filter(({ isReady }) => isReady);
  const cluster = ready.length > 0 ? nearest(service, ready, node) : all.filter(servesLast);
  const here = all.filter(({ isLocal }) => isLocal);
  const readyHere = here.filter(({ isReady }) => isReady);
  return { cluster, local: readyHere.length > 0 ? readyHere : here.filter(servesLast) };
}

function servesLast({ isServing, isTerminating }: ProxyEndpoint): boolean {
  return isServing && isTerminating;
}

/** Zone hints count only if every endpoint has them and some are for this zone. */
function nearest(
  { metadata, spec }: Service,
  ready: readonly ProxyEndpoint[],
  { zone }: ProxyNode,
): readonly ProxyEndpoint[] {
  const mode = metadata.annotations?.["service.kubernetes.io/topology-mode"];
  const wantsHints = mode?.toLowerCase() === "auto" || spec.trafficDistribution !== undefined;
  if (!wantsHints || zone === undefined) return ready;
  if (ready.some(({ zoneHints }) => zoneHints.length === 0)) return ready;
  const near = ready.filter(({ zoneHints }) => zoneHints.includes(zone));
  return near.length > 0 ? near : ready;
}
