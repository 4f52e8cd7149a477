// How long a Job waits before it replaces failed Pods: 10 s after the first failure in a row, twice as
// long after each further one. Source: pkg/controller/job/backoff_utils.go, kubernetes v1.34.
import type { Pod } from "../../../api/types.ts";
import type { Instant, Millis } from "../../../base/time.ts";
import { jobPodBackoffBaseMs, jobPodBackoffMaxMs } from "../../limits.ts";
import { finishedTime } from "./finishedTime.ts";

/** Failures since the last success, and when the last was. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailure?: Instant;
}

export const noFailures: BackoffRecord = { failures: 0 };

/** The record after Pods have ended that it does not count yet. */
export function recordEnds(
  record: BackoffRecord,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord {
  const ends = failed.map(finishedTime).sort((a, b) => a - b);
  const lastSuccess = Math.max(...succeeded.map(finishedTime));
  const since = ends.filter((end) => end > lastSuccess);
  const lastFailure = since.at(-1);
  const before = succeeded.length > 0 ? noFailures : record;
  return lastFailure === undefined
    ? before
    : { failures: before.failures + since.length, lastFailure };
}

/** How much of the wait is left. */
export function remainingBackoff(
  { failures, lastFailure = 0 }: BackoffRecord,
  now: Instant,
): Millis {
  if (failures === 0) return 0;
  const wait = Math.min(jobPodBackoffBaseMs * 2 ** (failures - 1), jobPodBackoffMaxMs);
  return Math.max(0, wait - (now - lastFailure));
}
