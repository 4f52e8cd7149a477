// A Service's own addresses and their families. Source: pkg/apis/core/validation
// ValidateServiceClusterIPsRelatedFields, kubernetes v1.34.
import { duplicate, type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ServiceSpec } from "../../types.ts";
import { isDualStack, isIpv6, validateAddress } from "../../validation/addresses.ts";
import { checkChoice, each } from "../../validation/fields.ts";

const path = FieldPath.of("spec");
const ipsPath = path.child("clusterIPs");
const families = ["IPv4", "IPv6"];
const familyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** True if it has no address of its own: its name stands for its endpoints' addresses. */
export function isHeadless({ clusterIPs = [] }: ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === "None";
}

export function validateClusterIps(spec: ServiceSpec): FieldError[] {
  const { type, ipFamilies, ipFamilyPolicy, clusterIPs = [] } = spec;
  if (type === "ExternalName") return [];
  const seen = new Set<string>();
  const addresses = validateAddresses(clusterIPs);
  const errors = [
    ...validateFirst(spec),
    ...each(ipFamilies, path.child("ipFamilies"), (family, at) => {
      const own = checkChoice(family, families, at);
      if (seen.has(family)) own.push(duplicate(at, family));
      seen.add(family);
      return own;
    }),
    ...(ipFamilyPolicy === undefined
      ? []
      : checkChoice(ipFamilyPolicy, familyPolicies, path.child("ipFamilyPolicy"))),
    ...addresses,
    ...(clusterIPs.length > 2
      ? [invalid(ipsPath, clusterIPs, "may only hold up to 2 values")]
      : []),
  ];
  // Wrong addresses would only lead to misleading errors about their families.
  return addresses.length > 0 ? errors : [...errors, ...validateFamilies(spec)];
}

function validateFirst({ clusterIP, clusterIPs = [] }: ServiceSpec): FieldError[] {
  if (!clusterIP)
    return clusterIPs.length > 0
      ? [invalid(ipsPath, clusterIPs, "must be empty when `clusterIP` is not specified")]
      : [];
  if (clusterIPs.length === 0) return [required(ipsPath)];
  return clusterIPs[0] === clusterIP
    ? []
    : [invalid(ipsPath, clusterIPs, "first value must match `clusterIP`")];
}

function validateAddresses(ips: readonly string[]): FieldError[] {
  return each(ips, ipsPath, (ip, at, i) => {
    if (i > 0 || ip !== "None") return validateAddress(ip, at);
    return ips.length > 1 ? [invalid(ipsPath, ips, "'None' must be the first and only value")] : [];
  });
}

function validateFamilies(spec: ServiceSpec): FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const errors: FieldError[] = [];
  if (clusterIPs.length > 1 && !isDualStack(clusterIPs))
    errors.push(invalid(ipsPath, clusterIPs, "may specify no more than one IP for each IP family"));
  if (isHeadless(spec)) return errors;
  for (const [i, ip] of clusterIPs.entries()) {
    const family = ipFamilies[i];
    if (family !== undefined && families.includes(family) && isIpv6(ip) !== (family === "IPv6"))
      errors.push(
        invalid(
          ipsPath.index(i),
          ip,
          `expected an ${family} value as indicated by \`ipFamilies[${i}]\``,
        ),
      );
  }
  return errors;
}
