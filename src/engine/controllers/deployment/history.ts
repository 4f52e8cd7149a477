// Old revisions that a Deployment no longer keeps. Pure.
// Source: pkg/controller/deployment/sync.go cleanupDeployment, 1.34.
import type { Deployment, ReplicaSet } from "../../../api/types.ts";
import { revisionOf } from "./annotations.ts";
import { sizeOf } from "./replicaSets.ts";

const unlimited = 2 ** 31 - 1;

/** The oldest sets beyond revisionHistoryLimit, as far as they have no Pods and will have none. */
export function surplusRevisions(
  { spec }: Deployment,
  old: readonly ReplicaSet[],
): readonly ReplicaSet[] {
  const { revisionHistoryLimit = 10 } = spec;
  if (revisionHistoryLimit === unlimited) return [];
  const kept = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return [...kept]
    .sort((a, b) => Number(revisionOf(a) - revisionOf(b)))
    .slice(0, Math.max(0, kept.length - revisionHistoryLimit))
    .filter(isIdle);
}

/** No Pods, none asked for, and its controller knows that. */
function isIdle(set: ReplicaSet): boolean {
  const { status, metadata } = set;
  const isObserved = (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
  return (status?.replicas ?? 0) === 0 && sizeOf(set) === 0 && isObserved;
}
