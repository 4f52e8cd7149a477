// Jobs. Source: pkg/apis/batch/validation ValidateJob and pkg/registry/batch/job/strategy.go, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { labelSelectorOf, Selector } from "../../selector.ts";
import type { Job, JobSpec, PodTemplateSpec } from "../../types.ts";
import { checkImmutable, sortedEntries } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { dnsLabel } from "../../validation/texts.ts";
import { compileSelector } from "../workload/validation.ts";
import { validateJobSpec } from "./spec.ts";

const path = FieldPath.of("spec");
const uidLabel = "batch.kubernetes.io/controller-uid";
const nameLabel = "batch.kubernetes.io/job-name";
const legacyUidLabel = "controller-uid";
const legacyNameLabel = "job-name";

/** Marks the Pods-to-be with the Job's name and uid, and selects by the uid. */
export function generateJobSelector(job: Draft<Job>): void {
  const { spec, metadata } = job;
  if (!spec || spec.manualSelector) return;
  spec.template.metadata ??= { name: "" };
  const labels = { ...spec.template.metadata.labels };
  for (const [key, value] of Object.entries(generatedLabels(metadata.name, metadata.uid)))
    labels[key] ??= value;
  spec.template.metadata.labels = sorted(labels);
  spec.selector ??= {};
  const own = { [uidLabel]: metadata.uid ?? "" };
  spec.selector.matchLabels = sorted({ ...own, ...spec.selector.matchLabels });
}

/** Go prints maps by name. */
function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(sortedEntries(labels));
}

function generatedLabels(
  name: string | undefined,
  uid: string | undefined,
): Readonly<Record<string, string>> {
  return {
    [legacyNameLabel]: name ?? "",
    [nameLabel]: name ?? "",
    [legacyUidLabel]: uid ?? "",
    [uidLabel]: uid ?? "",
  };
}

export function validateJob(job: Job): FieldError[] {
  const { spec, metadata } = job;
  if (!spec) return [];
  const { completionMode, completions = 0 } = spec;
  const longest = `${metadata.name ?? ""}-${completions - 1}`;
  const isTooLong = completionMode === "Indexed" && completions > 0 && dnsLabel(longest).length > 0;
  return [
    ...validateGeneratedSelector(job, spec),
    ...validateJobSpec(spec, path),
    ...(spec.selector
      ? validateLabelSelector(spec.selector, path.child("selector"))
      : [required(path.child("selector"))]),
    ...validateTemplateIsSelected(spec),
    ...(isTooLong
      ? [
          invalid(
            FieldPath.of("metadata", "name"),
            metadata.name ?? "",
            `will not able to create pod with invalid DNS label: ${longest}`,
          ),
        ]
      : []),
  ];
}

function validateTemplateIsSelected({ selector, template }: JobSpec): FieldError[] {
  const compiled = selector ? compileSelector(selector) : Selector.nothing;
  return !compiled || compiled.matches(template.metadata?.labels)
    ? []
    : [
        invalid(
          path.child("template", "metadata", "labels"),
          template.metadata?.labels,
          "`selector` does not match template `labels`",
        ),
      ];
}

function validateGeneratedSelector({ metadata }: Job, spec: JobSpec): FieldError[] {
  if (spec.manualSelector || !spec.selector) return [];
  const errors: FieldError[] = [];
  if (!metadata.uid) errors.push(required(FieldPath.of("metadata", "uid")));
  const wanted = generatedLabels(metadata.name, metadata.uid);
  const found = spec.template.metadata?.labels ?? {};
  const at = path.child("template", "metadata", "labels");
  for (const key of [legacyUidLabel, legacyNameLabel, uidLabel, nameLabel]) {
    const words = `must be '${wanted[key]}'`;
    if (found[key] === undefined) errors.push(required(at.key(key), words));
    else if (found[key] !== wanted[key]) errors.push(invalid(at.key(key), found, words));
  }
  if (!labelSelectorOf(spec.selector).matches(wanted))
    errors.push(invalid(path.child("selector"), spec.selector, "`selector` not auto-generated"));
  return errors;
}

/** The server checks the new spec twice, on its own and against the old one. */
export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const now = job.spec;
  const before = old.spec;
  if (!now || !before) return [];
  const unchangeable = (field: keyof JobSpec): FieldError[] =>
    checkImmutable(now[field], before[field], path.child(field));
  return [
    ...validateJob(job),
    ...validateJobSpec(now, path),
    ...validateCompletions(now, before),
    ...unchangeable("selector"),
    ...validateTemplateUpdate(now, old),
    ...unchangeable("completionMode"),
    ...unchangeable("podFailurePolicy"),
    ...unchangeable("backoffLimitPerIndex"),
    ...unchangeable("managedBy"),
    ...unchangeable("successPolicy"),
  ];
}

/** Only an indexed Job can grow and shrink, and only as a whole. */
function validateCompletions(now: JobSpec, before: JobSpec): FieldError[] {
  const { completions, parallelism, completionMode } = now;
  const at = path.child("completions");
  if (completionMode !== "Indexed") return checkImmutable(completions, before.completions, at);
  const isInTandem =
    completions === undefined || completions === before.completions || completions === parallelism;
  return isInTandem
    ? []
    : [invalid(at, completions, "can only be modified in tandem with spec.parallelism")];
}

/** A suspended Job that never ran may still change where its Pods may go. */
function validateTemplateUpdate(now: JobSpec, old: Job): FieldError[] {
  const before = old.spec?.template ?? {};
  const isFresh = Boolean(old.spec?.suspend) && !old.status?.startTime;
  return isFresh && dequal(withoutPlacement(now.template), withoutPlacement(before))
    ? []
    : checkImmutable(now.template, before, path.child("template"));
}

function withoutPlacement(template: PodTemplateSpec): unknown {
  const { labels: _labels, annotations: _annotations, ...metadata } = template.metadata ?? {};
  const {
    nodeSelector: _nodeSelector,
    tolerations: _tolerations,
    schedulingGates: _schedulingGates,
    affinity: { nodeAffinity: _nodeAffinity, ...otherAffinity } = {},
    ...spec
  } = template.spec ?? {};
  return { metadata, spec, otherAffinity };
}
