// Counts ended Pods, each once: their uids are noted in the status, then their finalizers are taken off,
// then the counters rise and the uids go. A Job ends when nothing is left to count.
// Source: pkg/controller/job trackJobStatusAndRemoveFinalizers, kubernetes v1.34.
import { Job } from "../../../api/kinds/job.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { keyOf } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  JobCondition,
  Job as JobObject,
  JobStatus,
  Pod as PodObject,
  UncountedTerminatedPods,
} from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { draft } from "../../../base/draft.ts";
import { maxUncountedPods } from "../../limits.ts";
import type { ControllerContext } from "../controller.ts";
import type { BackoffRecord } from "./backoff.ts";
import { ensureCondition, jobCondition } from "./conditions.ts";
import { judgeFailure } from "./failurePolicy.ts";
import { IndexSet } from "./indexSet.ts";
import type { JobMemory } from "./jobMemory.ts";
import {
  isIndexed,
  isPodFailed,
  isPodSucceeded,
  isTracked,
  trackingFinalizer,
  validIndex,
} from "./jobPods.ts";
import { failsIndex, limitsEachIndex } from "./perIndex.ts";

/** What a look at a Job found out, to be written down. */
export interface Findings {
  readonly job: JobObject;
  /** The status with everything but counters, indexes and the end. */
  readonly status: Draft<JobStatus>;
  readonly pods: readonly PodObject[];
  /** How the Job ends: FailureTarget, SuccessCriteriaMet or, once announced, Failed. */
  readonly end: JobCondition | undefined;
  /** Indexes that had succeeded before this look, and those that have by now. */
  readonly countedIndexes: IndexSet;
  readonly succeededIndexes: IndexSet;
  readonly failedIndexes: IndexSet | undefined;
  /** Pods that stay until their successors are there, by index. */
  readonly awaiting: ReadonlyMap<number, PodObject>;
  readonly terminating: number;
  readonly backoff: BackoffRecord;
  readonly needsWrite: boolean;
}

export class JobTracking {
  private readonly status: Draft<JobStatus>;
  private readonly released: ReadonlySet<string>;
  private job: JobObject;
  private needsWrite: boolean;

  constructor(
    private readonly key: string,
    private readonly findings: Findings,
    private readonly memory: JobMemory,
    private readonly context: ControllerContext,
  ) {
    this.job = findings.job;
    this.status = findings.status;
    this.needsWrite = findings.needsWrite;
    this.released = memory.releasedPods(key);
  }

  /** @throws ApiError the first refusal of a write */
  run(): void {
    const { pods } = this.findings;
    const held = new Set(pods.filter((pod) => this.isHeld(pod)).map(uidOf));
    this.settle(held);
    const { chosen, isAll } = this.note(pods);
    const end = this.announce();
    this.flush();
    this.release(chosen, held);
    if (isAll && end) this.finish(end);
    else if (this.needsWrite) this.write();
  }

  private isHeld(pod: PodObject): boolean {
    return isTracked(pod) && !this.released.has(uidOf(pod));
  }

  /** Counters rise by what has lost its finalizer. Source: cleanUncountedPodsWithoutFinalizers. */
  private settle(held: ReadonlySet<string>): void {
    const left: Draft<UncountedTerminatedPods> = {};
    for (const field of ["succeeded", "failed"] as const) {
      const before = this.uncounted(field);
      const kept = before.filter((uid) => held.has(uid));
      if (kept.length > 0) left[field] = kept;
      if (kept.length === before.length) continue;
      this.needsWrite = true;
      this.status[field] = (this.status[field] ?? 0) + before.length - kept.length;
    }
    this.status.uncountedTerminatedPods = left;
  }

  /** Notes the Pods that have ended, up to a limit. @returns those whose finalizers may go now */
  private note(pods: readonly PodObject[]): { chosen: readonly PodObject[]; isAll: boolean } {
    const { job } = this;
    const ordered = isIndexed(job)
      ? [...pods].sort((a, b) => (validIndex(a, job) ?? -1) - (validIndex(b, job) ?? -1))
      : pods;
    const indexes: number[] = [];
    const chosen: PodObject[] = [];
    let isAll = true;
    for (const pod of ordered) {
      if (!this.isHeld(pod) || !this.mayGo(pod)) continue;
      chosen.push(pod);
      this.notePod(pod, indexes);
      isAll = indexes.length + this.uncountedCount < maxUncountedPods;
      if (!isAll) break;
    }
    if (isIndexed(job)) this.noteIndexes(indexes);
    return { chosen, isAll };
  }

  /** Source: canRemoveFinalizer. */
  private mayGo(pod: PodObject): boolean {
    const { job, end, awaiting } = this.findings;
    if (job.metadata.deletionTimestamp !== undefined || end || isPodSucceeded(pod)) return true;
    if (!isPodFailed(pod, job)) return false;
    const index = validIndex(pod, job);
    return index === undefined || awaiting.get(index)?.metadata.uid !== pod.metadata.uid;
  }

  private notePod(pod: PodObject, indexes: number[]): void {
    const { job, end } = this.findings;
    const hasFailed = this.uncounted("failed").includes(uidOf(pod));
    if (isPodSucceeded(pod) && !hasFailed) {
      this.noteSuccess(pod, indexes);
      return;
    }
    // Whatever still runs when the Job fails has failed with it.
    const endsBadly = end !== undefined && end.type !== "SuccessCriteriaMet";
    if (hasFailed || !(isPodFailed(pod, job) || endsBadly)) return;
    const hasPlace = !isIndexed(job) || validIndex(pod, job) !== undefined;
    if (hasPlace && judgeFailure(job, pod).isCounted) this.noteUid("failed", pod);
  }

  /** An index is succeeded once and needs no uid. */
  private noteSuccess(pod: PodObject, indexes: number[]): void {
    const { job, countedIndexes } = this.findings;
    if (!isIndexed(job)) {
      if (!this.uncounted("succeeded").includes(uidOf(pod))) this.noteUid("succeeded", pod);
      return;
    }
    const index = validIndex(pod, job);
    if (index === undefined || countedIndexes.has(index)) return;
    indexes.push(index);
    this.needsWrite = true;
  }

  private noteUid(field: "succeeded" | "failed", pod: PodObject): void {
    const uids = [...this.uncounted(field), uidOf(pod)];
    this.status.uncountedTerminatedPods = {
      ...this.status.uncountedTerminatedPods,
      [field]: uids,
    };
    this.needsWrite = true;
  }

  private uncounted(field: "succeeded" | "failed"): readonly string[] {
    return this.status.uncountedTerminatedPods?.[field] ?? [];
  }

  private get uncountedCount(): number {
    return this.uncounted("succeeded").length + this.uncounted("failed").length;
  }

  private noteIndexes(indexes: readonly number[]): void {
    const { succeededIndexes, failedIndexes } = this.findings;
    const completed = succeededIndexes.union(IndexSet.of(indexes));
    const text = completed.toString();
    if (text !== (this.status.completedIndexes ?? "")) this.needsWrite = true;
    if (completed.size > 0) this.status.succeeded = completed.size;
    else delete this.status.succeeded;
    if (text === "") delete this.status.completedIndexes;
    else this.status.completedIndexes = text;
    const failed = failedIndexes?.toString();
    if (failed === this.status.failedIndexes) return;
    this.needsWrite = true;
    if (failed === undefined) delete this.status.failedIndexes;
    else this.status.failedIndexes = failed;
  }

  /** Says that the Job is about to end. @returns the condition that it will end with */
  private announce(): JobCondition | undefined {
    const { end } = this.findings;
    if (!end || (end.type !== "FailureTarget" && end.type !== "SuccessCriteriaMet")) return end;
    const known = this.status.conditions ?? [];
    if (!known.some(({ type }) => type === end.type)) {
      this.status.conditions = [...known, draft(end)];
      this.needsWrite = true;
    }
    const { reason = "", message = "" } = end;
    const type = end.type === "FailureTarget" ? "Failed" : "Complete";
    return jobCondition(type, "True", { reason, message }, this.context.now());
  }

  private flush(): void {
    if (!this.needsWrite) return;
    this.write();
    this.memory.setBackoff(this.key, this.findings.backoff);
    this.needsWrite = false;
  }

  private release(pods: readonly PodObject[], held: Set<string>): void {
    let failure: ApiError | undefined;
    for (const pod of pods) this.memory.expectRelease(this.key, uidOf(pod));
    for (const pod of pods) {
      const error = removeFinalizer(this.context, pod);
      if (error) this.memory.sawRelease(this.key, uidOf(pod));
      if (error && error.reason !== "NotFound") failure ??= error;
      else held.delete(uidOf(pod));
    }
    this.settle(held);
    if (!failure) return;
    if (this.needsWrite) this.write();
    throw failure;
  }

  /** Source: enactJobFinished and recordJobFinished. */
  private finish(end: JobCondition): void {
    if (this.uncountedCount > 0 || this.findings.terminating > 0) {
      if (this.needsWrite) this.write();
      return;
    }
    this.status.conditions = draft(ensureCondition(this.status.conditions ?? [], end));
    if (end.type === "Complete" && end.lastTransitionTime)
      this.status.completionTime = end.lastTransitionTime;
    this.write();
    this.report(end);
  }

  private report({ type, reason = "", message = "" }: JobCondition): void {
    const { job, context } = this;
    if (type !== "Complete") {
      context.events.record(job, "Warning", reason, message);
      return;
    }
    const { completions } = job.spec;
    if (completions !== undefined && (this.status.succeeded ?? 0) > completions)
      context.events.record(
        job,
        "Warning",
        "TooManySucceededPods",
        "Too many succeeded pods running after completion count reached",
      );
    context.events.record(job, "Normal", "Completed", "Job completed");
  }

  private write(): void {
    this.job = this.context.client.updateStatus(Job, {
      ...this.job,
      status: draft(this.status) as JobStatus,
    });
    this.needsWrite = false;
  }
}

/** @returns the refusal, if the server refused; NotFound is one */
export function removeFinalizer(
  { client }: ControllerContext,
  pod: PodObject,
): ApiError | undefined {
  const metadata = { "$deleteFromPrimitiveList/finalizers": [trackingFinalizer] };
  try {
    client.patch(Pod, keyOf(pod), { metadata }, { type: "strategic" });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** The indexes that have succeeded by now, and those of an index limit that have failed for good. */
export function indexesOf(
  job: JobObject,
  pods: readonly PodObject[],
): { counted: IndexSet; succeeded: IndexSet; failed: IndexSet | undefined } {
  const { completions = 0 } = job.spec;
  const { completedIndexes = "", failedIndexes = "" } = job.status ?? {};
  const counted = IndexSet.parse(completedIndexes, completions);
  const of = (holds: (pod: PodObject) => boolean): IndexSet =>
    IndexSet.of(
      pods
        .filter((pod) => isTracked(pod) && holds(pod))
        .flatMap((pod) => validIndex(pod, job) ?? []),
    );
  return {
    counted,
    succeeded: counted.union(of(isPodSucceeded)),
    failed: limitsEachIndex(job)
      ? IndexSet.parse(failedIndexes, completions).union(of((pod) => failsIndex(pod, job)))
      : undefined,
  };
}

function uidOf({ metadata }: PodObject): string {
  return metadata.uid ?? "";
}
