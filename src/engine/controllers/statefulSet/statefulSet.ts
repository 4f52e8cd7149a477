// statefulset-controller: Pods with names and claims of their own, in order.
// Source: pkg/controller/statefulset/stateful_set.go, kubernetes v1.34.
import { dequal } from "dequal";
import { ControllerRevision } from "../../../api/kinds/controllerRevision.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { isPodReady, Pod } from "../../../api/kinds/pod/kind.ts";
import { StatefulSet } from "../../../api/kinds/statefulSet.ts";
import { controllerOf, keyOf, type ObjectKey } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type {
  OwnerReference,
  Pod as PodObject,
  StatefulSet as StatefulSetObject,
} from "../../../api/types.ts";
import { second } from "../../../base/time.ts";
import type { Change } from "../../localInformer.ts";
import { claim } from "../claims.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { orphanPods, podsOfController } from "../podIndexes.ts";
import { truncateHistory } from "../revisions/history.ts";
import { parentNameOf, replicasOf } from "./ordinals.ts";
import { revisionOf } from "./podStates.ts";
import { findRevisions } from "./setRevisions.ts";
import { SetUpdate } from "./setUpdate.ts";
import { writeStatus } from "./status.ts";

export const statefulSet: ControllerFactory = () => ({
  name: "statefulset-controller",
  triggers: [
    trigger(StatefulSet, ({ old, now }) => [keyOf((now ?? old) as StatefulSetObject)]),
    trigger(Pod, podChanged),
  ],
  reads: [PersistentVolumeClaim, ControllerRevision],
  reconcile,
});

function reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
  const set = context.cache(StatefulSet).get(key);
  if (!set) return undefined;
  const revisions = findRevisions(set, context);
  const pods = claimPods(set, context);
  const { status, failure } = new SetUpdate(set, revisions, pods, context).run();
  writeStatus(set, status, context);
  const used = new Set([
    revisions.current.metadata.name,
    revisions.update.metadata.name,
    ...pods.map(revisionOf),
  ]);
  truncateHistory(context, revisions.all, used, set.spec.revisionHistoryLimit ?? 10);
  if (failure) throw failure;
  const { minReadySeconds = 0 } = set.spec;
  return minReadySeconds > 0 && status.availableReplicas !== replicasOf(set)
    ? { retryAfterMs: minReadySeconds * second }
    : undefined;
}

/** Only Pods that are named after the set can be its own. */
function claimPods(
  set: StatefulSetObject,
  { cache, client }: ControllerContext,
): readonly PodObject[] {
  const { uid = "", namespace = "", name } = set.metadata;
  const candidates = [
    ...podsOfController(cache(Pod), uid),
    ...orphanPods(cache(Pod), namespace),
  ].filter((pod) => parentNameOf(pod) === name);
  const selector = labelSelectorOf(set.spec.selector);
  return claim({ client, ownerKind: StatefulSet, owner: set, selector }, Pod, candidates);
}

function podChanged(
  { old, now }: Change<PodObject>,
  context: ControllerContext,
): readonly ObjectKey[] {
  const pod = (now ?? old) as PodObject;
  const reference = controllerOf(pod);
  const before = old && now && controllerOf(old);
  const left = before && !dequal(before, reference) ? ownersOf(pod, before, context) : [];
  if (reference) {
    const owners = ownersOf(pod, reference, context);
    if (old && now && !isPodReady(old) && isPodReady(now)) comeBackWhenAvailable(owners, context);
    return [...left, ...owners].map(keyOf);
  }
  const isNews = !old || before || !dequal(old.metadata.labels, now?.metadata.labels);
  if (!now || !isNews || now.metadata.deletionTimestamp !== undefined) return left.map(keyOf);
  return [...left, ...suitorsOf(now, context)].map(keyOf);
}

function comeBackWhenAvailable(
  owners: readonly StatefulSetObject[],
  { enqueue }: ControllerContext,
): void {
  for (const set of owners) {
    const { minReadySeconds = 0 } = set.spec;
    // A second more against skew.
    if (minReadySeconds > 0) enqueue(keyOf(set), (minReadySeconds + 1) * second);
  }
}

function ownersOf(
  { metadata }: PodObject,
  { kind, name, uid }: OwnerReference,
  { cache }: ControllerContext,
): readonly StatefulSetObject[] {
  if (kind !== StatefulSet.gvk.kind) return [];
  const owner = cache(StatefulSet).get({ namespace: metadata.namespace ?? "", name });
  return owner?.metadata.uid === uid ? [owner] : [];
}

function suitorsOf(
  { metadata }: PodObject,
  { cache }: ControllerContext,
): readonly StatefulSetObject[] {
  return cache(StatefulSet)
    .list(metadata.namespace ?? "")
    .filter(({ spec }) => labelSelectorOf(spec.selector).matches(metadata.labels));
}
