// What a Job makes of failed Pods. Source: pkg/apis/batch/validation validatePodFailurePolicy, 1.34.
import {
  duplicate,
  type FieldError,
  invalid,
  invalidWithoutValue,
  notSupported,
  required,
  tooMany,
} from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from "../../types.ts";
import { checkQualifiedName, each } from "../../validation/fields.ts";

const maxRules = 20;
const maxPatterns = 20;
const maxExitCodes = 255;
const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

export function validateFailurePolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const at = path.child("rules");
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  return [
    ...(rules.length > maxRules ? [tooMany(at, rules.length, maxRules)] : []),
    ...each(rules, at, (rule, rulePath) => [
      ...validateAction(rule, spec, rulePath.child("action")),
      ...validateRule(rule, names, rulePath),
    ]),
  ];
}

function validateAction(
  { action }: PodFailurePolicyRule,
  { backoffLimitPerIndex }: JobSpec,
  path: FieldPath,
): FieldError[] {
  if (!action) return [requiredOneOf(path, actions)];
  if (action === "FailIndex")
    return backoffLimitPerIndex === undefined
      ? [invalid(path, action, "requires the backoffLimitPerIndex to be set")]
      : [];
  return actions.includes(action) ? [] : [notSupported(path, action, actions)];
}

/** Go prints the list in brackets here. */
function requiredOneOf(path: FieldPath, choices: readonly string[]): FieldError {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(" ");
  return required(path, `valid values: [${listed}]`);
}

function validateRule(
  { onExitCodes, onPodConditions = [] }: PodFailurePolicyRule,
  containers: readonly string[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (onExitCodes)
    errors.push(...validateExitCodes(onExitCodes, containers, path.child("onExitCodes")));
  if (onPodConditions.length > 0)
    errors.push(...validateConditions(onPodConditions, path.child("onPodConditions")));
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(
      invalidWithoutValue(path, "specifying both OnExitCodes and OnPodConditions is not supported"),
    );
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(
      invalidWithoutValue(path, "specifying one of OnExitCodes and OnPodConditions is required"),
    );
  return errors;
}

function validateConditions(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  path: FieldPath,
): FieldError[] {
  return [
    ...(patterns.length > maxPatterns ? [tooMany(path, patterns.length, maxPatterns)] : []),
    ...each(patterns, path, ({ type, status }, at) => [
      ...checkQualifiedName(type ?? "", at.child("type")),
      ...validateWord(status, statuses, at.child("status")),
    ]),
  ];
}

function validateWord(
  word: string | undefined,
  choices: readonly string[],
  path: FieldPath,
): FieldError[] {
  if (!word) return [requiredOneOf(path, choices)];
  return choices.includes(word) ? [] : [notSupported(path, word, choices)];
}

function validateExitCodes(
  { operator, containerName, values = [] }: PodFailurePolicyOnExitCodesRequirement,
  containers: readonly string[],
  path: FieldPath,
): FieldError[] {
  const errors = validateWord(operator, operators, path.child("operator"));
  const at = path.child("values");
  if (containerName !== undefined && !containers.includes(containerName))
    errors.push(
      invalid(
        path.child("containerName"),
        containerName,
        "must be one of the container or initContainer names in the pod template",
      ),
    );
  if (values.length === 0) errors.push(invalid(at, values, "at least one value is required"));
  else if (values.length > maxExitCodes) errors.push(tooMany(at, values.length, maxExitCodes));
  errors.push(
    ...each(values, at, (value, valuePath, i) => [
      ...(operator === "In" && value === 0
        ? [invalid(valuePath, value, "must not be 0 for the In operator")]
        : []),
      ...(values.indexOf(value) < i ? [duplicate(valuePath, value)] : []),
    ]),
  );
  const isOrdered = values.every((value, i) => i === 0 || (values[i - 1] ?? 0) <= value);
  if (!isOrdered) errors.push(invalid(at, values, "must be ordered"));
  return errors;
}
