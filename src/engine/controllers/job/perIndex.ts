// Back-off limits for each index: which indexes have failed for good, and which failed Pods stay until
// their successors have taken over their count of failures.
// Source: pkg/controller/job/indexed_job_utils.go, kubernetes v1.34.
import type { Job, Pod } from "../../../api/types.ts";
import { judgeFailure } from "./failurePolicy.ts";
import { finishedTime } from "./finishedTime.ts";
import type { IndexSet } from "./indexSet.ts";
import { completionIndex, isPodFailed, validIndex } from "./jobPods.ts";

const failureCountKey = "batch.kubernetes.io/job-index-failure-count";
const ignoredCountKey = "batch.kubernetes.io/job-index-ignored-failure-count";

export function limitsEachIndex({ spec }: Job): boolean {
  return spec.completionMode === "Indexed" && spec.backoffLimitPerIndex !== undefined;
}

/** True if the index that the Pod was to complete will not be tried again. */
export function failsIndex(pod: Pod, job: Job): boolean {
  if (!isPodFailed(pod, job)) return false;
  const { action, isCounted } = judgeFailure(job, pod);
  if (action === "FailIndex") return true;
  return isCounted && failureCount(pod, failureCountKey) >= (job.spec.backoffLimitPerIndex ?? 0);
}

/** Failures of the index before this Pod, those that were ignored too. */
export function failuresBefore(pod: Pod): number {
  return failureCount(pod, failureCountKey) + failureCount(pod, ignoredCountKey);
}

/** The annotations by which the next Pod of an index knows of the failures before it. */
export function failureCountAnnotations(
  job: Job,
  replaced: Pod | undefined,
): Readonly<Record<string, string>> {
  if (!replaced) return { [failureCountKey]: "0" };
  const isCounted = judgeFailure(job, replaced).isCounted;
  const counts = failureCount(replaced, failureCountKey) + Number(isCounted);
  const ignored = failureCount(replaced, ignoredCountKey) + Number(!isCounted);
  return {
    [failureCountKey]: String(counts),
    ...(ignored > 0 ? { [ignoredCountKey]: String(ignored) } : {}),
  };
}

interface Progress {
  readonly succeeded: IndexSet;
  readonly failed: IndexSet;
  readonly active: readonly Pod[];
}

/** The last failed Pod of each index that waits for its next one. `pods` are those not yet counted. */
export function awaitingSuccessors(
  job: Job,
  pods: readonly Pod[],
  { succeeded, failed, active }: Progress,
): ReadonlyMap<number, Pod> {
  const running = new Set(active.map(completionIndex));
  const waiting = new Map<number, Pod>();
  for (const pod of pods) {
    const index = validIndex(pod, job);
    if (index === undefined || !isPodFailed(pod, job)) continue;
    if (running.has(index) || succeeded.has(index) || failed.has(index)) continue;
    const known = waiting.get(index);
    const isLater =
      !known ||
      (failuresBefore(known) <= failuresBefore(pod) && finishedTime(pod) >= finishedTime(known));
    if (isLater) waiting.set(index, pod);
  }
  return waiting;
}

function failureCount({ metadata }: Pod, key: string): number {
  const text = metadata.annotations?.[key] ?? "";
  return /^\d+$/.test(text) ? Number(text) : 0;
}
