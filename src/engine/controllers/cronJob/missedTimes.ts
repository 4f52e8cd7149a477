// Which of a CronJob's times is due, and when the next comes.
// Source: pkg/controller/cronjob/utils.go mostRecentScheduleTime and nextScheduleTimeDuration, 1.34.
import type { CronJob } from "../../../api/types.ts";
import { type Instant, type Millis, parseTime, second } from "../../../base/time.ts";
import { cronNextDelayMs } from "../../limits.ts";
import type { CronSchedule } from "./schedule.ts";

/** More missed times than this are many. */
const many = 100;

export interface RecentTime {
  /** Nothing was due before. */
  readonly earliest: Instant;
  readonly mostRecent?: Instant;
  readonly missed: "none" | "few" | "many";
}

/** @param minded whether startingDeadlineSeconds is: times before it don't count */
export function recentTime(
  { metadata, spec, status }: CronJob,
  now: Instant,
  schedule: CronSchedule,
  minded: boolean,
): RecentTime | { readonly error: string } {
  const since = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "") ?? now;
  const { startingDeadlineSeconds: deadline } = spec;
  const earliest =
    minded && deadline !== undefined ? Math.max(since, now - deadline * second) : since;
  const first = schedule.next(earliest);
  const following = schedule.next(first);
  if (now < first) return { earliest, missed: "none" };
  if (now < following) return { earliest, mostRecent: first, missed: "none" };
  const between = Math.floor(Math.round((following - first) / second));
  if (between < 1) return { error: "time difference between two schedules is less than 1 second" };
  const count = Math.floor(Math.floor((now - first) / second) / between) + 1;
  const missed = count > many ? "many" : "few";
  // Close to now but before it, whatever the rhythm: the rest is gone through time by time.
  let mostRecent: Instant | undefined;
  for (
    let time = schedule.next(first + (count - 2) * between * second);
    time <= now;
    time = schedule.next(time)
  )
    mostRecent = time;
  return mostRecent === undefined ? { earliest, missed } : { earliest, mostRecent, missed };
}

/** How long until the next time, and a little more so that it is surely there. */
export function untilNextTime(cronJob: CronJob, now: Instant, schedule: CronSchedule): Millis {
  const recent = recentTime(cronJob, now, schedule, false);
  const from =
    "error" in recent
      ? now
      : (recent.mostRecent ?? (recent.missed === "none" ? recent.earliest : now));
  return schedule.next(from) + cronNextDelayMs - now;
}
