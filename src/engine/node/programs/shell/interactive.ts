// A shell that somebody talks to: prompts, survives mistakes, and leaves off on Ctrl-C.
import type { Steps } from "../../steps.ts";
import { firstOf } from "../firstOf.ts";
import { LoopJump, Return, ShellError } from "./control.ts";
import { interruption } from "./programs.ts";
import { nextLine, type RunStatements, readCommand, runRead } from "./scriptReader.ts";
import type { Shell } from "./shell.ts";

/** What Ctrl-C leaves in $?. */
const interruptedStatus = 130;

export function* runInteractive(shell: Shell, run: RunStatements): Steps<number> {
  shell.process.onSignal("SIGINT", () => shell.signalled("SIGINT"));
  for (const signal of ["SIGTERM", "SIGQUIT", "SIGTSTP"] as const)
    shell.process.onSignal(signal, "ignore");
  for (let line = 1; ; line++) {
    shell.pendingSignals.length = 0;
    const read = yield* firstOf(
      readCommand(shell, (isFirst) => prompted(shell, isFirst)),
      interruption(shell),
    );
    if ("second" in read) {
      shell.lastStatus = interruptedStatus;
      // The terminal has shown "^C"; the prompt begins a line of its own.
      yield* shell.out("\n", 2);
      continue;
    }
    if (!read.first) {
      if (shell.isBash) shell.say("exit");
      return shell.lastStatus;
    }
    yield* surviving(shell, runRead(shell, read.first, line, run));
  }
}

/** Only `exit` ends the shell; a mistake ends the line. */
function* surviving(shell: Shell, steps: Steps): Steps {
  try {
    yield* steps;
  } catch (error) {
    if (error instanceof ShellError) {
      shell.complain(error.message, error.builtin, error.line);
      shell.lastStatus = error.status;
    } else if (error instanceof Return) shell.lastStatus = error.status;
    else if (!(error instanceof LoopJump)) throw error;
  }
}

function* prompted(shell: Shell, isFirst: boolean): Steps<string | undefined> {
  yield* shell.out(isFirst ? prompt(shell) : (shell.variables.get("PS2") ?? ""), 2);
  return yield* nextLine(shell);
}

/** "/ # " in busybox, "# " in dash, "root@web:/# " in Debian's bash. */
function prompt(shell: Shell): string {
  const mark = shell.process.user.uid === 0 ? "#" : "$";
  const own = shell.variables.get("PS1") ?? "";
  const isDefault = own === "$ ";
  if (shell.dialect === "dash") return isDefault ? `${mark} ` : own;
  const usual = shell.isBash ? "\\u@\\h:\\w\\$ " : "\\w \\$ ";
  return expandPrompt(isDefault ? usual : own, shell, mark);
}

function expandPrompt(text: string, shell: Shell, mark: string): string {
  const home = shell.variables.get("HOME") ?? "";
  const isHome = home !== "" && home !== "/" && `${shell.cwd}/`.startsWith(`${home}/`);
  const folder = isHome ? `~${shell.cwd.slice(home.length)}` : shell.cwd;
  const host = shell.process.hostname;
  const parts: Readonly<Record<string, string>> = {
    w: folder,
    W: folder.slice(folder.lastIndexOf("/") + 1) || "/",
    h: host.split(".")[0] ?? host,
    H: host,
    u: shell.process.user.uid === 0 ? "root" : "I have no name!",
    $: mark,
    n: "\n",
    "[": "",
    "]": "",
    e: "\x1b",
    "\\": "\\",
  };
  return text.replace(/\\(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}
