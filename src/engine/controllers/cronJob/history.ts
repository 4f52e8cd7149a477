// A CronJob keeps only so many of its finished Jobs. Source: pkg/controller/cronjob cleanupFinishedJobs, 1.34.
import { hasJobCondition } from "../../../api/kinds/job/conditions.ts";
import type { CronJob, Job } from "../../../api/types.ts";

/** Those that are too many, the oldest first. */
export function surplusJobs({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = spec;
  return [
    ...oldest(jobs, "Complete", successfulJobsHistoryLimit),
    ...oldest(jobs, "Failed", failedJobsHistoryLimit),
  ];
}

function oldest(
  jobs: readonly Job[],
  end: "Complete" | "Failed",
  limit: number | undefined,
): readonly Job[] {
  if (limit === undefined) return [];
  const ended = jobs.filter((job) => hasJobCondition(job, end)).sort(byStart);
  return ended.slice(0, Math.max(0, ended.length - limit));
}

/** A Job that never started is the youngest. */
function byStart(a: Job, b: Job): number {
  const [left, right] = [a.status?.startTime ?? "~", b.status?.startTime ?? "~"];
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
