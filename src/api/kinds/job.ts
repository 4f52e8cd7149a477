// Job: runs Pods until enough of them have succeeded.
import { humanDuration, type Instant, parseTime } from "../../base/time.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Job as JobObject } from "../types.ts";
import { ageColumn, containerColumns, nameColumn } from "./columns.ts";
import { hasJobCondition } from "./job/conditions.ts";
import { validateJobStatusUpdate } from "./job/statusValidation.ts";
import { generateJobSelector, validateJob, validateJobUpdate } from "./job/validation.ts";
import { jobSpecWarnings } from "./job/warnings.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { selectorCell } from "./workload/columns.ts";
import { setJobDefaults } from "./workload/defaults.ts";
import { labelNameWarnings } from "./workload/warnings.ts";

export const Job = defineKind<JobObject>({
  gvk: gvk("batch", "v1", "Job"),
  plural: "jobs",
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  /** Source: pkg/registry/batch/job strategy DefaultGarbageCollectionPolicy, 1.34. */
  defaultPropagation: "Orphan",
  fields: { "status.successful": ({ status }) => String(status?.succeeded ?? 0) },
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Status", "string", statusText, { field: "batch.v1.JobStatus.conditions" }),
    column("Completions", "string", completionsText, { field: "batch.v1.JobStatus.succeeded" }),
    column("Duration", "string", durationText, {
      description: "Time required to complete the job.",
    }),
    ageColumn,
    ...containerColumns<JobObject>(({ spec }) => spec.template.spec),
    column("Selector", "string", ({ spec }) => selectorCell(spec.selector), {
      priority: 1,
      field: "batch.v1.JobSpec.selector",
    }),
  ],
  setDefaults: setJobDefaults,
  prepareForCreate(job) {
    generateJobSelector(job);
    job.status = {};
    dropDisabledPodFields(job.spec?.template?.spec);
    // What is read again gets its defaults again, and by now there are labels to take over.
    setJobDefaults(job);
  },
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatusUpdate,
  warningsOnCreate: ({ metadata, spec }) => [
    ...labelNameWarnings(metadata.name),
    ...jobSpecWarnings(spec, "spec"),
  ],
  warningsOnUpdate: (job, old) =>
    job.metadata.generation === old.metadata.generation ? [] : jobSpecWarnings(job.spec, "spec"),
  warningsOnDelete: ({ propagationPolicy }) =>
    propagationPolicy === undefined ? [preservedPods] : [],
});

/** Source: pkg/registry/batch/job/storage/storage.go deleteOptionWarnings. */
const preservedPods =
  "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

/** Source: printJob. */
function statusText(job: JobObject): string {
  if (hasJobCondition(job, "Complete")) return "Complete";
  if (hasJobCondition(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (hasJobCondition(job, "Suspended")) return "Suspended";
  if (hasJobCondition(job, "FailureTarget")) return "FailureTarget";
  if (hasJobCondition(job, "SuccessCriteriaMet")) return "SuccessCriteriaMet";
  return "Running";
}

function completionsText({ spec, status }: JobObject): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: JobObject, now: Instant): string {
  const started = parseTime(status?.startTime ?? "");
  if (started === undefined) return "";
  return humanDuration((parseTime(status?.completionTime ?? "") ?? now) - started);
}
