// The families of a Service's addresses: inferred, completed and checked before addresses are given.
// Source: pkg/registry/core/service/storage/alloc.go initIPFamilyFields, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Service, ServiceSpec } from "../../types.ts";
import { isIpv6 } from "../../validation/addresses.ts";
import { validateClusterIps } from "./clusterIps.ts";

type Spec = Draft<ServiceSpec>;

const path = FieldPath.of("spec");
const policyPath = path.child("ipFamilyPolicy");
/** Of --service-cluster-ip-range. */
const configured: readonly string[] = ["IPv4"];
const defaultFamily = "IPv4";

/** Fills in policy and families in place; returns what is refused. */
export function placeFamilies({ spec }: Draft<Service>, old: Service | undefined): FieldError[] {
  if (spec.type === "ExternalName" || (old && keepsPreference(spec, old.spec))) return [];
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? usualPolicy(spec);
  const related = validateClusterIps(spec as ServiceSpec);
  if (related.length > 0) return related;
  const errors = [
    ...(old ? reductionErrors(spec, old.spec) : []),
    ...pluralErrors(spec),
    ...inferFamilies(spec),
  ];
  if (errors.length > 0) return errors;
  if (isFree(spec)) {
    completeFamilies(spec);
    return [];
  }
  return configuredFamilies(spec);
}

/** A Service that likes two families neither gains nor loses one by an unrelated change. */
function keepsPreference(spec: Spec, old: ServiceSpec): boolean {
  return (
    spec.ipFamilyPolicy === "PreferDualStack" &&
    old.type === spec.type &&
    (old.ipFamilyPolicy ?? "PreferDualStack") === "PreferDualStack" &&
    dequal(spec.clusterIPs ?? [], old.clusterIPs ?? []) &&
    dequal(spec.ipFamilies ?? [], old.ipFamilies ?? [])
  );
}

function usualPolicy(spec: Spec): "RequireDualStack" | "SingleStack" {
  return isFree(spec) ? "RequireDualStack" : "SingleStack";
}

/** Headless and without a selector: its endpoints may be of any family. */
function isFree({ clusterIP, selector = {} }: Spec): boolean {
  return clusterIP === "None" && Object.keys(selector).length === 0;
}

/** To become a Service of one family is the policy's to say; addresses and families follow it. */
function reductionErrors(spec: Spec, old: ServiceSpec): FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const { clusterIPs: oldIps = [], ipFamilies: oldFamilies = [] } = old;
  if (spec.ipFamilyPolicy === "SingleStack") {
    if (clusterIPs.length > 1 && dequal(clusterIPs, oldIps))
      spec.clusterIPs = clusterIPs.slice(0, 1);
    if (ipFamilies.length > 1 && dequal(ipFamilies, oldFamilies))
      spec.ipFamilies = ipFamilies.slice(0, 1);
    return [];
  }
  const refused = (what: string): FieldError =>
    invalid(
      policyPath,
      spec.ipFamilyPolicy,
      `must be 'SingleStack' to release the secondary ${what}`,
    );
  const isReduced = (now: readonly string[], before: readonly string[]): boolean =>
    now.length > 0 && now.length < before.length;
  return [
    ...(isReduced(clusterIPs, oldIps) ? [refused("cluster IP")] : []),
    ...(isReduced(ipFamilies, oldFamilies) ? [refused("IP family")] : []),
  ];
}

function pluralErrors({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: Spec): FieldError[] {
  if (ipFamilyPolicy !== "SingleStack") return [];
  const refused = (what: string): FieldError =>
    invalid(
      policyPath,
      ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(clusterIPs.length === 2 ? [refused("cluster IPs")] : []),
    ...(ipFamilies.length === 2 ? [refused("IP families")] : []),
  ];
}

function inferFamilies(spec: Spec): FieldError[] {
  const errors: FieldError[] = [];
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === "None") return errors;
  for (const [i, ip] of clusterIPs.entries()) {
    if (i < (spec.ipFamilies?.length ?? 0)) continue;
    const family = isIpv6(ip) ? "IPv6" : "IPv4";
    if (configured.includes(family)) spec.ipFamilies = [...(spec.ipFamilies ?? []), family];
    else
      errors.push(
        invalid(
          path.child("clusterIPs").index(i),
          clusterIPs,
          `${family} is not configured on this cluster`,
        ),
      );
  }
  return errors;
}

function completeFamilies(spec: Spec): void {
  const [first = defaultFamily, second] = spec.ipFamilies ?? [];
  const other = first === "IPv4" ? "IPv6" : "IPv4";
  spec.ipFamilies =
    second !== undefined || spec.ipFamilyPolicy !== "SingleStack"
      ? [first, second ?? other]
      : [first];
}

function configuredFamilies(spec: Spec): FieldError[] {
  const errors =
    spec.ipFamilyPolicy === "RequireDualStack"
      ? [
          invalid(
            policyPath,
            spec.ipFamilyPolicy,
            "this cluster is not configured for dual-stack services",
          ),
        ]
      : [];
  for (const [i, family] of (spec.ipFamilies ?? []).entries())
    if (!configured.includes(family))
      errors.push(
        invalid(path.child("ipFamilies").index(i), family, "not configured on this cluster"),
      );
  if (errors.length === 0 && !spec.ipFamilies?.length) spec.ipFamilies = [defaultFamily];
  return errors;
}
