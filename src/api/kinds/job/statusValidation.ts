// What may be reported of a Job, by its controller or by one that the Job names in managedBy.
// Source: pkg/apis/batch/validation ValidateJobStatusUpdate and the options that
// pkg/registry/batch/job/strategy.go getStatusValidationOptions sets, kubernetes v1.34.
import { dequal } from "dequal";
import {
  duplicate,
  type FieldError,
  invalid,
  invalidWithoutValue,
  required,
} from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Job, JobStatus } from "../../types.ts";
import { checkNonNegative, each } from "../../validation/fields.ts";
import { hasJobCondition, isJobFinished, type JobConditionType } from "./conditions.ts";
import { overlapOf, parseIndexes } from "./indexes.ts";

const path = FieldPath.of("status");
const conditionsPath = path.child("conditions");

/** A change of status: most rules hold only for what the update touches. */
class StatusChange {
  readonly status: JobStatus;
  readonly before: JobStatus;
  readonly isFinished: boolean;
  readonly finishedChanged: boolean;

  constructor(
    readonly job: Job,
    readonly old: Job,
  ) {
    this.status = job.status ?? {};
    this.before = old.status ?? {};
    this.isFinished = isJobFinished(job);
    this.finishedChanged = this.isFinished !== isJobFinished(old);
  }

  changed(...fields: (keyof JobStatus)[]): boolean {
    return fields.some((field) => !dequal(this.status[field], this.before[field]));
  }

  is(type: JobConditionType): boolean {
    return hasJobCondition(this.job, type);
  }

  was(type: JobConditionType): boolean {
    return hasJobCondition(this.old, type);
  }

  conditionChanged(...types: JobConditionType[]): boolean {
    return types.some((type) => this.is(type) !== this.was(type));
  }
}

export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const change = new StatusChange(job, old);
  return [
    ...validateCounts(change.status),
    ...validateUncounted(change.status),
    ...validateCompletion(change),
    ...validateConditionPairs(change),
    ...validateFinished(change),
    ...validateIndexes(change),
    ...validateRunning(change),
    ...validateSuccessCriteria(change),
    ...validateTransition(change),
  ];
}

function validateCounts(status: JobStatus): FieldError[] {
  return (["active", "succeeded", "failed", "ready", "terminating"] as const).flatMap((field) =>
    checkNonNegative(status[field], path.child(field)),
  );
}

function validateUncounted({ uncountedTerminatedPods: uncounted = {} }: JobStatus): FieldError[] {
  const at = path.child("uncountedTerminatedPods");
  const seen = new Set<string>();
  const check = (uid: string, uidPath: FieldPath): FieldError[] => {
    if (uid === "") return [invalid(uidPath, uid, "must not be empty")];
    if (seen.has(uid)) return [duplicate(uidPath, uid)];
    seen.add(uid);
    return [];
  };
  return [
    ...each(uncounted.succeeded, at.child("succeeded"), check),
    ...each(uncounted.failed, at.child("failed"), check),
  ];
}

function validateCompletion(change: StatusChange): FieldError[] {
  const { startTime, completionTime } = change.status;
  const at = path.child("completionTime");
  const isComplete = change.is("Complete");
  const errors: FieldError[] = [];
  if (change.conditionChanged("Complete", "Failed") && isComplete && change.is("Failed"))
    errors.push(conditionError("cannot set Complete=True and Failed=true conditions"));
  if (
    change.conditionChanged("Complete", "FailureTarget") &&
    isComplete &&
    change.is("FailureTarget")
  )
    errors.push(conditionError("cannot set Complete=True and FailureTarget=true conditions"));
  if (change.conditionChanged("Complete") || change.changed("completionTime")) {
    if (completionTime !== undefined && !isComplete)
      errors.push(
        invalid(
          at,
          completionTime,
          "cannot set completionTime when there is no Complete=True condition",
        ),
      );
    if (completionTime === undefined && isComplete)
      errors.push(required(at, "completionTime is required for Complete jobs"));
  }
  if (
    change.changed("startTime", "completionTime") &&
    startTime !== undefined &&
    completionTime !== undefined &&
    completionTime < startTime
  )
    errors.push(invalid(at, completionTime, "completionTime cannot be set before startTime"));
  return errors;
}

/** A Job says first that it is about to end and then, once its Pods are gone, that it has. */
function validateConditionPairs(change: StatusChange): FieldError[] {
  const errors: FieldError[] = [];
  if (
    change.conditionChanged("Failed", "FailureTarget") &&
    change.is("Failed") &&
    !change.is("FailureTarget")
  )
    errors.push(
      conditionError("cannot set Failed=True condition without the FailureTarget=true condition"),
    );
  if (
    change.conditionChanged("Complete", "SuccessCriteriaMet") &&
    change.is("Complete") &&
    !change.is("SuccessCriteriaMet")
  )
    errors.push(
      conditionError(
        "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
      ),
    );
  return errors;
}

function validateFinished(change: StatusChange): FieldError[] {
  if (!change.isFinished) return [];
  const { spec } = change.job;
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = change.status;
  const { finishedChanged } = change;
  const neverRan = spec?.suspend === true && spec.completions === 0;
  const open = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0);
  const errors: FieldError[] = [];
  if ((finishedChanged || change.changed("active")) && active > 0)
    errors.push(invalid(path.child("active"), active, "active>0 is invalid for finished job"));
  if ((finishedChanged || change.changed("startTime")) && !neverRan && startTime === undefined)
    errors.push(required(path.child("startTime"), "startTime is required for finished job"));
  if ((finishedChanged || change.changed("uncountedTerminatedPods")) && open > 0)
    errors.push(
      invalid(
        path.child("uncountedTerminatedPods"),
        uncounted,
        "uncountedTerminatedPods needs to be empty for finished job",
      ),
    );
  return errors;
}

function validateIndexes(change: StatusChange): FieldError[] {
  const { spec } = change.job;
  const { completedIndexes = "", failedIndexes } = change.status;
  const completions = spec?.completions;
  const completed = parseIndexes(completedIndexes, completions ?? 0);
  const failed = parseIndexes(failedIndexes ?? "", completions ?? 0);
  const completedPath = path.child("completedIndexes");
  const failedPath = path.child("failedIndexes");
  const [completedChanged, failedChanged] = [
    change.changed("completedIndexes"),
    change.changed("failedIndexes"),
  ];
  const hasFailures = failedIndexes !== undefined;
  const perIndex = spec?.backoffLimitPerIndex !== undefined;
  const errors: FieldError[] = [];
  if (completedChanged && completions !== undefined && typeof completed === "string")
    errors.push(
      invalid(completedPath, completedIndexes, `error parsing completedIndexes: ${completed}`),
    );
  if (failedChanged && completions !== undefined && perIndex && typeof failed === "string")
    errors.push(invalid(failedPath, failedIndexes, `error parsing failedIndexes: ${failed}`));
  if (completedChanged && completedIndexes !== "" && spec?.completionMode !== "Indexed")
    errors.push(
      invalid(
        completedPath,
        completedIndexes,
        "cannot set non-empty completedIndexes when non-indexed completion mode",
      ),
    );
  if (failedChanged && !perIndex && hasFailures)
    errors.push(
      invalid(
        failedPath,
        failedIndexes,
        "cannot set non-null failedIndexes when backoffLimitPerIndex is null",
      ),
    );
  if (typeof completed === "string" || typeof failed === "string") return errors;
  const overlap = overlapOf(completed, failed);
  if ((completedChanged || failedChanged) && completions !== undefined && overlap !== undefined)
    errors.push(
      invalid(
        failedPath,
        failedIndexes,
        `failedIndexes and completedIndexes overlap at index: ${overlap}`,
      ),
    );
  return errors;
}

function validateRunning(change: StatusChange): FieldError[] {
  const { active = 0, ready = 0, terminating = 0 } = change.status;
  const errors: FieldError[] = [];
  if (
    (change.finishedChanged || change.changed("terminating")) &&
    change.isFinished &&
    terminating > 0
  )
    errors.push(
      invalid(path.child("terminating"), terminating, "terminating>0 is invalid for finished job"),
    );
  if (change.changed("ready", "active") && ready > active)
    errors.push(invalid(path.child("ready"), ready, "cannot set more ready pods than active"));
  return errors;
}

function validateSuccessCriteria(change: StatusChange): FieldError[] {
  const isMet = change.is("SuccessCriteriaMet");
  const errors: FieldError[] = [];
  if (isMet && change.is("Failed"))
    errors.push(conditionError("cannot set SuccessCriteriaMet=True and Failed=true conditions"));
  if (isMet && change.is("FailureTarget"))
    errors.push(
      conditionError("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"),
    );
  if (change.job.spec?.successPolicy && !isMet && change.is("Complete"))
    errors.push(
      conditionError(
        "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
      ),
    );
  return errors;
}

const terminalConditions = ["Failed", "Complete", "FailureTarget"] as const;

function validateTransition(change: StatusChange): FieldError[] {
  const { status, before, job } = change;
  const { completions, parallelism, suspend = false } = job.spec ?? {};
  const errors = terminalConditions
    .filter((type) => change.was(type) && !change.is(type))
    .map((type) => conditionError(`cannot disable the terminal ${type}=True condition`));
  if ((status.failed ?? 0) < (before.failed ?? 0))
    errors.push(
      invalid(path.child("failed"), status.failed ?? 0, "cannot decrease the failed counter"),
    );
  // A Job whose size can shrink may count less.
  if (completions !== parallelism && (status.succeeded ?? 0) < (before.succeeded ?? 0))
    errors.push(
      invalid(
        path.child("succeeded"),
        status.succeeded ?? 0,
        "cannot decrease the succeeded counter",
      ),
    );
  if (status.completionTime && before.completionTime && change.changed("completionTime"))
    errors.push(
      invalid(
        path.child("completionTime"),
        status.completionTime,
        "completionTime cannot be mutated",
      ),
    );
  // A Job that goes on starts anew.
  const goesOn = change.was("Suspended") && !change.is("Suspended");
  if (before.startTime && change.changed("startTime") && !suspend && !goesOn)
    errors.push(
      required(path.child("startTime"), "startTime cannot be removed for unsuspended job"),
    );
  if (change.was("SuccessCriteriaMet") && !change.is("SuccessCriteriaMet"))
    errors.push(conditionError("cannot disable the SuccessCriteriaMet=True condition"));
  if (
    change.was("Complete") &&
    !change.was("SuccessCriteriaMet") &&
    change.is("SuccessCriteriaMet")
  )
    errors.push(
      conditionError(
        "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions",
      ),
    );
  return errors;
}

function conditionError(detail: string): FieldError {
  return invalidWithoutValue(conditionsPath, detail);
}
