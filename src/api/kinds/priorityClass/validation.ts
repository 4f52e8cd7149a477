// PriorityClasses. Source: pkg/apis/scheduling/validation, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, forbidden } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { PriorityClass } from "../../types.ts";
import { checkImmutable, checkRequiredChoice } from "../../validation/fields.ts";

const systemPrefix = "system-";
const highestUserValue = 1_000_000_000;
/** What the cluster itself brings along, with the values. */
const systemClasses: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
]);

export function setPriorityClassDefaults(priorityClass: Draft<PriorityClass>): void {
  priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
}

export function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value = 0, preemptionPolicy } = priorityClass;
  const errors: FieldError[] = [];
  if (metadata.name?.startsWith(systemPrefix)) {
    const problem = systemProblem(priorityClass);
    if (problem !== undefined)
      errors.push(
        forbidden(
          FieldPath.of("metadata", "name"),
          `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`,
        ),
      );
  } else if (value > highestUserValue)
    errors.push(
      forbidden(
        FieldPath.of("value"),
        `maximum allowed value of a user defined priority is ${highestUserValue}`,
      ),
    );
  if (preemptionPolicy !== undefined)
    errors.push(
      ...checkRequiredChoice(
        preemptionPolicy,
        ["PreemptLowerPriority", "Never"],
        FieldPath.of("preemptionPolicy"),
      ),
    );
  return errors;
}

/** Why a class may not bear its "system-" name. */
function systemProblem({
  metadata: { name },
  value = 0,
  globalDefault = false,
}: PriorityClass): string | undefined {
  const wanted = systemClasses.get(name);
  if (wanted === undefined) return `${name} is not a known system priority class`;
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`;
  if (globalDefault) return `globalDefault of ${name} PriorityClass must be false`;
  return undefined;
}

/** Running Pods keep the value that they got, so that it may not change. */
export function validatePriorityClassUpdate(
  priorityClass: PriorityClass,
  old: PriorityClass,
): FieldError[] {
  const { value = 0, preemptionPolicy } = priorityClass;
  return [
    ...(value === (old.value ?? 0)
      ? []
      : [forbidden(FieldPath.of("value"), "may not be changed in an update.")]),
    ...checkImmutable(preemptionPolicy, old.preemptionPolicy, FieldPath.of("preemptionPolicy")),
  ];
}
