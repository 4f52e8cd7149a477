// Labels of Nodes that have new names, and constraints that match nothing. Source: pkg/api/pod/warnings.go
// and pkg/api/node/util.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { NodeSelectorTerm, PodSpec } from "../../../types.ts";
import { sortedEntries } from "../../../validation/fields.ts";
import { labelValueRule } from "../../../validation/texts.ts";

const oldNodeLabels: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

export function schedulingWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const { nodeSelector, affinity, topologySpreadConstraints = [] } = spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  const affinityPath = path.child("affinity", "nodeAffinity");
  const requiredPath = affinityPath.child("requiredDuringSchedulingIgnoredDuringExecution");
  const preferredPath = affinityPath.child("preferredDuringSchedulingIgnoredDuringExecution");
  return [
    ...sortedEntries(nodeSelector).flatMap(([key]) =>
      oldNodeLabels[key] ? [`${path.child("nodeSelector").key(key)}: ${oldNodeLabels[key]}`] : [],
    ),
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      termWarnings(term, false, requiredPath.child("nodeSelectorTerms").index(i)),
    ),
    ...(preferred ?? []).flatMap(({ preference }, i) =>
      termWarnings(preference ?? {}, true, preferredPath.index(i).child("preference")),
    ),
    ...topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, i) => {
      const at = path.child("topologySpreadConstraints").index(i);
      const words = oldNodeLabels[topologyKey];
      return [
        ...(words ? [`${at.child("topologyKey")}: ${topologyKey} is ${words}`] : []),
        ...(labelSelector
          ? []
          : [`${at.child("labelSelector")}: a null labelSelector results in matching no pod`]),
      ];
    }),
  ];
}

function termWarnings(
  { matchExpressions = [] }: NodeSelectorTerm,
  checksValues: boolean,
  path: FieldPath,
): string[] {
  return matchExpressions.flatMap(({ key, values = [] }, i) => {
    const at = path.child("matchExpressions").index(i);
    const words = oldNodeLabels[key];
    return [
      ...(words ? [`${at.child("key")}: ${key} is ${words}`] : []),
      ...(checksValues
        ? values.flatMap((value, j) =>
            labelValueRule(value).map(
              (problem) => `${at.child("values").index(j)}: ${value} is invalid, ${problem}`,
            ),
          )
        : []),
    ];
  });
}
