// One look at a Job: counts its Pods, decides whether it ends, and otherwise makes or deletes Pods.
// Source: pkg/controller/job syncJob and manageJob, kubernetes v1.34.
import { isActive, isPodReady } from "../../../api/kinds/pod/kind.ts";
import { keyOf, keyText } from "../../../api/object.ts";
import type { ApiError } from "../../../api/status.ts";
import type {
  JobCondition,
  Job as JobObject,
  JobStatus,
  Pod as PodObject,
} from "../../../api/types.ts";
import { type Draft, draft } from "../../../base/draft.ts";
import { formatTime, type Millis, parseTime, second } from "../../../base/time.ts";
import { jobBatchMs, jobPodsPerSync } from "../../limits.ts";
import { findCondition } from "../conditions.ts";
import type { ControllerContext } from "../controller.ts";
import { createPod, deletePod, isNamespaceTerminating } from "../podControl.ts";
import { slowStart } from "../slowStart.ts";
import { type BackoffRecord, recordEnds, remainingBackoff } from "./backoff.ts";
import { ensureCondition, jobCondition, type Reason } from "./conditions.ts";
import { judgeFailure } from "./failurePolicy.ts";
import { finishedTime } from "./finishedTime.ts";
import { IndexSet } from "./indexSet.ts";
import type { JobMemory } from "./jobMemory.ts";
import {
  completionIndex,
  isIndexed,
  isPodFailed,
  isPodSucceeded,
  isSuspended,
  isTerminating,
  isTracked,
  replacesOnlyFailed,
  validIndex,
} from "./jobPods.ts";
import { awaitingSuccessors, failuresBefore, limitsEachIndex } from "./perIndex.ts";
import { indexedNamePrefix, indexedPodTemplate, jobPodTemplate } from "./podTemplate.ts";
import { metSuccessPolicy } from "./successPolicy.ts";
import { surplusPods } from "./surplus.ts";
import { indexesOf, JobTracking, removeFinalizer } from "./tracking.ts";

const reasons = {
  backoff: {
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
  },
  deadline: {
    reason: "DeadlineExceeded",
    message: "Job was active longer than specified deadline",
  },
  maxFailedIndexes: {
    reason: "MaxFailedIndexesExceeded",
    message: "Job has exceeded the specified maximal number of failed indexes",
  },
  failedIndexes: { reason: "FailedIndexes", message: "Job has failed indexes" },
  completions: {
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
  },
} as const satisfies Record<string, Reason>;

export class JobSync {
  private readonly key: string;
  private readonly status: Draft<JobStatus>;
  private readonly active: readonly PodObject[];
  private readonly backoff: BackoffRecord;
  private readonly indexes: ReturnType<typeof indexesOf>;
  private readonly awaiting: ReadonlyMap<number, PodObject>;
  private readonly succeeded: number;
  private readonly failed: number;
  /** Counts that creations and deletions of this look change. */
  private activeCount: number;
  private readyCount: number;
  private terminatingCount: number;
  private suspensionChanged = false;

  /** @param pods all Pods of the Job, adopted ones too */
  constructor(
    private readonly job: JobObject,
    private readonly pods: readonly PodObject[],
    private readonly memory: JobMemory,
    private readonly context: ControllerContext,
  ) {
    this.key = keyText(keyOf(job));
    this.status = draft(job.status ?? {}) as Draft<JobStatus>;
    this.active = pods.filter(isActive);
    this.activeCount = this.active.length;
    this.readyCount = this.active.filter(isPodReady).length;
    this.terminatingCount = pods.filter(isTerminating).length;
    const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
    const newSucceeded = this.newlyEnded(succeeded, isPodSucceeded);
    const newFailed = this.newlyEnded(failed, (pod) => isPodFailed(pod, job));
    this.backoff = recordEnds(memory.backoff(this.key), newSucceeded, newFailed);
    this.indexes = indexesOf(job, pods);
    this.succeeded = isIndexed(job)
      ? this.indexes.succeeded.size
      : (this.status.succeeded ?? 0) + newSucceeded.length + succeeded.length;
    const counted = newFailed.filter((pod) => judgeFailure(job, pod).isCounted);
    this.failed = (this.status.failed ?? 0) + counted.length + failed.length;
    this.awaiting = this.findAwaiting();
  }

  /** @throws ApiError the first refusal of a write */
  run(mayManage: boolean): void {
    if (!this.status.startTime && !isSuspended(this.job)) this.status.startTime = this.nowText;
    const end = this.howItEnds();
    const { decided, failure } = end ? this.wrapUp(end, mayManage) : this.carryOn(mayManage);
    const { active = 0, ready, terminating } = this.status;
    const needsWrite =
      this.suspensionChanged ||
      active !== this.activeCount ||
      ready !== this.readyCount ||
      terminating !== this.terminatingCount;
    if (this.activeCount > 0) this.status.active = this.activeCount;
    else delete this.status.active;
    this.status.ready = this.readyCount;
    this.status.terminating = this.terminatingCount;
    const findings = {
      job: this.job,
      status: this.status,
      pods: this.pods,
      end: decided,
      countedIndexes: this.indexes.counted,
      succeededIndexes: this.indexes.succeeded,
      failedIndexes: this.indexes.failed,
      awaiting: this.awaiting,
      terminating: this.terminatingCount,
      backoff: this.backoff,
      needsWrite,
    };
    new JobTracking(this.key, findings, this.memory, this.context).run();
    if (failure) throw failure;
  }

  private get nowText(): string {
    return formatTime(this.context.now());
  }

  /** Ended Pods that nothing counts yet. Source: getValidPodsWithFilter. */
  private newlyEnded(
    uncounted: readonly string[],
    hasEnded: (pod: PodObject) => boolean,
  ): readonly PodObject[] {
    const released = this.memory.releasedPods(this.key);
    return this.pods.filter((pod) => {
      const uid = pod.metadata.uid ?? "";
      if (!isTracked(pod) || uncounted.includes(uid) || released.has(uid)) return false;
      return (!isIndexed(this.job) || validIndex(pod, this.job) !== undefined) && hasEnded(pod);
    });
  }

  private findAwaiting(): ReadonlyMap<number, PodObject> {
    const { succeeded, failed } = this.indexes;
    if (!failed) return new Map();
    const uncounted = this.newlyEnded([], () => true);
    return awaitingSuccessors(this.job, uncounted, { succeeded, failed, active: this.active });
  }

  /** The condition that announces the Job's end, if it is to end. */
  private howItEnds(): JobCondition | undefined {
    const { job, pods } = this;
    const announced = findCondition(job.status?.conditions, "SuccessCriteriaMet");
    if (announced?.status === "True") return announced;
    const target = findCondition(job.status?.conditions, "FailureTarget");
    if (target?.status === "True") return this.condition("Failed", asReason(target));
    const message = pods
      .filter((pod) => isPodFailed(pod, job))
      .map((pod) => judgeFailure(job, pod).failJob)
      .find((text) => text !== undefined);
    if (message !== undefined)
      return this.condition("FailureTarget", { reason: "PodFailurePolicy", message });
    const failure = this.pastLimits() ?? this.pastIndexLimits();
    if (failure) return this.condition("FailureTarget", failure);
    const met = isIndexed(job) ? metSuccessPolicy(job, this.indexes.succeeded) : undefined;
    return met === undefined
      ? undefined
      : this.condition("SuccessCriteriaMet", { reason: "SuccessPolicy", message: met });
  }

  private pastLimits(): Reason | undefined {
    const { backoffLimit = 0, activeDeadlineSeconds } = this.job.spec;
    if (this.failed > backoffLimit || this.restartedTooOften(backoffLimit)) return reasons.backoff;
    const started = parseTime(this.status.startTime ?? "");
    if (activeDeadlineSeconds === undefined || started === undefined || isSuspended(this.job))
      return undefined;
    const left = started + activeDeadlineSeconds * second - this.context.now();
    if (left <= 0) return reasons.deadline;
    this.context.enqueue(keyOf(this.job), left);
    return undefined;
  }

  /** Containers that are started again in their Pods count by their restarts. */
  private restartedTooOften(backoffLimit: number): boolean {
    if (this.job.spec.template.spec?.restartPolicy !== "OnFailure") return false;
    const restarts = this.pods
      .filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending")
      .flatMap(({ status }) => [
        ...(status?.initContainerStatuses ?? []),
        ...(status?.containerStatuses ?? []),
      ])
      .reduce((sum, { restartCount }) => sum + restartCount, 0);
    return restarts >= Math.max(1, backoffLimit);
  }

  private pastIndexLimits(): Reason | undefined {
    const { failed, succeeded } = this.indexes;
    if (!failed) return undefined;
    const { maxFailedIndexes, completions = 0 } = this.job.spec;
    if (maxFailedIndexes !== undefined && failed.size > maxFailedIndexes)
      return reasons.maxFailedIndexes;
    return failed.size > 0 && failed.size + succeeded.size >= completions
      ? reasons.failedIndexes
      : undefined;
  }

  private condition(
    type: "Failed" | "FailureTarget" | "SuccessCriteriaMet",
    reason: Reason,
  ): JobCondition {
    return jobCondition(type, "True", reason, this.context.now());
  }

  /** Deletes what runs; the Job ends only once all of it is on its way and nothing unseen is left. */
  private wrapUp(end: JobCondition, mayManage: boolean): Outcome {
    const { deleted, failure } = this.deleteAll(this.active, (pod) =>
      deletePod(this.context, this.job, pod),
    );
    const isClear = deleted === this.active.length && mayManage;
    return { decided: isClear ? end : undefined, ...(failure ? { failure } : {}) };
  }

  private carryOn(mayManage: boolean): Outcome {
    const manages = mayManage && this.job.metadata.deletionTimestamp === undefined;
    const failure = manages ? this.manage() : undefined;
    const { completions } = this.job.spec;
    const isComplete = this.activeCount === 0 && this.succeeded >= (completions ?? 1);
    if (isComplete)
      return {
        decided: this.condition("SuccessCriteriaMet", reasons.completions),
        ...(failure ? { failure } : {}),
      };
    if (manages) this.reportSuspension();
    return { decided: undefined, ...(failure ? { failure } : {}) };
  }

  private reportSuspension(): void {
    const { conditions = [] } = this.status;
    const suspended = isSuspended(this.job);
    const reason = suspended
      ? { reason: "JobSuspended", message: "Job suspended" }
      : { reason: "JobResumed", message: "Job resumed" };
    const condition = jobCondition(
      "Suspended",
      suspended ? "True" : "False",
      reason,
      this.context.now(),
    );
    const next = ensureCondition(conditions, condition);
    if (next === conditions) return;
    this.status.conditions = draft(next) as Draft<JobCondition>[];
    this.suspensionChanged = true;
    const event = suspended ? "Suspended" : "Resumed";
    this.context.events.record(this.job, "Normal", event, reason.message);
    // The deadline counts from the last time that the Job went on.
    if (!suspended) this.status.startTime = this.nowText;
  }

  /** Makes or deletes the difference, never both in one look. @returns the first refusal */
  private manage(): ApiError | undefined {
    const { job } = this;
    if (isSuspended(job)) return this.deleteSurplus(this.active.length, this.active.length);
    const wanted = this.wantedActive();
    const surplus = Math.max(0, this.activeCount - wanted);
    const doomed = surplusPods(job, this.active, surplus);
    if (doomed.length > 0) return this.deleteSurplus(surplus, jobPodsPerSync);
    const terminating = replacesOnlyFailed(job) ? this.terminatingCount : 0;
    const missing = wanted - terminating - this.activeCount;
    return missing > 0 ? this.create(Math.min(missing, jobPodsPerSync)) : undefined;
  }

  private wantedActive(): number {
    const { completions, parallelism = 0 } = this.job.spec;
    if (completions === undefined) return this.succeeded > 0 ? this.activeCount : parallelism;
    return Math.max(0, Math.min(completions - this.succeeded, parallelism));
  }

  /** Pods that are not wanted any more are not counted either: their finalizers go first. */
  private deleteSurplus(count: number, limit: number): ApiError | undefined {
    const { expectations } = this.memory;
    const pods = surplusPods(this.job, this.active, count).slice(0, limit);
    expectations.expectDeletions(this.key, pods.map(podKey), this.context.now());
    return this.deleteAll(pods, (pod) => {
      const unheld = isTracked(pod) ? removeFinalizer(this.context, pod) : undefined;
      const error = unheld ?? deletePod(this.context, this.job, pod);
      if (error) expectations.sawDeletion(this.key, podKey(pod));
      return error;
    }).failure;
  }

  /** @returns how many are on their way; a Pod that is gone already is one of them */
  private deleteAll(
    pods: readonly PodObject[],
    remove: (pod: PodObject) => ApiError | undefined,
  ): { deleted: number; failure?: ApiError } {
    let failure: ApiError | undefined;
    let deleted = 0;
    for (const pod of pods) {
      const error = remove(pod);
      if (!error || error.reason === "NotFound") deleted++;
      else failure ??= error;
      if (isPodReady(pod)) this.readyCount--;
    }
    this.activeCount -= deleted;
    this.terminatingCount += deleted;
    return { deleted, ...(failure ? { failure } : {}) };
  }

  private create(missing: number): ApiError | undefined {
    const { job } = this;
    const wait = limitsEachIndex(job) ? 0 : remainingBackoff(this.backoff, this.context.now());
    if (wait > 0) return this.comeBack(wait);
    if (!isIndexed(job)) return this.createPods(Array.from({ length: missing }, () => undefined));
    const { indexes, waitMs } = this.readyIndexes(this.pendingIndexes(missing));
    return waitMs > 0 ? this.comeBack(waitMs) : this.createPods(indexes);
  }

  private comeBack(waitMs: Millis): undefined {
    this.context.enqueue(keyOf(this.job), Math.max(waitMs, jobBatchMs));
  }

  /** Source: firstPendingIndexes. */
  private pendingIndexes(count: number): readonly number[] {
    const { succeeded, failed = IndexSet.empty } = this.indexes;
    const running = replacesOnlyFailed(this.job)
      ? [...this.active, ...this.pods.filter(isTerminating)]
      : this.active;
    return succeeded
      .union(failed)
      .union(IndexSet.of(running.flatMap((pod) => completionIndex(pod) ?? [])))
      .firstMissing(count, this.job.spec.completions ?? 0);
  }

  /** With limits for each index, each waits for itself: those whose wait is over go ahead. */
  private readyIndexes(indexes: readonly number[]): { indexes: readonly number[]; waitMs: Millis } {
    if (!limitsEachIndex(this.job)) return { indexes, waitMs: 0 };
    const waits = indexes.map((index) => ({ index, waitMs: this.indexBackoff(index) }));
    const ready = waits.filter(({ waitMs }) => waitMs === 0).map(({ index }) => index);
    return {
      indexes: ready,
      waitMs: ready.length > 0 || waits.length === 0 ? 0 : Math.min(...waits.map((w) => w.waitMs)),
    };
  }

  private indexBackoff(index: number): Millis {
    const pod = this.awaiting.get(index);
    if (!pod) return 0;
    const record = { failures: failuresBefore(pod) + 1, lastFailure: finishedTime(pod) };
    return remainingBackoff(record, this.context.now());
  }

  private createPods(indexes: readonly (number | undefined)[]): ApiError | undefined {
    const { expectations } = this.memory;
    const count = indexes.length;
    if (count === 0) return undefined;
    expectations.expectCreations(this.key, count, this.context.now());
    const left = indexes.values();
    const { successes, failure } = slowStart(count, () => {
      const error = this.createOne(left.next().value);
      return error && isNamespaceTerminating(error) ? undefined : error;
    });
    for (let skipped = count - successes; skipped > 0; skipped--)
      expectations.sawCreation(this.key);
    this.activeCount += successes;
    return failure;
  }

  private createOne(index: number | undefined): ApiError | undefined {
    const { job, context } = this;
    if (index === undefined) return createPod(context, job, jobPodTemplate(job));
    const template = indexedPodTemplate(job, index, this.awaiting.get(index));
    return createPod(context, job, template, indexedNamePrefix(job, index));
  }
}

interface Outcome {
  /** How the Job ends, if it does. */
  readonly decided: JobCondition | undefined;
  readonly failure?: ApiError;
}

function asReason({ reason = "", message = "" }: JobCondition): Reason {
  return { reason, message };
}

function podKey(pod: PodObject): string {
  return keyText(keyOf(pod));
}
