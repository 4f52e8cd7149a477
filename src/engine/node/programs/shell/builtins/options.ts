// Builtins about how the shell runs: set, shift, trap, shopt.
import { type Signal, signalNamed, signalNumbers } from "../../../process/signals.ts";
import type { Steps } from "../../../steps.ts";
import { ShellError } from "../control.ts";
import { words } from "../dialect.ts";
import { optionLetters, type Shell, type ShellOption } from "../shell.ts";
import { quotedWord } from "../trace.ts";
import { setTrap } from "../traps.ts";
import type { Builtin } from "./builtin.ts";

export const optionBuiltins = {
  set: (shell, args) => runSet(shell, args),
  shift: (shell, [count = "1"]) => {
    const number = Number(count);
    if (!/^\d+$/.test(count))
      throw new ShellError(words.badNumber(shell.dialect, count), 2, "shift");
    if (number > shell.positional.length) {
      if (shell.dialect === "dash") throw new ShellError("can't shift that many", 2, "shift");
      return 1;
    }
    shell.positional = shell.positional.slice(number);
    return 0;
  },
  trap: (shell, args) => runTrap(shell, args),
  shopt: () => 0,
  times: (shell) => printed(shell, "0m0.000000s 0m0.000000s\n0m0.000000s 0m0.000000s\n"),
} satisfies Record<string, Builtin>;

function* printed(shell: Shell, text: string): Steps<number> {
  yield* shell.out(text);
  return 0;
}

/** All options by their names. */
const optionNames: readonly ShellOption[] = [...Object.values(optionLetters), "pipefail"];

function runSet(shell: Shell, args: readonly string[]): number | Steps<number> {
  if (args.length === 0) return printed(shell, shownVariables(shell));
  const rest = applyOptions(shell, args);
  if (typeof rest === "string") return printed(shell, rest);
  if (rest) shell.positional = rest;
  return 0;
}

/**
 * Turns on and off what a shell's or `set`'s arguments ask for.
 * @returns what follows the options; undefined if nothing does; a text that is to be printed
 */
export function applyOptions(
  shell: Shell,
  args: readonly string[],
): readonly string[] | string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") return args.slice(at + 1);
    if (arg === "-") return args.length > at + 1 ? args.slice(at + 1) : undefined;
    if (!/^[-+]./.test(arg)) return args.slice(at);
    const isOn = arg.startsWith("-");
    const letters = arg.slice(1).replace("o", "");
    for (const letter of letters) turnLetter(shell, letter, isOn);
    if (letters.length === arg.length - 1) continue;
    const name = args[++at];
    if (name === undefined) return listedOptions(shell);
    turn(shell, name, isOn);
  }
  return undefined;
}

function turnLetter(shell: Shell, letter: string, isOn: boolean): void {
  if (!Object.hasOwn(optionLetters, letter)) {
    const message =
      shell.dialect === "bash"
        ? `-${letter}: invalid option`
        : `${shell.dialect === "ash" ? "illegal" : "Illegal"} option -${letter}`;
    throw new ShellError(message, 2, "set");
  }
  turn(shell, optionLetters[letter as keyof typeof optionLetters], isOn);
}

function turn(shell: Shell, name: string, isOn: boolean): void {
  const option = optionNames.find((each) => each === name);
  const isKnown = option !== undefined && !(option === "pipefail" && shell.dialect === "dash");
  if (isKnown && isOn) shell.options.add(option);
  else if (isKnown) shell.options.delete(option);
  else if (shell.isBash) throw new ShellError(`${name}: invalid option name`, 2, "set");
  else {
    const illegal = shell.dialect === "ash" ? "illegal" : "Illegal";
    throw new ShellError(`${illegal} option ${isOn ? "-" : "+"}o ${name}`, 2, "set");
  }
}

function listedOptions(shell: Shell): string {
  const lines = optionNames.map(
    (name) => `${name.padEnd(15)} ${shell.options.has(name) ? "on" : "off"}\n`,
  );
  return `Current option settings\n${lines.join("")}`;
}

function shownVariables(shell: Shell): string {
  return shell.variables
    .all()
    .flatMap(([name, { value }]) =>
      value === undefined ? [] : `${name}=${shell.isBash ? quotedWord(value) : `'${value}'`}\n`,
    )
    .join("");
}

function runTrap(shell: Shell, args: readonly string[]): number | Steps<number> {
  const [action = "", ...names] = args[0] === "--" ? args.slice(1) : args;
  if (args.length === 0 || action === "-p") return printed(shell, shownTraps(shell));
  if (action === "-l") return printed(shell, `${Object.keys(signalNumbers).join(" ")}\n`);
  // With one operand, or a number first, signals are given back.
  const isReset = names.length === 0 || /^\d+$/.test(action);
  for (const text of isReset && action !== "-" ? [action, ...names] : names) {
    const name = trapName(text);
    if (name === undefined) {
      shell.complain(badTrap(shell, text), "trap");
      return 1;
    }
    setTrap(shell, name, isReset || action === "-" ? undefined : action);
  }
  return 0;
}

function trapName(text: string): Signal | "EXIT" | undefined {
  return text === "EXIT" || text === "0" || text === "exit" ? "EXIT" : signalNamed(text);
}

function badTrap(shell: Shell, text: string): string {
  switch (shell.dialect) {
    case "ash":
      return `${text}: invalid signal specification`;
    case "dash":
      return `${text}: bad trap`;
    case "bash":
      return `${text}: invalid signal specification`;
  }
}

function shownTraps(shell: Shell): string {
  const prefix = shell.isBash ? "" : "SIG";
  return [...shell.traps]
    .map(([name, action]) => {
      const shown = name === "EXIT" || prefix === "" ? name : name.slice(prefix.length);
      return `trap -- '${action.replaceAll("'", "'\\''")}' ${shown}\n`;
    })
    .join("");
}
