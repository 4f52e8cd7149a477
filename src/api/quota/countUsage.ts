// What a namespace's objects use of a quota. Source: apiserver pkg/quota/v1/resources.go
// CalculateUsage and generic CalculateUsageStats, 1.34.
import type { Instant } from "../../base/time.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceQuota } from "../types.ts";
import { evaluatorFor } from "./evaluators.ts";
import { isInScopes } from "./scopes.ts";
import { addUsage, masked, noUsage, type Usage } from "./usage.ts";

/** @param objectsOf the objects of a kind in the quota's namespace */
export function countUsage(
  quota: ResourceQuota,
  kinds: Iterable<Kind>,
  objectsOf: (kind: Kind) => readonly KubeObject[],
  now: Instant,
): Usage {
  const names = Object.keys(quota.spec.hard ?? {});
  let total: Usage = new Map();
  for (const kind of kinds) {
    const evaluator = evaluatorFor(kind);
    const counted = evaluator?.matchingResources(names) ?? [];
    if (!evaluator || counted.length === 0) continue;
    total = addUsage(total, noUsage(counted.filter((name) => !total.has(name))));
    for (const object of objectsOf(kind))
      if (isInScopes(quota, evaluator, object))
        total = addUsage(total, masked(evaluator.usage(object, now), counted));
  }
  return total;
}
