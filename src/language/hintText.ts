// What we add to the server's words, in the user's language.

import { l10n } from "../base/localize.ts";
import type { Hint } from "./problem.ts";

/** What a quick fix does. */
export function fixTitle({ key, args }: Hint): string {
  const [first = ""] = args;
  if (key === "fix.replace") return l10n.t("Replace by {0}", first);
  if (key === "fix.add") return l10n.t("Add {0}", first);
  return l10n.t("Indent by spaces");
}

/** What a rule found. */
export function ruleText({ key, args }: Hint): string {
  const [first = "", second = "", third = "", fourth = ""] = args;
  switch (key) {
    case "rule.missing":
      return l10n.t("There is no {0} called {1}, neither here nor in the cluster.", first, second);
    case "rule.missingKey":
      return l10n.t("{0} {1} has no key {2}; it has {3}.", first, second, third, fourth);
    case "rule.missingPort":
      return l10n.t("Service {0} has no port {1}; it has {2}.", first, second, third);
    case "rule.selectsNothing":
      return l10n.t("No Pod has the labels {0}, neither here nor in the cluster.", first);
    case "rule.portClash":
      return l10n.t("Another container of this Pod listens on port {0} already.", first);
    case "rule.probePort":
      return l10n.t("No port {0} is declared in this container.", first);
    case "rule.latestTag":
      return l10n.t("{0} may be another image tomorrow: name a version.", first);
    case "rule.noRequests":
      return l10n.t(
        "Container {0} asks for no resources: the scheduler takes it for small.",
        first,
      );
    default:
      return key;
  }
}

/** Why something cannot be renamed. */
export function refusalOfRename({ key, args }: Hint): string {
  const [first = ""] = args;
  switch (key) {
    case "rename.syntax":
      return l10n.t("Mend the syntax of this file first.");
    case "rename.labelKey":
      return l10n.t("Values of labels can be renamed, their keys can't.");
    case "rename.number":
      return l10n.t("Ports have numbers here; only their names can be renamed.");
    case "rename.elsewhere":
      return l10n.t("No manifest of the workspace makes {0}.", first);
    case "rename.taken":
      return l10n.t("There is another {0} already.", first);
    case "rename.invalid":
      return first;
    default:
      return l10n.t(
        "Names of objects, their keys, containers, volumes and ports, values of labels, and anchors can be renamed.",
      );
  }
}

/** The sentence of a hint; undefined for one that is not known here. */
export function hintText({ key, args }: Hint): string | undefined {
  const [first = "", second = ""] = args;
  switch (key) {
    case "hint.tab":
      return l10n.t("YAML is indented by spaces: replace the tab.");
    case "hint.apiVersion":
      return l10n.t("{0} is served in {1}.", first, second);
    case "hint.didYouMean":
      return l10n.t("Did you mean {0}?", first);
    case "hint.quote":
      return l10n.t("Text is wanted here: write {0}.", first);
    case "hint.list":
      return l10n.t('A list is wanted here: start each item with "- ".');
    case "hint.type":
      return l10n.t("Found {0}, wanted {1}.", first, second);
    default:
      return undefined;
  }
}
