// CronJob: makes a Job whenever its schedule says so.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CronJob as CronJobObject } from "../types.ts";
import { ageColumn, containerColumns, nameColumn, timeSince } from "./columns.ts";
import { validateCronJob, validateCronJobUpdate } from "./cronJob/validation.ts";
import { jobSpecWarnings } from "./job/warnings.ts";
import { dropDisabledPodFields } from "./pod/disabledFields.ts";
import { selectorCell } from "./workload/columns.ts";
import { setCronJobDefaults } from "./workload/defaults.ts";
import { labelNameWarnings } from "./workload/warnings.ts";

export const CronJob = defineKind<CronJobObject>({
  gvk: gvk("batch", "v1", "CronJob"),
  plural: "cronjobs",
  shortNames: ["cj"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Schedule", "string", ({ spec }) => spec.schedule, {
      field: "batch.v1.CronJobSpec.schedule",
    }),
    column("Timezone", "string", ({ spec }) => spec.timeZone ?? "<none>", {
      field: "batch.v1.CronJobSpec.timeZone",
    }),
    column("Suspend", "boolean", suspendText, { field: "batch.v1.CronJobSpec.suspend" }),
    column("Active", "integer", ({ status }) => status?.active?.length ?? 0, {
      field: "batch.v1.CronJobStatus.active",
    }),
    column(
      "Last Schedule",
      "string",
      ({ status }, now) =>
        status?.lastScheduleTime ? timeSince(status.lastScheduleTime, now) : "<none>",
      { field: "batch.v1.CronJobStatus.lastScheduleTime" },
    ),
    ageColumn,
    ...containerColumns<CronJobObject>(({ spec }) => spec.jobTemplate.spec?.template.spec),
    column("Selector", "string", ({ spec }) => selectorCell(spec.jobTemplate.spec?.selector), {
      priority: 1,
      field: "batch.v1.JobSpec.selector",
    }),
  ],
  setDefaults: setCronJobDefaults,
  prepareForCreate(cronJob) {
    cronJob.status = {};
    dropDisabledPodFields(cronJob.spec?.jobTemplate?.spec?.template?.spec);
  },
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warningsOnCreate: (cronJob) => [
    ...labelNameWarnings(cronJob.metadata.name),
    ...templateJobWarnings(cronJob),
    ...zoneWarnings(cronJob),
  ],
  warningsOnUpdate: (cronJob, old) => [
    ...(cronJob.metadata.generation === old.metadata.generation
      ? []
      : templateJobWarnings(cronJob)),
    ...zoneWarnings(cronJob),
  ],
});

function suspendText({ spec: { suspend } }: CronJobObject): string {
  if (suspend === undefined) return "<unset>";
  return suspend ? "True" : "False";
}

function templateJobWarnings({ spec }: CronJobObject): readonly string[] {
  const template = spec.jobTemplate.spec;
  return template ? jobSpecWarnings(template, "spec", "jobTemplate", "spec") : [];
}

/** The path is the server's own. */
function zoneWarnings({ spec }: CronJobObject): readonly string[] {
  return spec.schedule.includes("TZ")
    ? ["cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead"]
    : [];
}
