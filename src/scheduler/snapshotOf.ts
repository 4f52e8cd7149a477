// Snapshots from plain lists of objects: for what-if questions, remote clusters and tests.
import type { Node, Pod } from "../api/types.ts";
import { SchedulerCache } from "./cache.ts";
import { type ObjectKinds, objectPlurals } from "./clusterObjects.ts";
import type { Snapshot } from "./snapshot.ts";

export type ObjectLists = {
  readonly [Plural in keyof ObjectKinds]?: readonly ObjectKinds[Plural][];
} & {
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
};

/**
 * Nodes, and Pods as they are bound to them; Pods that are not bound count as far as they are
 * nominated to a node. The objects must not change afterwards.
 */
export function snapshotOf(lists: ObjectLists): Snapshot {
  return cacheOf(lists).snapshot();
}

/** As `snapshotOf`, for a cluster that goes on changing. */
export function cacheOf(lists: ObjectLists): SchedulerCache {
  const cache = new SchedulerCache();
  for (const node of lists.nodes ?? []) cache.setNode(node);
  for (const pod of lists.pods ?? []) {
    const nominated = pod.status?.nominatedNodeName;
    if (pod.spec.nodeName) cache.setPod(pod);
    else if (nominated) cache.nominate(pod, nominated);
  }
  for (const plural of objectPlurals) setAll(cache, plural, lists[plural]);
  return cache;
}

function setAll<Plural extends keyof ObjectKinds>(
  cache: SchedulerCache,
  plural: Plural,
  objects: readonly ObjectKinds[Plural][] | undefined,
): void {
  for (const object of objects ?? []) cache.setObject(plural, object);
}
