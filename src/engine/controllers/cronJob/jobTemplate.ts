// The Job that a CronJob makes for one of its times: its name tells which, so that it is made once.
// Source: pkg/controller/cronjob/utils.go getJobFromTemplate2, kubernetes v1.34.
import { Job } from "../../../api/kinds/job.ts";
import { controllerRef } from "../../../api/object.ts";
import type { CronJob, Job as JobObject } from "../../../api/types.ts";
import { type Instant, minute } from "../../../base/time.ts";
import { TimeZone } from "../../../base/timeZone.ts";

const scheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

export function jobNameOf({ metadata }: CronJob, scheduled: Instant): string {
  return `${metadata.name}-${Math.floor(scheduled / minute)}`;
}

export function jobFor(cronJob: CronJob, scheduled: Instant): JobObject {
  const { metadata: { labels, annotations } = { name: "" }, spec } = cronJob.spec.jobTemplate;
  const zone = TimeZone.of(cronJob.spec.timeZone ?? "") ?? TimeZone.utc;
  return {
    apiVersion: Job.apiVersion,
    kind: Job.gvk.kind,
    metadata: {
      name: jobNameOf(cronJob, scheduled),
      namespace: cronJob.metadata.namespace ?? "",
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, [scheduledAnnotation]: zone.format(scheduled) },
      ownerReferences: [controllerRef(cronJob)],
    },
    spec: spec ?? { template: {} },
  };
}
