// cronjob-controller: makes a Job whenever a CronJob's schedule says so.
// Source: pkg/controller/cronjob/cronjob_controllerv2.go, kubernetes v1.34.
import { dequal } from "dequal";
import { CronJob } from "../../../api/kinds/cronJob.ts";
import { Job } from "../../../api/kinds/job.ts";
import { controllerOf, keyOf, type ObjectKey } from "../../../api/object.ts";
import type {
  CronJob as CronJobObject,
  Job as JobObject,
  OwnerReference,
} from "../../../api/types.ts";
import { TimeZone } from "../../../base/timeZone.ts";
import type { Change } from "../../localInformer.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { CronJobSync } from "./cronJobSync.ts";
import { untilNextTime } from "./missedTimes.ts";
import { parseSchedule } from "./schedule.ts";

export const cronJob: ControllerFactory = () => ({
  name: "cronjob-controller",
  triggers: [trigger(CronJob, cronJobChanged), trigger(Job, jobChanged)],
  reconcile,
});

function reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
  const owner = context.cache(CronJob).get(key);
  if (!owner) return undefined;
  const jobs = context
    .cache(Job)
    .list(key.namespace)
    .filter((job) => controllerOf(job)?.uid === owner.metadata.uid);
  const wait = new CronJobSync(owner, jobs, context).run();
  return wait === undefined ? undefined : { retryAfterMs: wait };
}

/** A new schedule is looked at when its next time comes, anything else now. */
function cronJobChanged(
  { old, now }: Change<CronJobObject>,
  context: ControllerContext,
): readonly ObjectKey[] {
  const key = keyOf((now ?? old) as CronJobObject);
  const isRescheduled =
    old &&
    now &&
    (old.spec.schedule !== now.spec.schedule || old.spec.timeZone !== now.spec.timeZone);
  if (!isRescheduled) return [key];
  const zone = TimeZone.of(now.spec.timeZone ?? "") ?? TimeZone.utc;
  const schedule = parseSchedule(now.spec.schedule, zone);
  if (!("error" in schedule)) context.enqueue(key, untilNextTime(now, context.now(), schedule));
  return [];
}

function jobChanged(
  { old, now }: Change<JobObject>,
  context: ControllerContext,
): readonly ObjectKey[] {
  const job = (now ?? old) as JobObject;
  const reference = controllerOf(job);
  const before = old && now && controllerOf(old);
  const left = before && !dequal(before, reference) ? ownersOf(job, before, context) : [];
  return [...left, ...(reference ? ownersOf(job, reference, context) : [])];
}

function ownersOf(
  { metadata }: JobObject,
  { kind, name, uid }: OwnerReference,
  { cache }: ControllerContext,
): readonly ObjectKey[] {
  if (kind !== CronJob.gvk.kind) return [];
  const owner = cache(CronJob).get({ namespace: metadata.namespace ?? "", name });
  return owner?.metadata.uid === uid ? [keyOf(owner)] : [];
}
