// What quotas count of one kind. Kinds that nothing special is known of are counted by number.
// Source: apiserver pkg/quota/v1/generic/evaluator.go, 1.34.
import type { Instant } from "../../base/time.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { ScopedResourceSelectorRequirement } from "../types.ts";
import { one, type Usage } from "./usage.ts";

/** A change of an object, as a quota sees it. */
export interface QuotaChange {
  readonly operation: "CREATE" | "UPDATE";
  readonly subresource?: string;
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

export interface QuotaEvaluator {
  /** Whether the change can use more or less of anything. */
  handles(change: QuotaChange): boolean;
  /** Which of a quota's resources the kind uses. */
  matchingResources(names: readonly string[]): readonly string[];
  matchesScope(scope: ScopedResourceSelectorRequirement, object: KubeObject): boolean;
  /** What the object must say for it to be counted: "must specify requests.cpu for: c". */
  constraint?(required: readonly string[], object: KubeObject): string | undefined;
  usage(object: KubeObject, now: Instant): Usage;
}

/** Names by which quotas counted before there was "count/...". */
const oldNames: Readonly<Record<string, string>> = {
  configmaps: "configmaps",
  replicationcontrollers: "replicationcontrollers",
  resourcequotas: "resourcequotas",
  secrets: "secrets",
};

/** "count/pods", "count/deployments.apps". */
export function countName({ resource }: Kind): string {
  return `count/${resource}`;
}

/** Counts the objects of a kind. */
export function objectCount(kind: Kind): QuotaEvaluator {
  const oldName = oldNames[kind.resource];
  const names = oldName === undefined ? [countName(kind)] : [countName(kind), oldName];
  return {
    handles: ({ operation, subresource }) => operation === "CREATE" && subresource === undefined,
    matchingResources: (asked) => asked.filter((name) => names.includes(name)),
    matchesScope: () => false,
    usage: () => new Map(names.map((name) => [name, one])),
  };
}
