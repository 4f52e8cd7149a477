// What looks odd in a Service, though it is allowed.
// Source: pkg/api/service/warnings.go GetWarningsForService, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { Service, ServiceSpec } from "../../types.ts";
import { addressWarnings, rangeWarnings } from "../../validation/strictAddresses.ts";
import { isHeadless } from "./clusterIps.ts";

const path = FieldPath.of("spec");
const oldHints = "service.kubernetes.io/topology-aware-hints";
const topologyMode = "service.kubernetes.io/topology-mode";

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const { clusterIPs = [], externalIPs = [], loadBalancerIP } = spec;
  return [
    ...(metadata.annotations?.[oldHints] === undefined
      ? []
      : [`annotation ${oldHints} is deprecated, please use ${topologyMode} instead`]),
    ...clusterIPs.flatMap((ip, i) => addressWarnings(ip, path.child("clusterIPs").index(i))),
    ...(isHeadless(spec) ? headlessWarnings(spec) : []),
    ...externalIPs.flatMap((ip, i) => addressWarnings(ip, path.child("externalIPs").index(i))),
    ...(loadBalancerIP ? addressWarnings(loadBalancerIP, path.child("loadBalancerIP")) : []),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((range, i) =>
      rangeWarnings(range, path.child("loadBalancerSourceRanges").index(i)),
    ),
    ...typeWarnings(spec),
  ];
}

function headlessWarnings({ loadBalancerIP, externalIPs, sessionAffinity }: ServiceSpec): string[] {
  const ignored = [
    ...(loadBalancerIP ? ["loadBalancerIP"] : []),
    ...(externalIPs?.length ? ["externalIPs"] : []),
    ...(sessionAffinity === "None" ? [] : ["SessionAffinity"]),
  ];
  return ignored.map((field) => `spec.${field} is ignored for headless services`);
}

function typeWarnings({ type, externalIPs, externalName }: ServiceSpec): string[] {
  if (type === "ExternalName")
    return externalIPs?.length
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : [];
  return externalName ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : [];
}
