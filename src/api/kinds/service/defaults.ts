// What the server fills in for a Service before it looks for addresses. Source:
// pkg/apis/core/v1/defaults.go SetDefaults_Service, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { Service, ServiceSpec } from "../../types.ts";

const clientIpTimeoutSeconds = 10_800;

export function setServiceDefaults({ spec, status }: Draft<Service>): void {
  spec.sessionAffinity ||= "None";
  if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
  if (
    spec.sessionAffinity === "ClientIP" &&
    spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
  )
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: clientIpTimeoutSeconds } };
  spec.type ||= "ClusterIP";
  for (const port of spec.ports ?? []) {
    port.protocol ||= "TCP";
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === "")
      port.targetPort = port.port ?? 0;
  }
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= "Cluster";
  if (spec.type === "NodePort" || spec.type === "LoadBalancer" || spec.type === "ClusterIP")
    spec.internalTrafficPolicy ??= "Cluster";
  if (spec.type !== "LoadBalancer") return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of status?.loadBalancer?.ingress ?? [])
    if (ingress.ip) ingress.ipMode ??= "VIP";
}

/** True if traffic from outside the cluster can reach it. Source: pkg/api/service, 1.34. */
export function isExternallyAccessible({
  type,
  externalIPs,
}: Pick<ServiceSpec, "type"> & { readonly externalIPs?: readonly string[] }): boolean {
  return (
    type === "LoadBalancer" ||
    type === "NodePort" ||
    (type === "ClusterIP" && (externalIPs?.length ?? 0) > 0)
  );
}

/** True if load balancers ask each node whether it has an endpoint. */
export function needsHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}
