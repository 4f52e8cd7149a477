// Builtins about where the shell is and what it knows: cd, umask, hash, alias, ulimit.
import { FileError } from "../../../process/fileError.ts";
import { absolutePath } from "../../../process/paths.ts";
import type { Steps } from "../../../steps.ts";
import { parseMode, symbolicMode } from "../../fileMode.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const stateBuiltins = {
  cd: (shell, args) => changeDirectory(shell, args),
  chdir: (shell, args) => changeDirectory(shell, args),
  umask: (shell, args) => runUmask(shell, args),
  hash: () => 0,
  ulimit: (shell, args) => print(shell, args.includes("-n") ? "1048576\n" : "unlimited\n"),
  alias: () => 0,
  unalias: () => 0,
} satisfies Record<string, Builtin>;

function* print(shell: Shell, text: string): Steps<number> {
  yield* shell.out(text);
  return 0;
}

function* changeDirectory(shell: Shell, args: readonly string[]): Steps<number> {
  const [given] = args.filter((arg) => !/^-[LP@e]+$/.test(arg) && arg !== "--");
  const wanted =
    given === "-" ? shell.variables.get("OLDPWD") : (given ?? shell.variables.get("HOME"));
  if (wanted === undefined) {
    if (given === "-") shell.complain("OLDPWD not set", "cd");
    else if (shell.isBash) shell.complain("HOME not set", "cd");
    return given === "-" || shell.isBash ? 1 : 0;
  }
  const path = absolutePath(shell.cwd, wanted === "" ? shell.cwd : wanted);
  const failure = whyNot(shell, path);
  if (failure !== undefined) {
    shell.complain(cannotChange(shell, wanted, failure), "cd");
    return shell.isBash ? 1 : 2;
  }
  shell.assign("OLDPWD", shell.cwd);
  shell.cwd = path;
  if (shell.isWholeProcess) shell.process.cwd = path;
  shell.assign("PWD", path);
  if (given === "-") yield* shell.out(`${path}\n`);
  return 0;
}

function whyNot(shell: Shell, path: string): string | undefined {
  const { files } = shell.process;
  try {
    if (files.stat(path).kind !== "directory") return "Not a directory";
    files.access(path, "execute");
    return undefined;
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

function cannotChange(shell: Shell, path: string, reason: string): string {
  switch (shell.dialect) {
    case "ash":
      return `can't cd to ${path}: ${reason}`;
    case "dash":
      return `can't cd to ${path}`;
    case "bash":
      return `${path}: ${reason}`;
  }
}

function runUmask(shell: Shell, args: readonly string[]): number | Steps<number> {
  const { files } = shell.process;
  const [mode] = args.filter((arg) => arg !== "-S");
  if (mode === undefined)
    return print(
      shell,
      args.includes("-S")
        ? `${symbolicMode(0o777 & ~files.umask)}\n`
        : `${files.umask.toString(8).padStart(4, "0")}\n`,
    );
  const isOctal = /^[0-7]{1,4}$/.test(mode);
  const allowed = isOctal ? 0 : parseMode(mode, 0o777 & ~files.umask, 0, false);
  if (allowed === undefined) {
    shell.complain(`${shell.dialect === "ash" ? "illegal" : "Illegal"} mode: ${mode}`, "umask");
    return 2;
  }
  files.umask = isOctal ? Number.parseInt(mode, 8) & 0o777 : 0o777 & ~allowed;
  return 0;
}
