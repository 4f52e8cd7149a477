// Progress where it disturbs least: in the view at once, as a notification only if it takes long.
import { ProgressLocation, window } from "vscode";
import type { Millis } from "../base/time.ts";
import { wait } from "../client/wait.ts";
import { views } from "./commandIds.ts";

const quietMs: Millis = 2_000;

type Report = (message: string, increment: number) => void;

/** Runs `task`; cancelling the notification aborts its signal. Rejects as the task does. */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T> {
  const aborter = new AbortController();
  const finished = new AbortController();
  let report: Report = () => undefined;
  const running = task(aborter.signal, (message, increment) => report(message, increment));
  const settled = running.then(
    () => finished.abort(),
    () => finished.abort(),
  );
  window.withProgress({ location: { viewId: views.cluster } }, () => settled);
  await wait(quietMs, finished.signal);
  if (!finished.signal.aborted)
    window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => aborter.abort());
        report = (message, increment) => progress.report({ message, increment });
        return settled;
      },
    );
  return running;
}
