// The matrix behind a scheduling attempt, computed again from the state that the scheduler had seen:
// recording it for every attempt would cost more than scheduling.
import type { KindRegistry } from "../api/kind.ts";
import { Pod as PodKind } from "../api/kinds/pod/kind.ts";
import type { KubeObject } from "../api/object.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { ScheduleEvent } from "../api/traceEvent.ts";
import type { Pod } from "../api/types.ts";
import type { Random } from "../base/random.ts";
import { objectPlurals } from "../scheduler/clusterObjects.ts";
import { explainPod } from "../scheduler/explain.ts";
import { findRemedies, remediesShown } from "../scheduler/remedies.ts";
import { cacheOf, type ObjectLists } from "../scheduler/snapshotOf.ts";
import { storageKey, storagePrefix } from "./registry/storageKeys.ts";
import type { SchedulerConfiguration } from "./schedulerConfiguration.ts";
import { Compacted } from "./store/etcdError.ts";
import type { Store } from "./store/store.ts";

export interface AttemptWorld {
  readonly store: Store;
  readonly kinds: KindRegistry;
  readonly configuration: SchedulerConfiguration;
  /** The draws of that attempt. */
  readonly random: Random;
}

/** @returns undefined once the state of that time is compacted, or if the Pod was not in it */
export function explainAttempt(
  event: ScheduleEvent,
  { store, kinds, configuration, random }: AttemptWorld,
): SchedulingExplanation | undefined {
  try {
    const at = event.revision;
    const pod = store.get<Pod>(storageKey(PodKind, event.pod), at)?.value;
    if (!pod) return undefined;
    const profile = configuration.profile(pod.spec.schedulerName ?? "default-scheduler", at);
    const cache = cacheOf(listsAt(store, kinds, at));
    const explanation = explainPod({ pod, snapshot: cache.snapshot(), profile, random });
    if (event.outcome === "unschedulable") {
      const remedies = findRemedies({ pod, cache, profile, explanation, limit: remediesShown });
      return { ...explanation, remedies };
    }
    if (event.outcome !== "scheduled") return explanation;
    return { ...explanation, ...(event.node === undefined ? {} : { chosen: event.node }) };
  } catch (error) {
    if (error instanceof Compacted) return undefined;
    throw error;
  }
}

function listsAt(store: Store, kinds: KindRegistry, at: number): ObjectLists {
  const served = [...objectPlurals, "nodes", "pods"].flatMap(
    (plural) => kinds.forPlural(plural) ?? [],
  );
  return Object.fromEntries(
    served.map((kind) => [
      kind.plural,
      store.range<KubeObject>(storagePrefix(kind), { at }).entries.map(({ value }) => value),
    ]),
  ) as ObjectLists;
}
