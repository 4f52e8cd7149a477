// What a shell does about signals: they wait until the command that runs has ended.
import type { Signal } from "../../process/signals.ts";
import type { Steps } from "../../steps.ts";
import { Exit } from "./control.ts";
import type { Shell } from "./shell.ts";

export function* runTraps(shell: Shell): Steps {
  for (let signal = shell.pendingSignals.shift(); signal; signal = shell.pendingSignals.shift()) {
    const action = shell.traps.get(signal);
    if (action === undefined) continue;
    const status = shell.lastStatus;
    yield* shell.interpreter.evaluate(shell, action);
    shell.lastStatus = status;
  }
}

/** @returns the status that the shell ends with */
export function* runExitTrap(shell: Shell): Steps<number> {
  const action = shell.traps.get("EXIT");
  const status = shell.lastStatus;
  if (action === undefined) return status;
  shell.traps.delete("EXIT");
  try {
    yield* shell.interpreter.evaluate(shell, action);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return error.status;
  }
  return status;
}

/** @param action undefined for what the signal does by itself, "" to pay no heed to it */
export function setTrap(shell: Shell, name: Signal | "EXIT", action: string | undefined): void {
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  if (name === "EXIT") return;
  const handler =
    action === undefined ? "default" : action === "" ? "ignore" : () => shell.signalled(name);
  shell.process.onSignal(name, handler);
}
