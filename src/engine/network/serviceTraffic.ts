// What kube-proxy reads out of a Service. Source: pkg/proxy/serviceport.go, kubernetes v1.34.
import type { Service, ServicePort } from "../../api/types.ts";

export interface ServiceRules {
  readonly clusterIp: string;
  readonly externalIps: readonly string[];
  /** Addresses of the load balancer whose packets arrive as they were sent. */
  readonly loadBalancerIps: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly isInternalLocal: boolean;
  readonly isExternalLocal: boolean;
  /** Seconds for which a client stays with an endpoint; undefined without affinity. */
  readonly affinitySeconds: number | undefined;
  readonly healthCheckNodePort: number | undefined;
  /** Some traffic may go to any endpoint: that from outside does, even if it is to stay local. */
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
}

/** v1.DefaultClientIPServiceAffinitySeconds: three hours. */
export const defaultAffinitySeconds = 10_800;

/** Undefined for what has nothing to balance: headless Services, and those that only name a host. */
export function serviceRulesOf(
  { spec, status }: Service,
  port: ServicePort,
): ServiceRules | undefined {
  const { clusterIP, type } = spec;
  if (!clusterIP || clusterIP === "None" || type === "ExternalName") return undefined;
  const externalIps = (spec.externalIPs ?? []).filter(isIPv4);
  const loadBalancerIps = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode = "VIP" }) =>
    ip !== undefined && ipMode === "VIP" && isIPv4(ip) ? [ip] : [],
  );
  const isExternal =
    (port.nodePort ?? 0) !== 0 || externalIps.length > 0 || loadBalancerIps.length > 0;
  const isInternalLocal = spec.internalTrafficPolicy === "Local";
  const isExternalLocal = spec.externalTrafficPolicy === "Local";
  const clientIp = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds;
  return {
    clusterIp: clusterIP,
    externalIps,
    loadBalancerIps,
    sourceRanges: (spec.loadBalancerSourceRanges ?? []).map((range) => range.trim()).filter(isIPv4),
    isInternalLocal,
    isExternalLocal,
    affinitySeconds: spec.sessionAffinity === "ClientIP" ? clientIp : undefined,
    healthCheckNodePort: spec.healthCheckNodePort || undefined,
    usesCluster: !isInternalLocal || isExternal,
    usesLocal: isInternalLocal || (isExternalLocal && isExternal),
  };
}

/** "default/web:http": how kube-proxy calls a port of a Service. */
export function portNameOf({ metadata }: Pick<Service, "metadata">, { name }: ServicePort): string {
  return `${metadata.namespace}/${metadata.name}${name ? `:${name}` : ""}`;
}

function isIPv4(address: string): boolean {
  return !address.includes(":");
}
