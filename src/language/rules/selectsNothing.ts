// A Service, or a budget, selects Pods by labels that no Pod has.
import { FieldPath } from "../../api/fieldPath.ts";
import { labelSelectorOf, Selector } from "../../api/selector.ts";
import type { LabelSelector } from "../../api/types.ts";
import { valueAt } from "../effective.ts";
import type { KnownObjects } from "../objectIndex.ts";
import { type Claim, concepts, type Rule } from "./rule.ts";

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
  link: `${concepts}/services-networking/service/`,
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
    yield (known) => {
      if (!podMakers.every((each) => known.knows(each)) || isMet(selector, known)) return undefined;
      return { range, message: { key: "rule.selectsNothing", args: [selector.text] } };
    };
  },
};

function isMet(selector: Selector, known: KnownObjects): boolean {
  return podMakers.some((kind) => {
    for (const { podLabels } of known.all(kind))
      if (podLabels.some((labels) => selector.matches(labels))) return true;
    return false;
  });
}
