// Builtins that say or decide what a name stands for: command, type, builtin.
import { FileError } from "../../../process/fileError.ts";
import { pathOf } from "../../../process/findExecutable.ts";
import type { Steps } from "../../../steps.ts";
import { runProgram } from "../programs.ts";
import type { Shell } from "../shell.ts";
import type { Builtins } from "./builtin.ts";

/** @param all the shell's builtins, these among them */
export function lookupBuiltins(all: () => Builtins): Builtins {
  return {
    command: (shell, args) => runCommand(shell, args, all()),
    type: (shell, args) => runType(shell, args, all()),
    builtin: (shell, [name = "", ...args]) => all()[name]?.(shell, args, name) ?? 1,
  };
}

function runCommand(
  shell: Shell,
  args: readonly string[],
  builtins: Builtins,
): number | Steps<number> {
  const [option, ...names] = args;
  if (option === "-v") return describe(shell, names, builtins, brief);
  if (option === "-V") return describe(shell, names, builtins, (name, what) => what.verbose(name));
  const argv = option === "-p" || option === "--" ? names : args;
  const [name] = argv;
  if (name === undefined) return 0;
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  return builtin ? builtin(shell, argv.slice(1), name) : runProgram(shell, argv);
}

function* runType(shell: Shell, args: readonly string[], builtins: Builtins): Steps<number> {
  const option = /^-[atpP]+$/.test(args[0] ?? "") ? args[0] : undefined;
  const names = option === undefined ? args : args.slice(1);
  if (option === "-t" && shell.isBash)
    return yield* describe(shell, names, builtins, (_name, what) => what.kind);
  if (option !== undefined && /p/i.test(option))
    return yield* describe(shell, names, builtins, brief);
  let status = 0;
  for (const name of names) {
    const what = kindOf(shell, name, builtins);
    if (what) yield* shell.out(`${what.verbose(name)}\n`);
    else {
      status = shell.isBash ? 1 : 127;
      if (shell.isBash) shell.complain(`${name}: not found`, "type");
      else yield* shell.out(`${name}: not found\n`);
    }
  }
  return status;
}

interface CommandKind {
  readonly kind: "keyword" | "function" | "builtin" | "file";
  readonly path?: string;
  verbose(name: string): string;
}

const keywords = new Set(
  "if then else elif fi do done case esac while until for in { } ! function [[ ]] select time".split(
    " ",
  ),
);

function brief(name: string, { path }: CommandKind): string {
  return path ?? name;
}

function* describe(
  shell: Shell,
  names: readonly string[],
  builtins: Builtins,
  text: (name: string, what: CommandKind) => string,
): Steps<number> {
  let status = names.length === 0 ? 1 : 127;
  for (const name of names) {
    const what = kindOf(shell, name, builtins);
    if (!what) continue;
    status = 0;
    yield* shell.out(`${text(name, what)}\n`);
  }
  return shell.isBash && status === 127 ? 1 : status;
}

function kindOf(shell: Shell, name: string, builtins: Builtins): CommandKind | undefined {
  if (shell.functions.has(name))
    return {
      kind: "function",
      verbose: () => `${name} is a ${shell.isBash ? "" : "shell "}function`,
    };
  if (keywords.has(name)) return { kind: "keyword", verbose: () => `${name} is a shell keyword` };
  if (Object.hasOwn(builtins, name))
    return { kind: "builtin", verbose: () => `${name} is a shell builtin` };
  const { files } = shell.process;
  const env = new Map([["PATH", shell.variables.get("PATH") ?? ""]]);
  try {
    const path = pathOf(name, { files, cwd: shell.cwd, env });
    if (!files.exists(path)) return undefined;
    return { kind: "file", path, verbose: () => `${name} is ${path}` };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
