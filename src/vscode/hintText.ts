// What we add to the server's words, in the user's language.

import { l10n } from "../base/localize.ts";
import type { Hint } from "../language/diagnostics.ts";

/** What a quick fix does. */
export function fixTitle({ key, args }: Hint): string {
  const [first = ""] = args;
  if (key === "fix.replace") return l10n.t("Replace by {0}", first);
  if (key === "fix.add") return l10n.t("Add {0}", first);
  return l10n.t("Indent by spaces");
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
