// ttl-after-finished-controller: deletes Jobs some time after they have ended, if they ask for it.
// Source: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go, kubernetes v1.34.
import { hasJobCondition } from "../../api/kinds/job/conditions.ts";
import { Job } from "../../api/kinds/job.ts";
import { keyOf, type ObjectKey } from "../../api/object.ts";
import type { Job as JobObject } from "../../api/types.ts";
import { type Instant, type Millis, parseTime, second } from "../../base/time.ts";
import { findCondition } from "./conditions.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "./controller.ts";

export const ttlAfterFinished: ControllerFactory = () => ({
  name: "ttl-after-finished-controller",
  triggers: [
    trigger(Job, ({ now }, context) =>
      now && timeLeft(now, context.now()) !== undefined ? [keyOf(now)] : [],
    ),
  ],
  reconcile,
});

function reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
  const known = context.cache(Job).get(key);
  const left = known && timeLeft(known, context.now());
  if (left === undefined) return undefined;
  if (left > 0) return { retryAfterMs: left };
  // The cache may lag: someone may have given the Job more time.
  const job = context.client.get(Job, key);
  const reallyLeft = timeLeft(job, context.now());
  if (reallyLeft === undefined) return undefined;
  if (reallyLeft > 0) return { retryAfterMs: reallyLeft };
  context.client.delete(Job, key, {
    propagationPolicy: "Foreground",
    preconditions: { uid: job.metadata.uid ?? "" },
  });
  return undefined;
}

/** Undefined for a Job that stays, has not ended, or goes already. */
function timeLeft(job: JobObject, now: Instant): Millis | undefined {
  const { metadata, status } = job;
  const { ttlSecondsAfterFinished: ttl } = job.spec;
  if (ttl === undefined || metadata.deletionTimestamp !== undefined) return undefined;
  const end = hasJobCondition(job, "Complete") ? "Complete" : "Failed";
  const condition = findCondition(status?.conditions, end);
  const ended = parseTime(condition?.status === "True" ? (condition.lastTransitionTime ?? "") : "");
  return ended === undefined ? undefined : ended + ttl * second - now;
}
