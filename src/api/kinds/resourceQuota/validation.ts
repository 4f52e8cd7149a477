// ResourceQuotas. Source: pkg/apis/core/validation ValidateResourceQuota, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  Quantity,
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
} from "../../types.ts";
import { sortedEntries } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { checkResourceQuantity } from "../../validation/quantities.ts";
import { checkQuotaResourceName, isStandardQuotaResource } from "../../validation/resourceNames.ts";

const path = FieldPath.of("spec");

export function validateResourceQuota({ spec = {}, status }: ResourceQuota): FieldError[] {
  return [
    ...validateAmounts(spec.hard, path.child("hard")),
    ...validateScopes(spec),
    ...validateScopeSelector(spec),
    ...validateAmounts(status?.hard, FieldPath.of("status", "hard")),
    ...validateAmounts(status?.used, FieldPath.of("status", "used")),
  ];
}

export function validateResourceQuotaUpdate(
  quota: ResourceQuota,
  old: ResourceQuota,
): FieldError[] {
  const scopes = (of: ResourceQuota): string => [...(of.spec?.scopes ?? [])].sort().join();
  return [
    ...validateResourceQuota(quota),
    ...(scopes(quota) === scopes(old)
      ? []
      : [invalid(path.child("scopes"), quota.spec?.scopes ?? null, "field is immutable")]),
  ];
}

/** Source: ValidateResourceQuotaStatusUpdate. */
export function validateResourceQuotaStatusUpdate({ status }: ResourceQuota): FieldError[] {
  return [
    ...validateAmounts(status?.hard, FieldPath.of("status", "hard")),
    ...validateAmounts(status?.used, FieldPath.of("status", "used")),
  ];
}

function validateAmounts(
  amounts: Readonly<Record<string, Quantity>> | undefined,
  at: FieldPath,
): FieldError[] {
  return sortedEntries(amounts).flatMap(([name, quantity]) => [
    ...checkQuotaResourceName(name, at.key(name)),
    ...checkResourceQuantity(name, quantity, at.key(name)),
  ]);
}

const standardScopes = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
  "VolumeAttributesClass",
];
const computeResources = new Set([
  "cpu",
  "memory",
  "limits.cpu",
  "limits.memory",
  "requests.cpu",
  "requests.memory",
]);
const conflicts = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

/** Source: helper.IsResourceQuotaScopeValidForResource. */
function isScopeValidFor(scope: string, resource: string): boolean {
  switch (scope) {
    case "Terminating":
    case "NotTerminating":
    case "NotBestEffort":
    case "PriorityClass":
    case "CrossNamespacePodAffinity":
      return resource === "pods" || computeResources.has(resource);
    case "BestEffort":
      return resource === "pods";
    case "VolumeAttributesClass":
      return resource === "persistentvolumeclaims" || resource === "requests.storage";
    default:
      return true;
  }
}

/** The resources that a scope does not go with, each an error of its own. */
function misapplied(scope: string, { hard = {} }: ResourceQuotaSpec): string[] {
  return Object.keys(hard).filter(
    (name) => isStandardQuotaResource(name) && !isScopeValidFor(scope, name),
  );
}

function validateScopes(spec: ResourceQuotaSpec): FieldError[] {
  const { scopes = [] } = spec;
  const at = path.child("scopes");
  return [
    ...scopes.flatMap((scope) => [
      ...(standardScopes.includes(scope) ? [] : [invalid(at, scopes, "unsupported scope")]),
      ...misapplied(scope, spec).map(() =>
        invalid(at, scopes, "unsupported scope applied to resource"),
      ),
    ]),
    ...conflictErrors(scopes, scopes, at),
  ];
}

function conflictErrors(
  found: readonly string[],
  shown: readonly string[] | null,
  at: FieldPath,
): FieldError[] {
  return conflicts
    .filter((pair) => pair.every((scope) => found.includes(scope)))
    .map(() => invalid(at, shown, "conflicting scopes"));
}

const selectorShape = goShape([
  "MatchExpressions",
  "matchExpressions",
  goShape(["ScopeName", "scopeName", ""], ["Operator", "operator", ""], ["Values", "values", null]),
]);

function validateScopeSelector(spec: ResourceQuotaSpec): FieldError[] {
  if (!spec.scopeSelector) return [];
  const { matchExpressions = [] } = spec.scopeSelector;
  const at = path.child("scopeSelector", "matchExpressions");
  const shown = goValue(spec.scopeSelector, selectorShape);
  return [
    ...matchExpressions.flatMap((requirement) => [
      ...(standardScopes.includes(requirement.scopeName ?? "")
        ? []
        : [invalid(at.child("scopeName"), requirement.scopeName ?? "", "unsupported scope")]),
      ...misapplied(requirement.scopeName ?? "", spec).map(() =>
        invalid(at, shown, "unsupported scope applied to resource"),
      ),
      ...validateRequirement(requirement, at),
    ]),
    ...conflictErrors(
      matchExpressions.map(({ scopeName }) => scopeName),
      spec.scopes ?? null,
      at,
    ),
  ];
}

const existenceScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

function validateRequirement(
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
  at: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (existenceScopes.includes(scopeName) && operator !== "Exists")
    errors.push(
      invalid(
        at.child("operator"),
        operator ?? "",
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(
        required(
          at.child("values"),
          "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        ),
      );
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0)
      errors.push(
        invalid(
          at.child("values"),
          values,
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        ),
      );
  } else
    errors.push(invalid(at.child("operator"), operator ?? "", "not a valid selector operator"));
  return errors;
}
