// A Service, or a budget, selects Pods by labels that no Pod has.
import { FieldPath } from "../../api/fieldPath.ts";
import { labelSelectorOf, Selector } from "../../api/selector.ts";
import type { LabelSelector } from "../../api/types.ts";
import { type TreeNode, textOf } from "../../base/yaml/yamlTree.ts";
import { valueAt } from "../effective.ts";
import type { KnownObjects } from "../objectIndex.ts";
import { bySimilarity } from "../similarName.ts";
import type { Claim, Finding, Rule } from "./rule.ts";

/** Kinds whose objects are Pods, or make some. */
export const podMakers = [
  "Pod",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
];

const path = FieldPath.of("spec", "selector");

export const selectsNothing: Rule = {
  name: "selectsNothing",
  severity: "warning",
  *claims({ object }): Iterable<Claim> {
    const { kind } = object.fields ?? {};
    if (kind !== "Service" && kind !== "PodDisruptionBudget") return;
    const asked = valueAt(object.fields, path);
    const place = object.locate(path);
    if (typeof asked !== "object" || asked === null || place?.missing.length !== 0) return;
    const selector =
      kind === "Service"
        ? Selector.ofLabels(asked as Readonly<Record<string, string>>)
        : labelSelectorOf(asked as LabelSelector);
    if (selector.isEmpty) return;
    const range = place.keyRange ?? place.node.range;
    const message = { key: "rule.selectsNothing", args: [selector.text] };
    const labels = kind === "Service" ? place.node : matchLabelsOf(place.node);
    yield (known) => {
      if (!podMakers.every((each) => known.knows(each)) || isMet(selector, known)) return undefined;
      return { range, message, ...wrongValue(labels, known) };
    };
  },
};

function matchLabelsOf(node: TreeNode): TreeNode | undefined {
  return node.type === "map" ? node.entries.get("matchLabels")?.node : undefined;
}

/** The label that Pods have with other values only, and these values. */
function wrongValue(
  labels: TreeNode | undefined,
  known: KnownObjects,
): Pick<Finding, "range" | "replacements"> | undefined {
  if (labels?.type !== "map") return undefined;
  for (const { key, node } of labels.entries.values()) {
    const value = textOf(node);
    const values = new Set(
      podMakers
        .flatMap((kind) => [...known.all(kind)])
        .flatMap(({ podLabels }) => podLabels.flatMap(({ [key]: other = [] }) => other)),
    );
    if (value !== undefined && values.size > 0 && !values.has(value))
      return { range: node.range, replacements: bySimilarity(value, [...values]) };
  }
  return undefined;
}

function isMet(selector: Selector, known: KnownObjects): boolean {
  return podMakers.some((kind) => {
    for (const { podLabels } of known.all(kind))
      if (podLabels.some((labels) => selector.matches(labels))) return true;
    return false;
  });
}
