// Where and when a Pod may be scheduled, beside affinity. Source: pkg/apis/core/validation
// ValidateTolerations and validateTopologySpreadConstraints, kubernetes v1.34.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { PodSchedulingGate, Toleration, TopologySpreadConstraint } from "../../../types.ts";
import { checkChoice, checkQualifiedName, each } from "../../../validation/fields.ts";
import { validateLabelName, validateLabelSelector } from "../../../validation/labels.ts";
import { labelValueRule } from "../../../validation/texts.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTaintEffect(effect: string, path: FieldPath): FieldError[] {
  return effects.includes(effect) ? [] : [notSupported(path, effect, effects)];
}

export function validateTolerations(
  tolerations: readonly Toleration[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(tolerations, path, (toleration, at) => {
    const { key, operator = "", effect, tolerationSeconds } = toleration;
    const errors: FieldError[] = [];
    if (key) errors.push(...validateLabelName(key, at.child("key")));
    else if (operator !== "Exists")
      errors.push(
        invalid(
          at.child("operator"),
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      errors.push(
        invalid(
          at.child("effect"),
          effect ?? "",
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    errors.push(...validateTolerationValue(toleration, at.child("operator")));
    if (effect) errors.push(...validateTaintEffect(effect, at.child("effect")));
    return errors;
  });
}

function validateTolerationValue(
  { operator, value = "" }: Toleration,
  path: FieldPath,
): FieldError[] {
  if (operator === "Exists")
    return value ? [invalid(path, value, "value must be empty when `operator` is 'Exists'")] : [];
  if (operator && operator !== "Equal") return [notSupported(path, operator, ["Equal", "Exists"])];
  const words = labelValueRule(value);
  return words.length > 0 ? [invalid(path, value, words.join(";"))] : [];
}

export function validateSchedulingGates(
  gates: readonly PodSchedulingGate[] | undefined,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return each(gates, path, ({ name = "" }, at) => {
    const errors = checkQualifiedName(name, at);
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
    return errors;
  });
}

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(constraints, path, (constraint, at, i) => {
    const { maxSkew = 0, topologyKey, whenUnsatisfiable = "", labelSelector } = constraint;
    const later = (constraints ?? []).slice(i + 1);
    return [
      ...(maxSkew > 0 ? [] : [invalid(at.child("maxSkew"), maxSkew, "must be greater than zero")]),
      ...(topologyKey ? [] : [required(at.child("topologyKey"), "can not be empty")]),
      ...checkChoice(
        whenUnsatisfiable,
        ["DoNotSchedule", "ScheduleAnyway"],
        at.child("whenUnsatisfiable"),
      ),
      ...validateNotRepeated(constraint, later, at),
      ...validateMinDomains(constraint, at.child("minDomains")),
      ...validateNodePolicy(constraint.nodeAffinityPolicy, at.child("nodeAffinityPolicy")),
      ...validateNodePolicy(constraint.nodeTaintsPolicy, at.child("nodeTaintsPolicy")),
      ...validateSpreadKeys(constraint, at.child("matchLabelKeys")),
      ...validateLabelSelector(labelSelector, at.child("labelSelector")),
    ];
  });
}

function validateNotRepeated(
  { topologyKey = "", whenUnsatisfiable = "" as never }: TopologySpreadConstraint,
  later: readonly TopologySpreadConstraint[],
  path: FieldPath,
): FieldError[] {
  const isRepeated = later.some(
    (other) =>
      (other.topologyKey ?? "") === topologyKey &&
      (other.whenUnsatisfiable ?? "") === whenUnsatisfiable,
  );
  return isRepeated
    ? [
        duplicate(
          path.child("{topologyKey, whenUnsatisfiable}"),
          `{${topologyKey}, ${whenUnsatisfiable}}`,
        ),
      ]
    : [];
}

function validateMinDomains(
  { minDomains, whenUnsatisfiable }: TopologySpreadConstraint,
  path: FieldPath,
): FieldError[] {
  if (minDomains === undefined) return [];
  const errors: FieldError[] = [];
  if (minDomains <= 0) errors.push(invalid(path, minDomains, "must be greater than zero"));
  if (whenUnsatisfiable !== "DoNotSchedule")
    errors.push(
      invalid(
        path,
        minDomains,
        `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable ?? ""}`,
      ),
    );
  return errors;
}

function validateNodePolicy(policy: string | undefined, path: FieldPath): FieldError[] {
  return policy === undefined ? [] : checkChoice(policy, ["Honor", "Ignore"], path);
}

function validateSpreadKeys(
  { matchLabelKeys = [], labelSelector }: TopologySpreadConstraint,
  path: FieldPath,
): FieldError[] {
  if (matchLabelKeys.length === 0) return [];
  const selected = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  return [
    ...(labelSelector
      ? []
      : [forbidden(path, "must not be specified when labelSelector is not set")]),
    ...each(matchLabelKeys, path, (key, at) => [
      ...validateLabelName(key, at),
      ...(selected.has(key)
        ? [invalid(at, key, "exists in both matchLabelKeys and labelSelector")]
        : []),
    ]),
  ];
}
