// Claims on devices that a Pod names. Source: pkg/apis/core/validation validatePodResourceClaims,
// kubernetes v1.34.
import { duplicate, type FieldError, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { PodResourceClaim } from "../../../types.ts";
import { checkDnsLabel, checkDnsSubdomain, each } from "../../../validation/fields.ts";
import { goShape, goValue } from "../../../validation/goShape.ts";

const claimShape = goShape(
  ["Name", "name", ""],
  ["ResourceClaimName", "resourceClaimName", null],
  ["ResourceClaimTemplateName", "resourceClaimTemplateName", null],
);

export function validateResourceClaims(
  claims: readonly PodResourceClaim[] | undefined,
  path: FieldPath,
): FieldError[] {
  const names = new Set<string>();
  return each(claims, path, (claim, at) => [
    ...validateName(claim.name, names, at.child("name")),
    ...validateReference(claim, at),
  ]);
}

function validateName(name: string | undefined, names: Set<string>, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  if (names.has(name)) return [duplicate(path, name)];
  names.add(name);
  return checkDnsLabel(name, path);
}

function validateReference(claim: PodResourceClaim, path: FieldPath): FieldError[] {
  const { resourceClaimName: name, resourceClaimTemplateName: template } = claim;
  const errors: FieldError[] = [];
  const shown = goValue(claim, claimShape);
  if (name !== undefined && template !== undefined)
    errors.push(
      invalid(
        path,
        shown,
        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
      ),
    );
  if (name === undefined && template === undefined)
    errors.push(
      invalid(path, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"),
    );
  if (name !== undefined) errors.push(...checkDnsSubdomain(name, path.child("resourceClaimName")));
  if (template !== undefined)
    errors.push(...checkDnsSubdomain(template, path.child("resourceClaimTemplateName")));
  return errors;
}
