// What kube-proxy decides about one port of a Service before it writes rules of either form.
// Source: pkg/proxy/iptables/proxier.go and pkg/proxy/nftables/proxier.go syncProxyRules, kubernetes v1.34.
import type { EndpointSlice, Service, ServicePort } from "../../api/types.ts";
import {
  type CategorizedEndpoints,
  categorize,
  endpointsOf,
  type ProxyNode,
} from "./proxyEndpoints.ts";
import { portNameOf, type ServiceRules, serviceRulesOf } from "./serviceTraffic.ts";

export interface ServicePlan {
  readonly service: Service;
  readonly port: ServicePort;
  readonly rules: ServiceRules;
  readonly endpoints: CategorizedEndpoints;
  /** "default/web:http". */
  readonly name: string;
  readonly protocol: string;
  /** Somebody takes the traffic to the cluster IP. */
  readonly hasInternal: boolean;
  /** Somebody takes the traffic that comes from outside. */
  readonly hasExternal: boolean;
  /** There are addresses or ports for traffic from outside. */
  readonly isExternal: boolean;
  /** Only clients of some addresses may use the load balancer. */
  readonly isGuarded: boolean;
}

/** The plans of all ports that have rules. @param slices each names its Service by label */
export function servicePlans(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  node: ProxyNode,
): readonly ServicePlan[] {
  const byService = Map.groupBy(
    slices,
    ({ metadata: { namespace, labels } }) =>
      `${namespace}/${labels?.["kubernetes.io/service-name"] ?? ""}`,
  );
  return services.flatMap((service) => {
    const { namespace, name } = service.metadata;
    const own = byService.get(`${namespace}/${name}`) ?? [];
    return (service.spec.ports ?? []).flatMap((port) => planOf({ service, port }, own, node) ?? []);
  });
}

function planOf(
  { service, port }: { readonly service: Service; readonly port: ServicePort },
  slices: readonly EndpointSlice[],
  node: ProxyNode,
): ServicePlan | undefined {
  const rules = serviceRulesOf(service, port);
  if (!rules) return undefined;
  const endpoints = categorize(rules, endpointsOf(port, slices, node), node);
  const { hasAny, local } = endpoints;
  const { externalIps, loadBalancerIps, sourceRanges, isInternalLocal, isExternalLocal } = rules;
  return {
    service,
    port,
    rules,
    endpoints,
    name: portNameOf(service, port),
    protocol: (port.protocol ?? "TCP").toLowerCase(),
    hasInternal: isInternalLocal ? local.length > 0 : hasAny,
    hasExternal: isExternalLocal ? local.length > 0 : hasAny,
    isExternal: Boolean(port.nodePort) || externalIps.length > 0 || loadBalancerIps.length > 0,
    isGuarded: hasAny && loadBalancerIps.length > 0 && sourceRanges.length > 0,
  };
}
