// Does a change fit into a quota? Source: apiserver pkg/admission/plugin/resourcequota/controller.go
// CheckRequest, 1.34.
import type { Instant } from "../../base/time.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceQuota } from "../types.ts";
import type { QuotaChange, QuotaEvaluator } from "./evaluator.ts";
import { isInScopes } from "./scopes.ts";
import {
  addUsage,
  exceededNames,
  increase,
  masked,
  negativeNames,
  type Usage,
  usageOf,
  usageText,
  withoutZeros,
} from "./usage.ts";

/** What the quota's status.used would be, or why it can't. Undefined if the change is none of its business. */
export type QuotaVerdict = { readonly used: Usage } | { readonly refusal: string } | undefined;

export function checkQuota(
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  change: QuotaChange,
  now: Instant,
): QuotaVerdict {
  const { name } = quota.metadata;
  const hardNames = Object.keys(quota.status?.hard ?? {});
  const concerned = evaluator.matchingResources(hardNames);
  if (concerned.length === 0 || !isInScopes(quota, evaluator, change.object)) return undefined;
  const missing = evaluator.constraint?.(concerned, change.object);
  if (missing !== undefined) return { refusal: `failed quota: ${name}: ${missing}` };
  const used = usageOf(quota.status?.used);
  if (concerned.some((each) => !used.has(each)))
    return {
      refusal: `status unknown for quota: ${name}, resources: ${[...concerned].sort().join(",")}`,
    };
  return charge(quota, { used, more: moreOf(quota, evaluator, change, now) });
}

/** What the change adds. One that was not counted before counts in full. */
function moreOf(
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  { object, old }: QuotaChange,
  now: Instant,
): Usage {
  const usage = evaluator.usage(object, now);
  const wasCounted = (before: KubeObject): boolean => isInScopes(quota, evaluator, before);
  return old && wasCounted(old) ? increase(usage, evaluator.usage(old, now)) : usage;
}

function charge(
  { metadata, status }: ResourceQuota,
  { used, more }: { readonly used: Usage; readonly more: Usage },
): QuotaVerdict {
  const negative = negativeNames(more);
  if (negative.length > 0)
    return {
      refusal: `quota usage is negative for resource(s): ${[...negative].sort().join(",")}`,
    };
  const hard = usageOf(status?.hard);
  const added = withoutZeros(masked(more, [...hard.keys()]));
  if (added.size === 0) return undefined;
  const next = addUsage(used, added);
  const exceeded = exceededNames(masked(next, [...added.keys()]), hard);
  if (exceeded.length === 0) return { used: next };
  const [requested, before, limited] = [added, used, hard].map((usage) =>
    usageText(masked(usage, exceeded)),
  );
  return {
    refusal: `exceeded quota: ${metadata.name}, requested: ${requested}, used: ${before}, limited: ${limited}`,
  };
}
