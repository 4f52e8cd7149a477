// Affinity to nodes and to other Pods. Source: pkg/apis/core/validation validateAffinity,
// kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type {
  Affinity,
  LabelSelector,
  NodeAffinity,
  PodAffinity,
  PodAffinityTerm,
} from "../../../types.ts";
import { check, each } from "../../../validation/fields.ts";
import { validateLabelName, validateLabelSelector } from "../../../validation/labels.ts";
import { dnsLabel } from "../../../validation/texts.ts";
import { validateNodeSelector, validateNodeSelectorTerm } from "./nodeSelector.ts";

const requiredField = "requiredDuringSchedulingIgnoredDuringExecution";
const preferredField = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(affinity: Affinity | undefined, path: FieldPath): FieldError[] {
  if (!affinity) return [];
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  return [
    ...(nodeAffinity ? validateNodeAffinity(nodeAffinity, path.child("nodeAffinity")) : []),
    ...(podAffinity ? validatePodAffinity(podAffinity, path.child("podAffinity")) : []),
    ...(podAntiAffinity ? validatePodAffinity(podAntiAffinity, path.child("podAntiAffinity")) : []),
  ];
}

export function validateNodeAffinity(affinity: NodeAffinity, path: FieldPath): FieldError[] {
  const selector = affinity[requiredField];
  return [
    ...(selector ? validateNodeSelector(selector, path.child(requiredField)) : []),
    ...each(affinity[preferredField], path.child(preferredField), ({ weight, preference }, at) => [
      ...validateWeight(weight, at),
      ...validateNodeSelectorTerm(preference ?? {}, at.child("preference"), false),
    ]),
  ];
}

function validateWeight(weight: number | undefined, path: FieldPath): FieldError[] {
  const value = weight ?? 0;
  return value > 0 && value <= 100
    ? []
    : [invalid(path.child("weight"), value, "must be in the range 1-100")];
}

function validatePodAffinity(affinity: PodAffinity, path: FieldPath): FieldError[] {
  return [
    ...each(affinity[requiredField], path.child(requiredField), validateTerm),
    ...each(
      affinity[preferredField],
      path.child(preferredField),
      ({ weight, podAffinityTerm }, at) => [
        ...validateWeight(weight, at),
        ...validateTerm(podAffinityTerm, at.child("podAffinityTerm")),
      ],
    ),
  ];
}

function validateTerm(term: PodAffinityTerm, path: FieldPath): FieldError[] {
  const topologyKey = term.topologyKey ?? "";
  const at = path.child("topologyKey");
  return [
    ...validateLabelSelector(term.labelSelector, path.child("labelSelector")),
    ...validateLabelSelector(term.namespaceSelector, path.child("namespaceSelector")),
    ...(term.namespaces ?? []).flatMap((name) => check(dnsLabel, name, path.child("namespace"))),
    ...validateKeys(term, path),
    ...(topologyKey === "" ? [required(at, "can not be empty")] : []),
    ...validateLabelName(topologyKey, at),
  ];
}

function validateKeys(
  { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector }: PodAffinityTerm,
  path: FieldPath,
): FieldError[] {
  const at = path.child("matchLabelKeys");
  return [
    ...validateLabelKeys(matchLabelKeys, labelSelector, at),
    ...validateLabelKeys(mismatchLabelKeys, labelSelector, path.child("mismatchLabelKeys")),
    ...validateNotSelected(matchLabelKeys, labelSelector, path),
    ...matchLabelKeys.flatMap((key, i) =>
      mismatchLabelKeys.includes(key)
        ? [invalid(at.index(i), key, "exists in both matchLabelKeys and mismatchLabelKeys")]
        : [],
    ),
  ];
}

function validateLabelKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
): FieldError[] {
  if (keys.length === 0) return [];
  return selector
    ? each(keys, path, validateLabelName)
    : [forbidden(path, "must not be specified when labelSelector is not set")];
}

/** The server has put the keys into the selector by now: one that was there before shows up twice. */
function validateNotSelected(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
): FieldError[] {
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  const errors: FieldError[] = [];
  for (const { key } of selector?.matchExpressions ?? []) {
    const i = keys.lastIndexOf(key);
    if (i >= 0 && seen.has(key))
      errors.push(invalid(path.index(i), key, "exists in both matchLabelKeys and labelSelector"));
    seen.add(key);
  }
  return errors;
}
