// Listens to what the user is told. The messages are shown as ever; nobody presses their buttons.
import { window } from "vscode";

/** A message that was shown. */
export interface Notice {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
}

const severities = {
  showInformationMessage: "info",
  showWarningMessage: "warning",
  showErrorMessage: "error",
} as const;

/** Collects the messages shown while `act` runs. */
export async function noticesOf(act: () => unknown): Promise<readonly Notice[]> {
  const notices: Notice[] = [];
  const stop = listen((notice) => notices.push(notice));
  try {
    await act();
  } finally {
    stop();
  }
  return notices;
}

function listen(heard: (notice: Notice) => void): () => void {
  const undo = Object.entries(severities).map(([name, severity]) => {
    const show: unknown = Reflect.get(window, name);
    if (typeof show !== "function") throw new Error(`vscode.window has no ${name}`);
    Reflect.set(window, name, (text: string, ...rest: unknown[]) => {
      heard({ severity, text });
      return Reflect.apply(show, window, [text, ...rest]);
    });
    return () => Reflect.set(window, name, show);
  });
  return () => undo.forEach((each) => void each());
}
