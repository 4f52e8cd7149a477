// What an update of a Service keeps of the values that the server gave, and what it gives up with a
// change of type. Source: pkg/registry/core/service/{strategy.go,storage/storage.go}, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import type { Service, ServiceSpec } from "../../types.ts";
import { isExternallyAccessible, needsHealthCheck } from "./defaults.ts";

type Spec = Draft<ServiceSpec>;

/** Puts back what was allocated before and is merely not mentioned. Source: patchAllocatedValues. */
export function keepAllocatedValues({ spec }: Draft<Service>, { spec: old }: Service): void {
  if (hasAddress(old) && hasAddress(spec)) {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if (!spec.clusterIPs?.length && spec.clusterIP === old.clusterIP && old.clusterIPs)
      spec.clusterIPs = [...old.clusterIPs];
  }
  if (hasNodePorts(old) && hasNodePorts(spec)) keepNodePorts(spec, old);
  if (needsHealthCheck(old) && needsHealthCheck(spec as ServiceSpec) && old.healthCheckNodePort)
    spec.healthCheckNodePort ||= old.healthCheckNodePort;
}

/** Ports are known by their names. */
function keepNodePorts(spec: Spec, old: ServiceSpec): void {
  const present = nodePortsOf(spec);
  const used = new Set(nodePortsOf(old).filter((port) => present.includes(port)));
  const byName = new Map(old.ports?.map(({ name = "", nodePort }) => [name, nodePort ?? 0]));
  for (const port of spec.ports ?? []) {
    if (port.nodePort) continue;
    const before = byName.get(port.name ?? "") ?? 0;
    if (before === 0 || used.has(before)) continue;
    port.nodePort = before;
    used.add(before);
  }
}

/** Makes clusterIP and clusterIPs agree as their writer meant it. Source: normalizeClusterIPs. */
export function agreeAddresses({ spec }: Draft<Service>, old: Service | undefined): void {
  const { clusterIP = "", clusterIPs = [] } = spec;
  if (!old) {
    if (clusterIP !== "" && clusterIPs.length === 0) spec.clusterIPs = [clusterIP];
    return;
  }
  const { clusterIP: before = "", clusterIPs: oldIps = [] } = old.spec;
  if (oldIps.length > 0 && clusterIPs.length === 0 && clusterIP === before)
    spec.clusterIPs = [...oldIps];
  if (clusterIP === before || !dequal(oldIps, clusterIPs)) return;
  if (clusterIP === "") delete spec.clusterIPs;
  else spec.clusterIPs = [clusterIP];
}

/** Drops what the new type has no use for, unless it was changed too. Source: dropTypeDependentFields. */
export function dropTypeDependentFields(service: Draft<Service>, { spec: old }: Service): void {
  const { spec } = service;
  if (hasAddress(old) && !hasAddress(spec)) dropAddress(spec, old);
  if (hasNodePorts(old) && !hasNodePorts(spec) && !hasNewNodePorts(spec, old))
    for (const port of spec.ports ?? []) delete port.nodePort;
  if (
    needsHealthCheck(old) &&
    !needsHealthCheck(spec as ServiceSpec) &&
    spec.healthCheckNodePort === old.healthCheckNodePort
  )
    delete spec.healthCheckNodePort;
  if (old.type === "LoadBalancer" && spec.type !== "LoadBalancer") dropBalancing(spec, old);
  if (
    isExternallyAccessible(old) &&
    !isExternallyAccessible(spec) &&
    spec.externalTrafficPolicy === old.externalTrafficPolicy
  )
    delete spec.externalTrafficPolicy;
  if (spec.type !== "LoadBalancer") service.status = { ...service.status, loadBalancer: {} };
}

function dropAddress(spec: Spec, old: ServiceSpec): void {
  if (spec.clusterIP === old.clusterIP && dequal(spec.clusterIPs ?? [], old.clusterIPs ?? [])) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (dequal(spec.ipFamilies, old.ipFamilies)) delete spec.ipFamilies;
  if (spec.ipFamilyPolicy === old.ipFamilyPolicy) delete spec.ipFamilyPolicy;
}

function dropBalancing(spec: Spec, old: ServiceSpec): void {
  if (spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
    delete spec.allocateLoadBalancerNodePorts;
  if (spec.loadBalancerClass === old.loadBalancerClass) delete spec.loadBalancerClass;
}

function hasAddress({ type }: Pick<ServiceSpec, "type">): boolean {
  return type !== "ExternalName";
}

export function hasNodePorts({ type }: Pick<ServiceSpec, "type">): boolean {
  return type === "NodePort" || type === "LoadBalancer";
}

function hasNewNodePorts(spec: Spec, old: ServiceSpec): boolean {
  const before = nodePortsOf(old);
  return nodePortsOf(spec).some((port) => !before.includes(port));
}

export function nodePortsOf({ ports = [] }: Pick<ServiceSpec, "ports">): readonly number[] {
  return ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
}
