// matchLabelKeys and mismatchLabelKeys: label values of the Pod itself, written into its selectors
// when it is created. Source: pkg/registry/core/pod/strategy.go, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { LabelSelector, Pod, PodAffinity, PodAffinityTerm } from "../../types.ts";

/** Adds to each selector what its keys ask for. Terms without a selector stay as they are. */
export function applyMatchLabelKeys(pod: Draft<Pod>): void {
  const labels = pod.metadata.labels ?? {};
  const { affinity, topologySpreadConstraints } = pod.spec;
  const terms = [...termsOf(affinity?.podAffinity), ...termsOf(affinity?.podAntiAffinity)];
  for (const { labelSelector, matchLabelKeys, mismatchLabelKeys } of terms) {
    narrow(labelSelector, matchLabelKeys, "In", labels);
    narrow(labelSelector, mismatchLabelKeys, "NotIn", labels);
  }
  for (const { labelSelector, matchLabelKeys } of topologySpreadConstraints ?? [])
    narrow(labelSelector, matchLabelKeys, "In", labels);
}

function termsOf(affinity: Draft<PodAffinity> | undefined): Draft<PodAffinityTerm>[] {
  return [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ];
}

function narrow(
  selector: Draft<LabelSelector> | undefined,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
  labels: Readonly<Record<string, string>>,
): void {
  if (!selector) return;
  for (const key of keys ?? []) {
    const value = labels[key];
    if (value === undefined) continue;
    selector.matchExpressions ??= [];
    selector.matchExpressions.push({ key, operator, values: [value] });
  }
}
