// Rows of a controller's last runs: which object it looked at, why, and what it did.
import type { ReconcileReason, WriteCount } from "../api/clusterStatus.ts";
import type { Verb } from "../api/traceEvent.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { agoText } from "./factTexts.ts";
import { row, separator, type TreeRow, waiting } from "./treeRow.ts";

export function reconcileRow(
  controller: string,
  index: number,
  { status }: ClusterFacts,
): TreeRow | undefined {
  const run = status?.controllers.find((one) => one.name === controller)?.recent[index];
  if (!status || !run) return undefined;
  const { at, key, reason, writes, error } = run;
  const effect = error ?? (writes.map(writeText).join(", ") || l10n.t("nothing to do"));
  return row(key === "" ? l10n.t("all objects") : key, {
    description: [reasonText(reason), effect, agoText(status.now - at)].join(separator),
    icon: {
      id: error === undefined ? (writes.length > 0 ? "edit" : "check") : "warning",
      ...(error === undefined ? {} : { color: waiting }),
    },
    collapsible: "none",
    context: "reconcile",
  });
}

function reasonText(reason: ReconcileReason): string {
  switch (reason.type) {
    case "added":
      return l10n.t("{0} {1} is new", reason.kind, reason.key);
    case "changed":
      return l10n.t("{0} {1} changed", reason.kind, reason.key);
    case "deleted":
      return l10n.t("{0} {1} is gone", reason.kind, reason.key);
    case "again":
      return l10n.t("looked again");
    case "period":
      return l10n.t("time for a look");
  }
}

function writeText({ verb, kind, count }: WriteCount): string {
  return l10n.t("{0} {1} × {2}", verbText(verb), kind, count);
}

function verbText(verb: Verb): string {
  switch (verb) {
    case "create":
      return l10n.t("created");
    case "delete":
    case "deletecollection":
      return l10n.t("deleted");
    default:
      return l10n.t("updated");
  }
}
