// Conditions of Jobs. Source: pkg/controller/job/util and pkg/apis/batch/validation, kubernetes v1.34.
import type { Job } from "../../types.ts";

export type JobConditionType =
  | "Complete"
  | "Failed"
  | "FailureTarget"
  | "SuccessCriteriaMet"
  | "Suspended";

export function hasJobCondition({ status }: Pick<Job, "status">, type: JobConditionType): boolean {
  return (status?.conditions ?? []).some((each) => each.type === type && each.status === "True");
}

/** Complete or failed: nothing of the Job will change again. */
export function isJobFinished(job: Pick<Job, "status">): boolean {
  return hasJobCondition(job, "Complete") || hasJobCondition(job, "Failed");
}
