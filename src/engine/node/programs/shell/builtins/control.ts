// Builtins that decide what runs next: break, return, exit, eval, exec, `.`, command.
import { FileError } from "../../../process/fileError.ts";
import { pathOf } from "../../../process/findExecutable.ts";
import type { Steps } from "../../../steps.ts";
import { Exit, LoopJump, Return, ShellError } from "../control.ts";
import { words } from "../dialect.ts";
import { runProgram } from "../programs.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

const jump =
  (kind: "break" | "continue"): Builtin =>
  (shell, [levels]) => {
    if (shell.loops === 0) return 0;
    throw new LoopJump(kind, Math.max(1, status(shell, levels, kind) ?? 1));
  };

export const controlBuiltins = {
  ":": () => 0,
  true: () => 0,
  false: () => 1,
  break: jump("break"),
  continue: jump("continue"),
  exit: (shell, [code]) => {
    throw new Exit((status(shell, code, "exit") ?? shell.lastStatus) & 0xff);
  },
  logout: (shell, [code]) => {
    throw new Exit((status(shell, code, "logout") ?? shell.lastStatus) & 0xff);
  },
  return: (shell, [code]) => {
    if (shell.isBash && shell.functionDepth === 0) {
      shell.complain("can only `return' from a function or sourced script", "return");
      return 2;
    }
    throw new Return((status(shell, code, "return") ?? shell.lastStatus) & 0xff);
  },
  eval: (shell, args) => shell.interpreter.evaluate(shell, args.join(" ")),
  exec: (shell, args) => runExec(shell, args),
  ".": (shell, args, name) => source(shell, args, name),
  source: (shell, args, name) => source(shell, args, name),
} satisfies Record<string, Builtin>;

/** A number as an argument; undefined if there is none. */
function status(shell: Shell, text: string | undefined, builtin: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^-?\d+$/.test(text) && (shell.isBash || !text.startsWith("-"))) return Number(text);
  const message = words.badNumber(shell.dialect, text);
  if (!shell.isBash || builtin !== "exit") throw new ShellError(message, 2, builtin);
  shell.complain(message, builtin);
  throw new Exit(2);
}

function* runExec(shell: Shell, args: readonly string[]): Steps<number> {
  if (args.length === 0) return 0;
  // A subshell within its parent's process can't give the process away.
  const code = yield* runProgram(shell, args, {
    replaces: shell.isWholeProcess,
    builtin: "exec",
  });
  shell.traps.delete("EXIT");
  throw new Exit(code);
}

function* source(shell: Shell, [file, ...args]: readonly string[], name: string): Steps<number> {
  if (file === undefined) {
    if (!shell.isBash) return 0;
    shell.complain("filename argument required", name);
    return 2;
  }
  const { positional, functionDepth } = shell;
  const text = sourced(shell, file, name);
  if (text === undefined) return 1;
  if (args.length > 0) shell.positional = args;
  shell.functionDepth++;
  try {
    return yield* shell.interpreter.evaluate(shell, text);
  } catch (error) {
    if (!(error instanceof Return)) throw error;
    return error.status;
  } finally {
    shell.functionDepth = functionDepth;
    shell.positional = positional;
  }
}

/** @returns undefined after a complaint that bash survives */
function sourced(shell: Shell, file: string, name: string): string | undefined {
  const { files } = shell.process;
  try {
    if (file.includes("/")) return files.readText(shell.path(file));
    const env = new Map([["PATH", shell.variables.get("PATH") ?? ""]]);
    const local = shell.path(file);
    if (shell.isBash && files.exists(local)) return files.readText(local);
    return files.readText(pathOf(file, { files, cwd: shell.cwd, env }));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (!shell.isBash) throw notSourced(shell, file, name, error);
    shell.complain(`${file}: ${error.message}`);
    return undefined;
  }
}

function notSourced(shell: Shell, file: string, name: string, error: FileError): ShellError {
  if (!file.includes("/")) return new ShellError(`${file}: not found`, 2, name);
  if (shell.dialect === "dash")
    return new ShellError(words.cannotOpen("dash", file, error.message), 2, name);
  return new ShellError(`can't open '${file}': ${error.message}`, 2, name);
}
