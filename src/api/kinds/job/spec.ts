// What a Job runs and when it has done. Source: pkg/apis/batch/validation validateJobSpec,
// kubernetes v1.34.
import { type FieldError, invalid, notSupported, required, tooLong } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { JobSpec } from "../../types.ts";
import { validateDomainPrefixedPath } from "../../validation/domainName.ts";
import { checkNonNegative } from "../../validation/fields.ts";
import { goValue } from "../../validation/goShape.ts";
import { byteLength } from "../../validation/texts.ts";
import { validatePodTemplate } from "../pod/validation/template.ts";
import { validateFailurePolicy } from "./failurePolicy.ts";
import { successPolicyShape, validateSuccessPolicy } from "./successPolicy.ts";

const maxIndexed = 100_000;
const maxForManyCompletions = 10_000;
const maxManagedBy = 63;

const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

/** The part that a Job and a CronJob's template share. */
export function validateJobSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const { managedBy, maxFailedIndexes, backoffLimitPerIndex } = spec;
  return [
    ...counts.flatMap((field) => checkNonNegative(spec[field], path.child(field))),
    ...(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
      ? [required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")]
      : []),
    ...(managedBy === undefined
      ? []
      : [
          ...validateDomainPrefixedPath(managedBy, path.child("managedBy")),
          ...(byteLength(managedBy) > maxManagedBy
            ? [tooLong(path.child("managedBy"), maxManagedBy)]
            : []),
        ]),
    ...validateCompletionMode(spec, path),
    ...(spec.podFailurePolicy ? validateFailurePolicy(spec, path.child("podFailurePolicy")) : []),
    ...validateSuccess(spec, path.child("successPolicy")),
    ...validateReplacementPolicy(spec, path.child("podReplacementPolicy")),
    ...validatePodTemplate(spec.template, path.child("template")),
    ...validateRestartPolicy(spec, path.child("template", "spec", "restartPolicy")),
  ];
}

function validateCompletionMode(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completionMode: mode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  if (mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed")
    errors.push(notSupported(path.child("completionMode"), mode, ["NonIndexed", "Indexed"]));
  if (mode === "Indexed") errors.push(...validateIndexed(spec, path));
  if (mode !== undefined && mode !== "NonIndexed") return errors;
  const words = "requires indexed completion mode";
  if (backoffLimitPerIndex !== undefined)
    errors.push(invalid(path.child("backoffLimitPerIndex"), backoffLimitPerIndex, words));
  if (maxFailedIndexes !== undefined)
    errors.push(invalid(path.child("maxFailedIndexes"), maxFailedIndexes, words));
  return errors;
}

function validateIndexed(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: failed } = spec;
  const failedPath = path.child("maxFailedIndexes");
  const errors: FieldError[] = [];
  if (completions === undefined)
    errors.push(required(path.child("completions"), "when completion mode is Indexed"));
  if (parallelism > maxIndexed)
    errors.push(
      invalid(
        path.child("parallelism"),
        parallelism,
        `must be less than or equal to ${maxIndexed} when completion mode is Indexed`,
      ),
    );
  if (completions !== undefined && failed !== undefined && failed > completions)
    errors.push(invalid(failedPath, failed, "must be less than or equal to completions"));
  if (failed !== undefined && failed > maxIndexed)
    errors.push(invalid(failedPath, failed, `must be less than or equal to ${maxIndexed}`));
  return [...errors, ...validateManyCompletions(spec, path)];
}

function validateManyCompletions(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completions = 0, parallelism = 0, maxFailedIndexes: failed } = spec;
  if (completions <= maxIndexed || spec.backoffLimitPerIndex === undefined) return [];
  const words = `must be less than or equal to ${maxForManyCompletions} when completions are above ${maxIndexed} and used with backoff limit per index`;
  const failedPath = path.child("maxFailedIndexes");
  const errors: FieldError[] = [];
  if (failed === undefined)
    errors.push(required(failedPath, `must be specified when completions is above ${maxIndexed}`));
  if (parallelism > maxForManyCompletions)
    errors.push(invalid(path.child("parallelism"), parallelism, words));
  if (failed !== undefined && failed > maxForManyCompletions)
    errors.push(invalid(failedPath, failed, words));
  return errors;
}

function validateSuccess(spec: JobSpec, path: FieldPath): FieldError[] {
  if (!spec.successPolicy) return [];
  return spec.completionMode === "Indexed"
    ? validateSuccessPolicy(spec.successPolicy, spec.completions ?? 0, path)
    : [
        invalid(
          path,
          goValue(spec.successPolicy, successPolicyShape),
          "requires indexed completion mode",
        ),
      ];
}

function validateReplacementPolicy(
  { podReplacementPolicy: policy, podFailurePolicy }: JobSpec,
  path: FieldPath,
): FieldError[] {
  if (policy === undefined) return [];
  const choices = podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return choices.includes(policy) ? [] : [notSupported(path, policy, choices)];
}

function validateRestartPolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const policy: string | undefined = spec.template.spec?.restartPolicy;
  // Left out, it has become "Always" by now.
  if (!policy || policy === "Always") return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== "OnFailure" && policy !== "Never")
    return [notSupported(path, policy, ["OnFailure", "Never"])];
  return spec.podFailurePolicy && policy !== "Never"
    ? [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}
