// CronJobs. Source: pkg/apis/batch/validation ValidateCronJobCreate, kubernetes v1.34.
import { type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CronJob, CronJobSpec, JobTemplateSpec } from "../../types.ts";
import { checkNonNegative, checkRequiredChoice } from "../../validation/fields.ts";
import { byteLength } from "../../validation/texts.ts";
import { validateJobSpec } from "../job/spec.ts";
import { scheduleError } from "./schedule.ts";

const path = FieldPath.of("spec");
/** Jobs are named after the CronJob and the time, which takes eleven characters. */
const maxNameLength = 52;

export function validateCronJob(cronJob: CronJob): FieldError[] {
  const { name } = cronJob.metadata;
  return [
    ...validateCronJobSpec(cronJob),
    ...(byteLength(name ?? "") > maxNameLength
      ? [
          invalid(
            FieldPath.of("metadata", "name"),
            name,
            `must be no more than ${maxNameLength} characters`,
          ),
        ]
      : []),
  ];
}

/** What was allowed once may stay. */
export function validateCronJobUpdate(cronJob: CronJob, old: CronJob): FieldError[] {
  return validateCronJobSpec(cronJob, old);
}

function validateCronJobSpec({ spec }: CronJob, old?: CronJob): FieldError[] {
  if (!spec) return [];
  const template: JobTemplateSpec = spec.jobTemplate ?? {};
  return [
    ...validateSchedule(spec, old?.spec),
    ...checkNonNegative(spec.startingDeadlineSeconds, path.child("startingDeadlineSeconds")),
    ...(old && old.spec?.timeZone === spec.timeZone
      ? []
      : validateTimeZone(spec.timeZone, path.child("timeZone"))),
    ...checkRequiredChoice(
      spec.concurrencyPolicy,
      ["Allow", "Forbid", "Replace"],
      path.child("concurrencyPolicy"),
    ),
    ...validateTemplate(template, path.child("jobTemplate")),
    ...checkNonNegative(spec.successfulJobsHistoryLimit, path.child("successfulJobsHistoryLimit")),
    ...checkNonNegative(spec.failedJobsHistoryLimit, path.child("failedJobsHistoryLimit")),
  ];
}

function validateSchedule(
  { schedule, timeZone }: CronJobSpec,
  old: CronJobSpec | undefined,
): FieldError[] {
  const at = path.child("schedule");
  if (!schedule) return [required(at)];
  const error = scheduleError(schedule);
  const errors = error === undefined ? [] : [invalid(at, schedule, error)];
  if (!schedule.includes("TZ")) return errors;
  if (!old?.schedule.includes("TZ"))
    errors.push(
      invalid(at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    );
  else if (timeZone !== undefined)
    errors.push(
      invalid(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"),
    );
  return errors;
}

function validateTimeZone(zone: string | undefined, at: FieldPath): FieldError[] {
  if (zone === undefined) return [];
  if (zone === "") return [invalid(at, zone, "timeZone must be nil or non-empty string")];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === "local")
    errors.push(
      invalid(
        at,
        zone,
        "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
      ),
    );
  if (zone !== "Local" && !isTimeZone(zone))
    errors.push(invalid(at, zone, `unknown time zone ${zone}`));
  return errors;
}

function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9/_+-]*$/.test(zone)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    // Go looks the name up as it is written.
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function validateTemplate({ spec }: JobTemplateSpec, at: FieldPath): FieldError[] {
  if (!spec) return [];
  const specPath = at.child("spec");
  return [
    ...validateJobSpec(spec, specPath),
    ...(spec.selector
      ? [invalid(specPath.child("selector"), spec.selector, "`selector` will be auto-generated")]
      : []),
    ...(spec.manualSelector
      ? [notSupported(specPath.child("manualSelector"), true, ["nil", "false"])]
      : []),
  ];
}
