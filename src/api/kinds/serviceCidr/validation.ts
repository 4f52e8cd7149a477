// ServiceCIDRs. Source: pkg/apis/networking/validation ValidateServiceCIDR, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ServiceCIDR } from "../../types.ts";
import { isDualStack } from "../../validation/addresses.ts";
import { each } from "../../validation/fields.ts";
import { checkStrictRange } from "../../validation/strictAddresses.ts";

const path = FieldPath.of("spec", "cidrs");

export function validateServiceCidr({ spec }: ServiceCIDR): FieldError[] {
  const { cidrs = [] } = spec;
  if (cidrs.length === 0) return [required(path, "at least one CIDR required")];
  const problem = countProblem(cidrs);
  if (problem !== undefined) return [invalid(path, { CIDRs: cidrs }, problem)];
  return each(cidrs, path, checkStrictRange);
}

function countProblem(cidrs: readonly string[]): string | undefined {
  if (cidrs.length > 2) return "may only hold up to 2 values";
  const addresses = cidrs.map((cidr) => cidr.split("/")[0] ?? "");
  return cidrs.length === 2 && !isDualStack(addresses)
    ? "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
    : undefined;
}

/** A range of the other family may be added; nothing else changes. */
export function validateServiceCidrUpdate({ spec }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const { cidrs = [] } = spec;
  const before = old.spec.cidrs ?? [];
  const isUpgrade = before.length === 1 && cidrs.length === 2;
  if (!isUpgrade && before.length !== cidrs.length)
    return [invalid(path, cidrs, "field is immutable")];
  const changed = before.flatMap((cidr, i) =>
    cidr === cidrs[i] ? [] : [invalid(path.index(i), cidrs[i] ?? "", "field is immutable")],
  );
  return isUpgrade ? [...changed, ...validateServiceCidr({ spec } as ServiceCIDR)] : changed;
}
