// The status of a ReplicaSet or ReplicationController.
// Source: pkg/controller/replicaset/replica_set_utils.go calculateStatus, 1.34.
import { isPodReady } from "../../api/kinds/pod/kind.ts";
import { Selector } from "../../api/selector.ts";
import type { Pod, PodTemplateSpec, ReplicaSetCondition } from "../../api/types.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import { findCondition, withoutCondition } from "./conditions.ts";
import { isPodAvailable } from "./podAvailability.ts";

/** What both kinds' statuses have. */
export interface ReplicaStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ReplicaSetCondition[];
}

export interface ReplicaFacts {
  readonly pods: readonly Pod[];
  readonly template: PodTemplateSpec;
  readonly minReadySeconds: number;
  readonly generation: number;
  /** Why Pods could not be created or deleted. */
  readonly failure?: { readonly reason: "FailedCreate" | "FailedDelete"; readonly message: string };
  readonly now: Instant;
}

/** Counts of zero are left out, as the API does. */
export function replicaStatus(old: ReplicaStatus | undefined, facts: ReplicaFacts): ReplicaStatus {
  const conditions = failureConditions(old, facts);
  return {
    ...counted(counts(facts)),
    replicas: facts.pods.length,
    observedGeneration: facts.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** In one pass: a set of a thousand Pods is counted anew whenever one of them changes. */
function counts({ pods, template, minReadySeconds, now }: ReplicaFacts) {
  const templateLabels = Selector.ofLabels(template.metadata?.labels ?? {});
  const count = { fullyLabeledReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  for (const pod of pods) {
    if (templateLabels.matches(pod.metadata.labels)) count.fullyLabeledReplicas++;
    if (!isPodReady(pod)) continue;
    count.readyReplicas++;
    if (minReadySeconds === 0 || isPodAvailable(pod, minReadySeconds, now))
      count.availableReplicas++;
  }
  return count;
}

function failureConditions(
  old: ReplicaStatus | undefined,
  { failure, now }: ReplicaFacts,
): readonly ReplicaSetCondition[] {
  const others = withoutCondition(old?.conditions, "ReplicaFailure");
  if (!failure) return others;
  const known = findCondition(old?.conditions, "ReplicaFailure");
  if (known) return old?.conditions ?? [];
  const lastTransitionTime = formatTime(now);
  return [...others, { type: "ReplicaFailure", status: "True", lastTransitionTime, ...failure }];
}

/** Without the members that are 0. */
export function counted<T extends Record<string, number>>(counts: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => count !== 0),
  ) as Partial<T>;
}
