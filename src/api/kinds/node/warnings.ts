// Labels of nodes that have newer names. Source: pkg/api/node/util.go, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { Node, NodeSelectorTerm, RuntimeClass } from "../../types.ts";
import { sortedEntries } from "../../validation/fields.ts";
import { rangeWarnings } from "../../validation/strictAddresses.ts";
import { labelValueRule } from "../../validation/texts.ts";

const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    "failure-domain.beta.kubernetes.io/region",
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    "failure-domain.beta.kubernetes.io/zone",
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    "beta.kubernetes.io/instance-type",
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
]);

/** What to use instead of a label; undefined for labels that are current. */
export function deprecatedLabelWords(label: string): string | undefined {
  return deprecatedLabels.get(label);
}

/** Fields of a Node that have lost their meaning. Source: pkg/registry/core/node/strategy.go. */
export function nodeWarnings({ spec = {} }: Node): readonly string[] {
  const path = FieldPath.of("spec", "podCIDRs");
  return [
    ...(spec.configSource ? ["spec.configSource: the feature is removed"] : []),
    ...(spec.externalID
      ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"]
      : []),
    ...(spec.podCIDRs ?? []).flatMap((range, i) => rangeWarnings(range, path.index(i))),
  ];
}

/** Old labels as keys of a selector, e.g. a Pod's `nodeSelector`. */
export function nodeSelectorWarnings(
  selector: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
): readonly string[] {
  return sortedEntries(selector).flatMap(([label]) => {
    const words = deprecatedLabels.get(label);
    return words === undefined ? [] : [`${path.key(label)}: ${words}`];
  });
}

/** Terms that are only preferred may hold values that no label can have. */
export function nodeSelectorTermWarnings(
  { matchExpressions }: NodeSelectorTerm,
  path: FieldPath,
  { checksValues = false } = {},
): readonly string[] {
  return (matchExpressions ?? []).flatMap(({ key, values = [] }, i) => {
    const words = deprecatedLabels.get(key);
    const at = path.child("matchExpressions").index(i);
    return [
      ...(words === undefined ? [] : [`${at.child("key")}: ${key} is ${words}`]),
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

/** The server does not say which label it means. */
export function runtimeClassWarnings({ scheduling }: RuntimeClass): readonly string[] {
  const path = FieldPath.of("scheduling", "nodeSelector");
  return Object.keys(scheduling?.nodeSelector ?? {}).flatMap((label) => {
    const words = deprecatedLabels.get(label);
    return words === undefined ? [] : [`${path}: ${words}`];
  });
}
