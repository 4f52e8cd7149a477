// A simple command: its words expanded, its files opened, then a function, a builtin or a program.
// Source: POSIX, Shell Command Language, 2.9.1.
import type { Assignment, Command } from "unbash";
import type { Steps } from "../../steps.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { builtins, specialBuiltins } from "./builtins/index.ts";
import { Return, ShellError } from "./control.ts";
import { expandText, expandWords } from "./expansion.ts";
import { runProgram } from "./programs.ts";
import { redirected } from "./redirection.ts";
import type { Shell, ShellFunction } from "./shell.ts";
import { traced } from "./trace.ts";

const deepestCall = 1_000;

export function* runSimple(
  shell: Shell,
  command: Command,
  { isLast }: { readonly isLast: boolean },
): Steps<number> {
  shell.substitutionStatus = undefined;
  const argv = yield* expandCommand(shell, command);
  const before = shell.streams;
  try {
    shell.streams = yield* redirected(shell, command.redirects);
  } catch (error) {
    return refused(shell, error, argv[0]);
  }
  try {
    return yield* runExpanded(shell, argv, command, isLast);
  } finally {
    // `exec >file` is how a script redirects itself.
    if (argv[0] !== "exec" || argv.length > 1) shell.streams = before;
  }
}

/** A file that can't be opened ends the script where a special builtin asked for it. */
function refused(shell: Shell, error: unknown, name: string | undefined): number {
  if (!(error instanceof ShellError)) throw error;
  if (name !== undefined && specialBuiltins.has(name) && !shell.isBash) throw error;
  shell.complain(error.message);
  return error.status;
}

function* expandCommand(shell: Shell, { name, args }: Command): Steps<string[]> {
  if (!name) return [];
  const argv = yield* expandWords(shell, [name]);
  for (const arg of args)
    if (arg.type === "Word") argv.push(...(yield* expandWords(shell, [arg])));
    else argv.push(yield* assignmentText(shell, arg));
  return argv;
}

/** "a=b" as an argument of `export` and its like: neither split nor matched. */
function* assignmentText(shell: Shell, { name, value, append }: Assignment): Steps<string> {
  if (value.type === "Word")
    return `${name}${append ? "+" : ""}=${yield* expandText(shell, value)}`;
  const elements = yield* expandWords(shell, value.elements);
  shell.assign(name, elements[0] ?? "", elements);
  return name;
}

function* runExpanded(
  shell: Shell,
  argv: readonly string[],
  command: Command,
  isLast: boolean,
): Steps<number> {
  const assignments = command.prefix.filter((part) => part.type === "Assignment");
  const [name] = argv;
  if (name === undefined) {
    for (const one of assignments) yield* assign(shell, one);
    return shell.substitutionStatus ?? 0;
  }
  const values: [string, string][] = [];
  for (const one of assignments) values.push([one.name, yield* assignedText(shell, one)]);
  if (shell.options.has("xtrace")) yield* shell.out(traced(shell, values, argv), 2);
  if (specialBuiltins.has(name) && !shell.functions.has(name))
    for (const [variable, value] of values) shell.assign(variable, value);
  const restore = shell.variables.override(specialBuiltins.has(name) ? [] : values);
  try {
    return yield* callCommand(shell, argv, isLast);
  } finally {
    restore();
  }
}

/** Runs a command by its name: a function, a builtin, or a program. */
export function* callCommand(shell: Shell, argv: readonly string[], isLast = false): Steps<number> {
  const [name = "", ...args] = argv;
  const defined = shell.functions.get(name);
  if (defined) return yield* callFunction(shell, defined, args);
  const builtin = builtinNamed(name);
  if (builtin) return yield* callBuiltin(shell, name, builtin, args);
  const replaces = isLast && shell.traps.size === 0 && !shell.start.isInteractive;
  return yield* runProgram(shell, argv, { replaces: replaces && shell.isWholeProcess });
}

function builtinNamed(name: string): Builtin | undefined {
  return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
}

export function* callBuiltin(
  shell: Shell,
  name: string,
  builtin: Builtin,
  args: readonly string[],
): Steps<number> {
  try {
    const result = builtin(shell, args, name);
    return typeof result === "number" ? result : yield* result;
  } catch (error) {
    if (!(error instanceof ShellError) || error.builtin === undefined) throw error;
    // To bash in its own mode, special builtins are as others.
    if (specialBuiltins.has(name) && !shell.isBash) throw error;
    shell.complain(error.message, error.builtin);
    return error.status;
  }
}

function* callFunction(
  shell: Shell,
  { body, source }: ShellFunction,
  args: readonly string[],
): Steps<number> {
  const { positional, source: callerSource, position, loops } = shell;
  if (shell.functionDepth >= deepestCall) throw new ShellError(tooDeep, 2);
  shell.functionDepth++;
  shell.positional = args;
  shell.source = source;
  shell.loops = 0;
  shell.variables.enterFunction();
  try {
    return yield* shell.interpreter.execute(shell, body);
  } catch (error) {
    // The engine's own stack may end before the shell's count does.
    if (error instanceof RangeError) throw new ShellError(tooDeep, 2);
    if (!(error instanceof Return)) throw error;
    return error.status;
  } finally {
    shell.variables.leaveFunction();
    shell.loops = loops;
    shell.positional = positional;
    shell.source = callerSource;
    shell.position = position;
    shell.functionDepth--;
  }
}

const tooDeep = `Maximum function recursion depth (${deepestCall}) reached`;

function* assign(shell: Shell, assignment: Assignment): Steps {
  const { name, value } = assignment;
  if (value.type === "ArrayValue") {
    const added = yield* expandWords(shell, value.elements);
    const elements = assignment.append ? [...elementsOf(shell, name), ...added] : added;
    shell.assign(name, elements[0] ?? "", elements);
    return;
  }
  const text = yield* assignedText(shell, assignment);
  if (shell.options.has("xtrace")) yield* shell.out(traced(shell, [[name, text]], []), 2);
  if (!assignment.index) return shell.assign(name, text);
  const elements = [...elementsOf(shell, name)];
  elements[Number(yield* expandText(shell, assignment.index))] = text;
  shell.assign(name, elements[0] ?? "", elements);
}

function* assignedText(shell: Shell, { name, value, append }: Assignment): Steps<string> {
  if (value.type !== "Word") return "";
  const text = yield* expandText(shell, value);
  return append ? (shell.variables.get(name) ?? "") + text : text;
}

function elementsOf(shell: Shell, name: string): readonly string[] {
  const { elements, value } = shell.variables.find(name) ?? { value: undefined };
  return elements ?? (value === undefined ? [] : [value]);
}
