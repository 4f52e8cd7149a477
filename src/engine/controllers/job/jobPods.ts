// What a Job reads from its Pods: their index, whether they failed, who tracks them.
// Source: pkg/controller/job/{job_controller,indexed_job_utils,tracking_utils}.go, kubernetes v1.34.
import { isTerminal } from "../../../api/kinds/pod/kind.ts";
import type { Job, Pod } from "../../../api/types.ts";

/** Holds an ended Pod until the Job has counted it. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";
export const indexKey = "batch.kubernetes.io/job-completion-index";

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false;
}

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === "Indexed";
}

export function isSuspended({ spec }: Job): boolean {
  return spec.suspend === true;
}

/** Pods with a failure policy, or by will, are replaced only once they have ended. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;
}

/** A Pod on its way out counts as failed: without a kubelet it would never get there. */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === "Failed") return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== "Succeeded";
}

export function isPodSucceeded({ status }: Pod): boolean {
  return status?.phase === "Succeeded";
}

export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined;
}

/** Undefined for a Pod without an index that makes sense. */
export function completionIndex({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexKey] ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The index if the Job still has one of that number. */
export function validIndex(pod: Pod, { spec }: Job): number | undefined {
  const index = completionIndex(pod);
  return index !== undefined && index < (spec.completions ?? 0) ? index : undefined;
}
