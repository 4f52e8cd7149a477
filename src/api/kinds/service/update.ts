// What may change in a Service. Source: pkg/apis/core/validation ValidateServiceUpdate and
// ValidateLoadBalancerStatus, kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Service, ServiceSpec } from "../../types.ts";
import { parseAddress, validateAddress } from "../../validation/addresses.ts";
import { checkChoice, checkDnsSubdomain, each } from "../../validation/fields.ts";
import { isHeadless } from "./clusterIps.ts";
import { needsHealthCheck } from "./defaults.ts";
import { validateService } from "./validation.ts";

const path = FieldPath.of("spec");
const unchangeable = "may not change once set";

export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  return [
    ...validateClusterIpChange(service.spec, old.spec),
    ...validateFamilyChange(service.spec, old.spec),
    ...validateOther(service.spec, old.spec),
    ...validateService(service),
  ];
}

function validateClusterIpChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName" || old.type === "ExternalName") return [];
  if (isHeadless(spec) && isHeadless(old)) return [];
  const { clusterIPs: now = [] } = spec;
  const { clusterIPs: before = [] } = old;
  const at = path.child("clusterIPs");
  if (now.length === before.length)
    return before.flatMap((ip, i) =>
      ip === now[i] ? [] : [invalid(at.index(i), now, unchangeable)],
    );
  const errors: FieldError[] = [];
  if (now.length === 0)
    errors.push(invalid(at.index(0), now, "primary clusterIP can not be unset"));
  if (before.length > 0 && now.length > 0 && now[0] !== before[0])
    errors.push(invalid(at.index(0), now, unchangeable));
  if (before.length > now.length && now.length === 1)
    errors.push(...validateRelease(spec, "clusterIP"));
  return errors;
}

function validateRelease({ ipFamilyPolicy }: ServiceSpec, what: string): FieldError[] {
  return ipFamilyPolicy === "SingleStack"
    ? []
    : [
        invalid(
          path.child("ipFamilyPolicy"),
          ipFamilyPolicy ?? "null",
          `must be set to 'SingleStack' when releasing the secondary ${what}`,
        ),
      ];
}

function validateFamilyChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName" || old.type === "ExternalName") return [];
  if (isHeadless(spec) || isHeadless(old)) return [];
  const { ipFamilies: now = [] } = spec;
  const { ipFamilies: before = [] } = old;
  const at = path.child("ipFamilies").index(0);
  if (now.length === before.length)
    return before.flatMap((family, i) =>
      family === now[i] ? [] : [invalid(at, now, unchangeable)],
    );
  const errors: FieldError[] = [];
  if (before.length > now.length && !spec.clusterIPs?.length)
    errors.push(invalid(at, now, "primary ipFamily can not be unset"));
  if (before.length > 0 && now.length > 0 && now[0] !== before[0])
    errors.push(invalid(at, spec.clusterIPs ?? null, unchangeable));
  if (before.length > now.length && now.length === 1)
    errors.push(...validateRelease(spec, "ipFamily"));
  return errors;
}

function validateOther(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const isBalanced = spec.type === "LoadBalancer" && old.type === "LoadBalancer";
  if (isBalanced && spec.loadBalancerClass !== old.loadBalancerClass)
    errors.push(
      invalid(path.child("loadBalancerClass"), spec.loadBalancerClass ?? "null", unchangeable),
    );
  if (
    needsHealthCheck(spec) &&
    needsHealthCheck(old) &&
    spec.healthCheckNodePort !== old.healthCheckNodePort
  )
    errors.push(forbidden(path.child("healthCheckNodePort"), "field is immutable"));
  return errors;
}

export function validateServiceStatusUpdate({ spec, status }: Service): FieldError[] {
  const at = FieldPath.of("status", "loadBalancer", "ingress");
  const ingresses = status?.loadBalancer?.ingress ?? [];
  if (spec.type !== "LoadBalancer" && ingresses.length > 0)
    return [forbidden(at, "may only be used when `spec.type` is 'LoadBalancer'")];
  return each(ingresses, at, ({ ip, ipMode, hostname }, itemPath) => [
    ...(ip ? validateAddress(ip, itemPath.child("ip")) : []),
    ...validateIpMode(ip, ipMode, itemPath.child("ipMode")),
    ...(hostname ? validateHostname(hostname, itemPath.child("hostname")) : []),
  ]);
}

function validateIpMode(
  ip: string | undefined,
  mode: string | undefined,
  at: FieldPath,
): FieldError[] {
  if (mode === undefined) return ip ? [required(at, "must be specified when `ip` is set")] : [];
  return ip
    ? checkChoice(mode, ["Proxy", "VIP"], at)
    : [forbidden(at, "may not be specified when `ip` is not set")];
}

function validateHostname(hostname: string, at: FieldPath): FieldError[] {
  return [
    ...checkDnsSubdomain(hostname, at),
    ...(parseAddress(hostname)
      ? [invalid(at, hostname, "must be a DNS name, not an IP address")]
      : []),
  ];
}
