// Why a cluster is not running, in a sentence.

import { l10n } from "../base/localize.ts";
import type { StopReason } from "../client/embeddedCluster.ts";

export function stopReasonText(reason: StopReason): string {
  switch (reason.type) {
    case "inUse":
      return l10n.t("Another window has this cluster open. Close it there, then start it here.");
    case "left":
      return l10n.t("The window that ran this cluster was closed.");
    case "replaced":
      return l10n.t("Another cluster was put in the place of this one.");
    case "unresponsive":
      return l10n.t("The cluster's engine did not answer and was ended.");
    case "crashed":
      return l10n.t("The cluster's engine stopped: {0}.", reason.message.replace(/\.$/, ""));
  }
}
