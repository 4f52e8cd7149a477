// Tells, once each, when the cluster's engine died and what was done about it.
import { type LogOutputChannel, window } from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Session, SessionState } from "./session.ts";
import { stopReasonText } from "./sessionTexts.ts";

export function sessionNotices(session: Session, log: LogOutputChannel): Disposable {
  const owned = new DisposableStore();
  let before: SessionState = session.state;
  owned.add(
    session.onState((state) => {
      report(before, state, log);
      before = state;
    }),
  );
  owned.add(
    session.onDidSetAside(({ path, reason }) => {
      log.warn(`the stored cluster was set aside: ${path}: ${reason}`);
      const message = l10n.t(
        "The stored cluster could not be read. It was set aside, and an empty one was started.",
      );
      offerLog(window.showWarningMessage(message, l10n.t("Show Details")), log);
    }),
  );
  return owned;
}

function report(before: SessionState, state: SessionState, log: LogOutputChannel): void {
  log.info(`cluster ${state.phase}`);
  const showDetails = l10n.t("Show Details");
  if (state.phase === "restarting") {
    const reason = stopReasonText(state.reason);
    // Somebody wanted it so.
    if (state.reason.type === "replaced") return;
    if (state.reason.type === "left") {
      const message = l10n.t("{0} The cluster goes on in this window.", reason);
      window.showInformationMessage(message);
      return;
    }
    log.error(reason);
    const message = l10n.t("{0} It is started again from what is stored.", reason);
    // One notice for a row of deaths.
    if (before.phase !== "restarting")
      offerLog(window.showWarningMessage(message, showDetails), log);
  } else if (state.phase === "failed") {
    const reason = stopReasonText(state.reason);
    log.error(reason);
    offerLog(window.showErrorMessage(reason, showDetails), log);
  }
}

function offerLog(shown: Thenable<string | undefined>, log: LogOutputChannel): void {
  shown.then((chosen) => {
    if (chosen !== undefined) log.show(true);
  });
}
