// Pods: how many there are, and what they ask for while they are not over.
// Source: pkg/quota/v1/evaluator/core/pods.go, 1.34.
import { type Instant, parseTime, second } from "../../base/time.ts";
import { Pod } from "../kinds/pod/kind.ts";
import { qosClassOf } from "../kinds/pod/qosClass.ts";
import {
  amountsOf,
  containerLimits,
  isHugePages,
  isPodLevelResource,
  podRequests,
  type ResourceList,
} from "../kinds/pod/requests.ts";
import { type Amount, addAmounts } from "../quantity.ts";
import type {
  PodAffinityTerm,
  Pod as PodObject,
  ResourceRequirements,
  ScopedResourceSelectorRequirement,
} from "../types.ts";
import { isExtendedResource, isNativeResource } from "../validation/resourceNames.ts";
import { countName, type QuotaEvaluator } from "./evaluator.ts";
import { meetsScope } from "./scopes.ts";
import { one, type Usage } from "./usage.ts";

const count = countName(Pod);
const computed = ["cpu", "memory", "ephemeral-storage"] as const;
const names: ReadonlySet<string> = new Set([
  count,
  "pods",
  ...computed.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

/** Whatever a quota says of these, each container has to say as well. */
const required: ReadonlySet<string> = new Set(
  ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);

export const podEvaluator: QuotaEvaluator = {
  handles: ({ operation, subresource }) =>
    subresource === "resize" || (operation === "CREATE" && subresource === undefined),
  matchingResources: (asked) =>
    asked.filter(
      (name) =>
        names.has(name) ||
        isHugePages(name) ||
        name.startsWith("requests.hugepages-") ||
        (name.startsWith("requests.") && !isNativeResource(name)),
    ),
  matchesScope: (scope, object) => isInScope(scope, object as PodObject),
  constraint: (wanted, object) => missingRequests(wanted, object as PodObject),
  usage(object, now) {
    const pod = object as PodObject;
    if (!isCharged(pod, now)) return new Map([[count, one]]);
    const usage = computeUsage(podRequests(pod, { useStatus: true }), podLimits(pod));
    return new Map([[count, one], ...usage]);
  },
};

/** Pods that are over use nothing, nor do those that should long be gone. */
export function isCharged({ metadata, status }: PodObject, now: Instant): boolean {
  if (status?.phase === "Failed" || status?.phase === "Succeeded") return false;
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = metadata;
  if (deletionTimestamp === undefined || grace === undefined) return true;
  return now <= (parseTime(deletionTimestamp) ?? now) + grace * second;
}

function computeUsage(requests: ResourceList, limits: ResourceList): Usage {
  const usage = new Map<string, Amount>([["pods", one]]);
  for (const name of computed) {
    const request = requests.get(name);
    const limit = limits.get(name);
    if (request) usage.set(name, request).set(`requests.${name}`, request);
    if (limit) usage.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (isHugePages(name)) usage.set(name, request).set(`requests.${name}`, request);
    if (isExtendedResource(name)) usage.set(`requests.${name}`, request);
  }
  return usage;
}

/** Source: component-helpers resource PodLimits. */
function podLimits(pod: PodObject): ResourceList {
  const limits = new Map(containerLimits(pod));
  for (const [name, limit] of amountsOf(pod.spec.resources?.limits))
    if (isPodLevelResource(name)) limits.set(name, limit);
  for (const [name, overhead] of amountsOf(pod.spec.overhead)) {
    const limit = limits.get(name);
    if (limit) limits.set(name, addAmounts(limit, overhead));
  }
  return limits;
}

function missingRequests(wanted: readonly string[], { spec }: PodObject): string | undefined {
  const said = (resources: ResourceRequirements | undefined): ReadonlySet<string> =>
    new Set(computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits)).keys());
  const ofPod = said(spec.resources);
  const needed = wanted.filter((name) => required.has(name) && !ofPod.has(name)).sort();
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const missing = needed.flatMap((name) => {
    const silent = containers.filter(({ resources }) => !said(resources).has(name));
    const list = [...new Set(silent.map((each) => each.name))].sort().join(",");
    return list === "" ? [] : [`${name} for: ${list}`];
  });
  return missing.length === 0 ? undefined : `must specify ${missing.join("; ")}`;
}

function isInScope(scope: ScopedResourceSelectorRequirement, pod: PodObject): boolean {
  const { activeDeadlineSeconds, priorityClassName } = pod.spec;
  switch (scope.scopeName) {
    case "Terminating":
      return activeDeadlineSeconds !== undefined && activeDeadlineSeconds >= 0;
    case "NotTerminating":
      return activeDeadlineSeconds === undefined || activeDeadlineSeconds < 0;
    case "BestEffort":
      return qosClassOf(pod) === "BestEffort";
    case "NotBestEffort":
      return qosClassOf(pod) !== "BestEffort";
    case "PriorityClass":
      return meetsScope(scope, priorityClassName ? [priorityClassName] : []);
    case "CrossNamespacePodAffinity":
      return affinityTerms(pod).some(
        ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector,
      );
    default:
      return false;
  }
}

function affinityTerms({ spec: { affinity } }: PodObject): readonly PodAffinityTerm[] {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((terms) => [
    ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
}
