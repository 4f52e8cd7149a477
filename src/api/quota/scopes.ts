// Which objects a quota counts: those that are in all of its scopes.
// Source: apiserver pkg/quota/v1/generic/evaluator.go Matches; pkg/apis/core/v1/helper
// ScopedResourceSelectorRequirementsAsSelector, 1.34.
import type { KubeObject } from "../object.ts";
import type { ResourceQuota, ScopedResourceSelectorRequirement } from "../types.ts";
import type { QuotaEvaluator } from "./evaluator.ts";

export function isInScopes(
  { spec }: ResourceQuota,
  evaluator: QuotaEvaluator,
  object: KubeObject,
): boolean {
  const scopes: readonly ScopedResourceSelectorRequirement[] = [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" as const })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ];
  return scopes.every((scope) => evaluator.matchesScope(scope, object));
}

/** Of a scope with values: whether one of an object's values meets it. */
export function meetsScope(
  { operator, values = [] }: ScopedResourceSelectorRequirement,
  found: readonly string[],
): boolean {
  switch (operator) {
    case "Exists":
      return found.length > 0;
    case "DoesNotExist":
      return found.length === 0;
    case "In":
      return found.some((value) => values.includes(value));
    case "NotIn":
      return found.length === 0 || found.some((value) => !values.includes(value));
  }
}
