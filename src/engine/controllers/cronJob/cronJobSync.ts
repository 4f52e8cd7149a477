// One look at a CronJob: takes note of what its Jobs did, and makes the Job that is due.
// Source: pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob, kubernetes v1.34.
import { CronJob } from "../../../api/kinds/cronJob.ts";
import { hasJobCondition, isJobFinished } from "../../../api/kinds/job/conditions.ts";
import { Job } from "../../../api/kinds/job.ts";
import { controllerOf, keyOf } from "../../../api/object.ts";
import { ApiError, hasReason } from "../../../api/status.ts";
import type {
  CronJob as CronJobObject,
  CronJobStatus,
  Job as JobObject,
  ObjectReference,
} from "../../../api/types.ts";
import { type Draft, draft } from "../../../base/draft.ts";
import {
  civilTime,
  formatTime,
  type Instant,
  type Millis,
  second,
  weekdayOf,
} from "../../../base/time.ts";
import { TimeZone } from "../../../base/timeZone.ts";
import type { ControllerContext } from "../controller.ts";
import { isNamespaceTerminating } from "../podControl.ts";
import { surplusJobs } from "./history.ts";
import { jobFor, jobNameOf } from "./jobTemplate.ts";
import { recentTime, untilNextTime } from "./missedTimes.ts";
import { type CronSchedule, parseSchedule } from "./schedule.ts";

export class CronJobSync {
  private readonly status: Draft<CronJobStatus>;
  private active: readonly ObjectReference[];
  private hasNews = false;

  constructor(
    private readonly cronJob: CronJobObject,
    private readonly jobs: readonly JobObject[],
    private readonly context: ControllerContext,
  ) {
    this.status = draft(cronJob.status ?? {}) as Draft<CronJobStatus>;
    this.active = cronJob.status?.active ?? [];
  }

  /** @returns when to look again. @throws ApiError what the server refuses */
  run(): Millis | undefined {
    for (const job of surplusJobs(this.cronJob, this.jobs)) this.deleteJob(job);
    let wait: Millis | undefined;
    let failure: ApiError | undefined;
    try {
      wait = this.sync();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure = error;
    }
    if (this.hasNews) this.writeStatus();
    if (failure) throw failure;
    return wait;
  }

  private sync(): Millis | undefined {
    this.noteJobs();
    this.dropMissing();
    const { metadata, spec } = this.cronJob;
    if (metadata.deletionTimestamp !== undefined) return undefined;
    const zone = TimeZone.of(spec.timeZone ?? "");
    if (!zone) {
      const name = JSON.stringify(spec.timeZone);
      this.event(
        "Warning",
        "UnknownTimeZone",
        `invalid timeZone: ${name}: unknown time zone ${spec.timeZone}`,
      );
      return undefined;
    }
    if (spec.suspend) return undefined;
    if (spec.schedule.includes("TZ"))
      this.event(
        "Warning",
        "UnsupportedSchedule",
        `CRON_TZ or TZ used in schedule ${JSON.stringify(spec.schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const schedule = parseSchedule(spec.schedule, zone);
    if ("error" in schedule) {
      const text = JSON.stringify(spec.schedule);
      this.event(
        "Warning",
        "UnparseableSchedule",
        `unparseable schedule: ${text} : ${schedule.error}`,
      );
      return undefined;
    }
    return this.startWhatIsDue(schedule);
  }

  private startWhatIsDue(schedule: CronSchedule): Millis | undefined {
    const now = this.context.now();
    const recent = recentTime(this.cronJob, now, schedule, true);
    if ("error" in recent) {
      const { schedule: text } = this.cronJob.spec;
      this.event("Warning", "InvalidSchedule", `invalid schedule: ${text} : ${recent.error}`);
      return undefined;
    }
    if (recent.mostRecent !== undefined && recent.missed === "many")
      this.event(
        "Warning",
        "TooManyMissedTimes",
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
      );
    const scheduled = recent.mostRecent;
    if (scheduled !== undefined && this.mayStart(scheduled)) this.start(scheduled);
    return untilNextTime({ ...this.cronJob, status: this.status as CronJobStatus }, now, schedule);
  }

  private mayStart(scheduled: Instant): boolean {
    const { startingDeadlineSeconds: deadline, concurrencyPolicy } = this.cronJob.spec;
    if (deadline !== undefined && scheduled + deadline * second < this.context.now()) {
      const time = formatRfc1123(scheduled);
      this.event("Warning", "MissSchedule", `Missed scheduled time to start a job: ${time}`);
      return false;
    }
    const name = jobNameOf(this.cronJob, scheduled);
    const isDone =
      this.active.some((reference) => reference.name === name) ||
      this.status.lastScheduleTime === formatTime(scheduled);
    if (isDone) return false;
    if (concurrencyPolicy === "Forbid" && this.active.length > 0) {
      this.event(
        "Normal",
        "JobAlreadyActive",
        "Not starting job because prior execution is running and concurrency policy is Forbid",
      );
      return false;
    }
    return true;
  }

  private start(scheduled: Instant): void {
    if (this.cronJob.spec.concurrencyPolicy === "Replace") this.deleteActive();
    const job = this.createJob(jobFor(this.cronJob, scheduled));
    if (!job) return;
    const { name, namespace, uid, resourceVersion } = job.metadata;
    const reference = {
      kind: "Job",
      namespace,
      name,
      uid,
      apiVersion: "batch/v1",
      resourceVersion,
    };
    this.setActive([...this.active, reference as ObjectReference]);
    this.status.lastScheduleTime = formatTime(scheduled);
  }

  /** @returns undefined if another has made it and will have noted it */
  private createJob(wanted: JobObject): JobObject | undefined {
    const { client } = this.context;
    try {
      const job = client.create(Job, wanted);
      this.event("Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
      return job;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason !== "AlreadyExists") {
        if (!isNamespaceTerminating(error))
          this.event("Warning", "FailedCreate", `Error creating job: ${error.message}`);
        throw error;
      }
    }
    const known = client.get(Job, keyOf(wanted));
    const isOwn = controllerOf(known)?.uid === this.cronJob.metadata.uid;
    if (!isOwn || this.isActive(known)) return undefined;
    const name = JSON.stringify(known.metadata.name);
    this.event("Warning", "JobAlreadyExists", `Job ${name} already exists`);
    return known;
  }

  private noteJobs(): void {
    for (const job of this.jobs) {
      const isListed = this.isActive(job);
      if (!isListed && !isJobFinished(job)) this.noteUnexpected(job);
      else if (isListed && isJobFinished(job)) {
        const end = hasJobCondition(job, "Complete") ? "Complete" : "Failed";
        const { name } = job.metadata;
        this.drop(job.metadata.uid);
        this.event("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`);
      } else if (hasJobCondition(job, "Complete")) this.noteSuccess(job);
    }
  }

  /** The cache may lag: the server knows whether the Job is noted already. */
  private noteUnexpected(job: JobObject): void {
    const latest = this.context.client.get(CronJob, keyOf(this.cronJob));
    if (latest.status?.active?.some(({ uid }) => uid === job.metadata.uid)) {
      this.active = latest.status.active;
      return;
    }
    const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
    this.event("Warning", "UnexpectedJob", message);
  }

  private noteSuccess({ status }: JobObject): void {
    const { completionTime } = status ?? {};
    const { lastSuccessfulTime } = this.status;
    if (completionTime === undefined || (lastSuccessfulTime ?? "") >= completionTime) return;
    this.status.lastSuccessfulTime = completionTime;
    this.hasNews = true;
  }

  private dropMissing(): void {
    const known = new Set(this.jobs.map(({ metadata }) => metadata.uid));
    for (const { uid, name = "", namespace = "" } of this.active) {
      if (known.has(uid)) continue;
      try {
        this.context.client.get(Job, { namespace, name });
      } catch (error) {
        if (!hasReason(error, "NotFound")) throw error;
        this.event("Normal", "MissingJob", `Active job went missing: ${name}`);
        this.drop(uid);
      }
    }
  }

  private deleteActive(): void {
    for (const { name = "", namespace = "" } of this.active) {
      const failure = this.deleteJob(this.activeJob({ name, namespace }));
      if (failure) throw failure;
    }
  }

  private activeJob(key: { readonly namespace: string; readonly name: string }): JobObject {
    try {
      return this.context.client.get(Job, key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.event("Warning", "FailedGet", `Get job: ${error.message}`);
      throw error;
    }
  }

  private deleteJob(job: JobObject): ApiError | undefined {
    const { name, uid } = job.metadata;
    try {
      this.context.client.delete(Job, keyOf(job), { propagationPolicy: "Background" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.event("Warning", "FailedDelete", `Deleted job: ${error.message}`);
      return error;
    }
    this.drop(uid);
    this.hasNews = true;
    this.event("Normal", "SuccessfulDelete", `Deleted job ${name}`);
    return undefined;
  }

  private isActive({ metadata }: JobObject): boolean {
    return this.active.some(({ uid }) => uid === metadata.uid);
  }

  private drop(uid: string | undefined): void {
    this.setActive(this.active.filter((reference) => reference.uid !== uid));
  }

  private setActive(active: readonly ObjectReference[]): void {
    this.active = active;
    this.hasNews = true;
  }

  private writeStatus(): void {
    const { active: _, ...rest } = this.status as CronJobStatus;
    const status = this.active.length > 0 ? { ...rest, active: this.active } : rest;
    this.context.client.updateStatus(CronJob, { ...this.cronJob, status });
  }

  private event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.record(this.cronJob, type, reason, message);
  }
}

/** "Sat, 31 Jan 2026 09:00:00 +0000": Go's time.RFC1123Z in UTC. */
function formatRfc1123(at: Instant): string {
  const { year, month, date } = civilTime(at);
  const time = formatTime(at).slice(11, 19);
  const weekday = "Sun Mon Tue Wed Thu Fri Sat".split(" ")[weekdayOf(at)];
  const name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[month - 1];
  return `${weekday}, ${String(date).padStart(2, "0")} ${name} ${year} ${time} +0000`;
}
