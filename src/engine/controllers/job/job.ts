// job-controller: runs a Job's Pods until enough have succeeded or too many have failed.
// Source: pkg/controller/job/job_controller.go, kubernetes v1.34.
import { dequal } from "dequal";
import { isJobFinished } from "../../../api/kinds/job/conditions.ts";
import { Job } from "../../../api/kinds/job.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { controllerOf, keyOf, keyText, type ObjectKey } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type { Job as JobObject, OwnerReference, Pod as PodObject } from "../../../api/types.ts";
import { parseTime, second } from "../../../base/time.ts";
import { jobBatchMs, jobRetryBaseMs, jobRetryMaxMs } from "../../limits.ts";
import type { Change } from "../../localInformer.ts";
import { claim } from "../claims.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";
import { orphanPods, podsOfController } from "../podIndexes.ts";
import { JobMemory } from "./jobMemory.ts";
import { isTracked, trackingFinalizer } from "./jobPods.ts";
import { JobSync } from "./jobSync.ts";
import { removeFinalizer } from "./tracking.ts";

export const job: ControllerFactory = () => {
  const controller = new JobController();
  return {
    name: "job-controller",
    triggers: [
      trigger(Job, (change, context) => controller.jobChanged(change, context)),
      trigger(Pod, (change, context) => controller.podChanged(change, context)),
    ],
    retry: { baseMs: jobRetryBaseMs, maxMs: jobRetryMaxMs },
    reconcile(key, context) {
      const pod = orphanOf(key);
      if (pod) syncOrphan(pod, context);
      else controller.reconcile(key, context);
      return undefined;
    },
  };
};

class JobController {
  private readonly memory = new JobMemory();

  jobChanged({ old, now }: Change<JobObject>, context: ControllerContext): readonly ObjectKey[] {
    const job = (now ?? old) as JobObject;
    const key = keyOf(job);
    const orphans = now && !isJobFinished(now) ? [] : heldPods(job, context).map(orphanKey);
    if (now && old) this.comeBackAtDeadline(old, now, context);
    // News of the status waits for more of it; a new spec does not.
    if (now && old && now.metadata.generation === old.metadata.generation) {
      context.enqueue(key, jobBatchMs);
      return orphans;
    }
    return [key, ...orphans];
  }

  podChanged({ old, now }: Change<PodObject>, context: ControllerContext): readonly ObjectKey[] {
    if (!now) return this.podWent(old as PodObject, true, context);
    if (now.metadata.deletionTimestamp !== undefined) return this.podWent(now, false, context);
    const reference = controllerOf(now);
    const before = old && controllerOf(old);
    if (before && !dequal(before, reference)) this.podMoved(now, before, context);
    if (reference) {
      const owner = jobOf(now, reference, context);
      if (!owner) return [];
      const key = keyText(keyOf(owner));
      if (!old) this.memory.expectations.sawCreation(key);
      else if (!isTracked(now)) this.memory.sawRelease(key, now.metadata.uid ?? "");
      context.enqueue(keyOf(owner), jobBatchMs);
      return [];
    }
    const isNews = !old || before || !dequal(old.metadata.labels, now.metadata.labels);
    if (isNews) for (const suitor of suitorsOf(now, context)) context.enqueue(suitor, jobBatchMs);
    return isTracked(now) ? [orphanKey(now)] : [];
  }

  reconcile(key: ObjectKey, context: ControllerContext): void {
    const text = keyText(key);
    const owner = context.cache(Job).get(key);
    if (!owner) {
      this.memory.forget(text);
      return;
    }
    if (isManagedElsewhere(owner)) return;
    if (isJobFinished(owner)) {
      this.memory.forgetBackoff(text);
      return;
    }
    const mayManage = this.memory.expectations.areMet(text, context.now());
    const pods = claimPods(owner, context);
    new JobSync(owner, pods, this.memory, context).run(mayManage);
  }

  /** @param isGone it is not only asked to go */
  private podWent(
    pod: PodObject,
    isGone: boolean,
    context: ControllerContext,
  ): readonly ObjectKey[] {
    const reference = controllerOf(pod);
    const owner = reference && jobOf(pod, reference, context);
    if (!owner || isJobFinished(owner)) return isTracked(pod) ? [orphanKey(pod)] : [];
    const key = keyText(keyOf(owner));
    this.memory.expectations.sawDeletion(key, keyText(keyOf(pod)));
    if (isGone || !isTracked(pod)) this.memory.sawRelease(key, pod.metadata.uid ?? "");
    context.enqueue(keyOf(owner), jobBatchMs);
    return [];
  }

  private podMoved(pod: PodObject, before: OwnerReference, context: ControllerContext): void {
    const owner = jobOf(pod, before, context);
    if (!owner) return;
    if (!isTracked(pod)) this.memory.sawRelease(keyText(keyOf(owner)), pod.metadata.uid ?? "");
    context.enqueue(keyOf(owner), jobBatchMs);
  }

  private comeBackAtDeadline(old: JobObject, now: JobObject, context: ControllerContext): void {
    const started = parseTime(now.status?.startTime ?? "");
    const { activeDeadlineSeconds: deadline } = now.spec;
    if (started === undefined || deadline === undefined) return;
    if (deadline !== old.spec.activeDeadlineSeconds)
      context.enqueue(keyOf(now), started + deadline * second - context.now());
  }
}

/** Adopted Pods count as held from now on, though the cache doesn't show it yet. */
function claimPods(owner: JobObject, { cache, client }: ControllerContext): readonly PodObject[] {
  const pods = cache(Pod);
  const candidates = [
    ...podsOfController(pods, owner.metadata.uid ?? ""),
    ...orphanPods(pods, owner.metadata.namespace ?? ""),
  ];
  const selector = labelSelectorOf(owner.spec.selector);
  const claimant = { client, ownerKind: Job, owner, selector, finalizers: [trackingFinalizer] };
  return claim(claimant, Pod, candidates).map((pod) =>
    isTracked(pod) || controllerOf(pod)
      ? pod
      : {
          ...pod,
          metadata: {
            ...pod.metadata,
            finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer],
          },
        },
  );
}

/** Takes the finalizer off a Pod that no Job will count any more. Source: syncOrphanPod. */
function syncOrphan(key: ObjectKey, context: ControllerContext): void {
  const pod = context.cache(Pod).get(key);
  const reference = pod && controllerOf(pod);
  if (!pod || !isTracked(pod)) return;
  if (reference) {
    if (reference.kind !== Job.gvk.kind || reference.apiVersion !== Job.apiVersion) return;
    const owner = jobOf(pod, reference, context);
    if (owner && (isManagedElsewhere(owner) || !isJobFinished(owner))) return;
  }
  const error = removeFinalizer(context, pod);
  if (error && error.reason !== "NotFound") throw error;
}

function heldPods(job: JobObject, { cache }: ControllerContext): readonly PodObject[] {
  return podsOfController(cache(Pod), job.metadata.uid ?? "").filter(isTracked);
}

function jobOf(
  { metadata }: PodObject,
  { kind, name, uid }: OwnerReference,
  { cache }: ControllerContext,
): JobObject | undefined {
  if (kind !== Job.gvk.kind) return undefined;
  const owner = cache(Job).get({ namespace: metadata.namespace ?? "", name });
  return owner?.metadata.uid === uid ? owner : undefined;
}

/** The Jobs that might adopt an orphan. */
function suitorsOf({ metadata }: PodObject, { cache }: ControllerContext): readonly ObjectKey[] {
  return cache(Job)
    .list(metadata.namespace ?? "")
    .filter(({ spec }) => labelSelectorOf(spec.selector).matches(metadata.labels))
    .map(keyOf);
}

const ownManagers: ReadonlySet<string | undefined> = new Set([
  undefined,
  "kubernetes.io/job-controller",
]);

function isManagedElsewhere({ spec }: JobObject): boolean {
  return !ownManagers.has(spec.managedBy);
}

/** Pods without a Job share the queue with Jobs: no Job's name has a slash. */
const orphanPrefix = "pods/";

function orphanKey({ metadata }: PodObject): ObjectKey {
  return { namespace: metadata.namespace ?? "", name: orphanPrefix + metadata.name };
}

function orphanOf({ namespace, name }: ObjectKey): ObjectKey | undefined {
  return name.startsWith(orphanPrefix)
    ? { namespace, name: name.slice(orphanPrefix.length) }
    : undefined;
}
