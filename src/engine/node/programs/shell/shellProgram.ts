// sh, dash and bash as programs: a script from -c, from a file, from standard input, or from a person.
import { FileError } from "../../process/fileError.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import type { Steps } from "../../steps.ts";
import { guarded } from "../guarded.ts";
import { applyOptions } from "./builtins/options.ts";
import { Exit, ShellError } from "./control.ts";
import { commandText, type Dialect, words } from "./dialect.ts";
import { execute, runStatements } from "./execute.ts";
import { runInteractive } from "./interactive.ts";
import { readScript } from "./scriptReader.ts";
import { type Interpreter, Shell } from "./shell.ts";
import { runInSubshell } from "./subshell.ts";
import { parseShell } from "./syntax.ts";

export function shellProgram(dialect: Dialect): Executable {
  return guarded(function* (process) {
    const invocation = readArguments(process);
    const shell = new Shell(process, { ...invocation, dialect, interpreter });
    return yield* runInSubshell(shell, () => runInvocation(shell, invocation));
  });
}

interface Invocation {
  readonly name: string;
  readonly positional: readonly string[];
  readonly options: readonly string[];
  /** The text of -c. */
  readonly command?: string;
  readonly file?: string;
  readonly isInteractive: boolean;
  readonly isScriptFile: boolean;
}

/** GNU's long options, of which nothing follows here. */
const longOption = /^--(?:login|norc|noprofile|posix|noediting)$/;

function readArguments(process: ProcessContext): Invocation {
  const [own = "sh", ...args] = process.argv;
  const { letters, options, rest } = readFlags(args);
  const isCommand = letters.includes("c");
  const isInput = letters.includes("s");
  const isScriptFile = !isCommand && !isInput && rest.length > 0;
  const [command, ...afterCommand] = rest;
  const named = isCommand ? afterCommand : isInput ? [undefined, ...rest] : rest;
  const [name, ...positional] = named;
  const hasTerminal = process.terminal !== undefined;
  return {
    name: name ?? own.replace(/^-/, ""),
    positional: positional.filter((one) => one !== undefined),
    options,
    ...(isCommand ? { command: command ?? "" } : {}),
    ...(isScriptFile ? { file: rest[0] ?? "" } : {}),
    isInteractive: !isCommand && !isScriptFile && (letters.includes("i") || hasTerminal),
    isScriptFile,
  };
}

/** The letters that are the invocation's own, what is for `set`, and what follows. */
function readFlags(args: readonly string[]): {
  readonly letters: string;
  readonly options: readonly string[];
  readonly rest: readonly string[];
} {
  const options: string[] = [];
  let letters = "";
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") return { letters, options, rest: args.slice(at + 1) };
    if (!/^[-+]./.test(arg)) return { letters, options, rest: args.slice(at) };
    if (longOption.test(arg)) continue;
    if (arg.startsWith("-")) letters += arg.slice(1).replace(/[^csil]/g, "");
    const settable = arg.slice(1).replace(/[csil]/g, "");
    if (settable !== "") options.push(arg.charAt(0) + settable);
    if (settable.endsWith("o")) options.push(args[++at] ?? "");
  }
  return { letters, options, rest: [] };
}

function* runInvocation(
  shell: Shell,
  { options, command, file, isInteractive }: Invocation,
): Steps<number> {
  applyOptions(shell, options);
  if (command !== undefined) return yield* evaluate(shell, command, true);
  if (isInteractive) return yield* runInteractive(shell, runStatements);
  if (file === undefined) return yield* readScript(shell, runStatements);
  return yield* evaluate(shell, scriptText(shell, file), true);
}

function scriptText(shell: Shell, file: string): string {
  try {
    return shell.process.files.readText(shell.path(file));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { name } = shell.start;
    const own = shell.process.argv[0] ?? "sh";
    if (shell.isBash) shell.say(`${own}: ${name}: ${error.message}`);
    else if (shell.dialect === "dash")
      shell.say(`${own}: 0: ${words.cannotOpen("dash", name, error.message)}`);
    else shell.say(`${own}: can't open '${name}': ${error.message}`);
    throw new Exit(shell.isBash ? 127 : 2);
  }
}

/** Runs a text in `shell`; what is right before a mistake has run by then. */
function* evaluate(shell: Shell, text: string, isLast = false): Steps<number> {
  const { source, firstLine, position } = shell;
  const parsed = parseShell(text, shell.dialect);
  shell.source = text;
  shell.firstLine = 1;
  if (parsed.statements.length === 0) shell.lastStatus = 0;
  try {
    yield* runStatements(shell, parsed.statements, { isLast: isLast && !parsed.error });
    if (parsed.error && parsed.error.message !== "") {
      const place = shell.isBash && !shell.start.isScriptFile ? commandText : undefined;
      throw new ShellError(parsed.error.message, 2, place, parsed.error.line);
    }
    return shell.lastStatus;
  } finally {
    shell.source = source;
    shell.firstLine = firstLine;
    shell.position = position;
  }
}

const interpreter: Interpreter = {
  run: (shell, text) => runInSubshell(shell, () => evaluate(shell, text)),
  evaluate: (shell, text) => evaluate(shell, text),
  execute: (shell, body) => execute(shell, body),
};
