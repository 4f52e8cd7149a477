// The life of a shell or subshell from its first command to its exit status.
import type { Steps } from "../../steps.ts";
import { Exit, LoopJump, Return, ShellError } from "./control.ts";
import type { Shell } from "./shell.ts";
import { runExitTrap } from "./traps.ts";

/** Runs `body` in a shell that ends with it. @returns its exit status */
export function* runInSubshell(shell: Shell, body: (shell: Shell) => Steps<number>): Steps<number> {
  shell.lastStatus = yield* untilExit(shell, body);
  return yield* untilExit(shell, runExitTrap);
}

export function* untilExit(shell: Shell, body: (shell: Shell) => Steps<number>): Steps<number> {
  try {
    return yield* body(shell);
  } catch (error) {
    if (error instanceof Exit || error instanceof Return) return error.status;
    if (error instanceof LoopJump) return 0;
    if (!(error instanceof ShellError)) throw error;
    shell.complain(error.message, error.builtin, error.line);
    return error.status;
  }
}
