// Small facts that several hovers tell in the same words.

import { l10n } from "../base/localize.ts";
import { humanDuration, type Millis } from "../base/time.ts";
import { code } from "./markdown.ts";

/** "8s ago", on the cluster's clock. */
export function agoText(span: Millis): string {
  return l10n.t("{0} ago", humanDuration(Math.max(0, span)));
}

/** Labels as code, or "none". */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const all = Object.entries(labels ?? {}).map(([key, value]) =>
    code(value === "" ? key : `${key}=${value}`),
  );
  return all.length === 0 ? l10n.t("none") : all.join(" ");
}
