// `getopts`: options of a script, one each time it is called. Source: POSIX, getopts.
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const getoptsBuiltins = {
  getopts: (shell, [letters = "", name = "", ...given]) =>
    getopts(shell, letters, name, given.length > 0 ? given : shell.positional),
} satisfies Record<string, Builtin>;

function getopts(shell: Shell, letters: string, name: string, args: readonly string[]): number {
  const index = Number(shell.variables.get("OPTIND") ?? "1");
  const arg = args[index - 1];
  if (arg === undefined || arg === "--" || !/^-./.test(arg)) {
    if (arg === "--") shell.assign("OPTIND", String(index + 1));
    shell.assign(name, "?");
    return 1;
  }
  const offset = Math.max(shell.optionOffset, 1);
  const letter = arg.charAt(offset);
  const rest = arg.slice(offset + 1);
  const place = letter === ":" ? -1 : letters.replace(/^:/, " ").indexOf(letter);
  if (place >= 0 && letters.charAt(place + 1) === ":") {
    moveTo(shell, index + (rest === "" ? 2 : 1), 0);
    return withValue(shell, name, letters, letter, rest === "" ? args[index] : rest);
  }
  moveTo(shell, rest === "" ? index + 1 : index, rest === "" ? 0 : offset + 1);
  shell.assign(name, place < 0 ? "?" : letter);
  if (place >= 0 || !letters.startsWith(":")) shell.variables.unset("OPTARG");
  else shell.assign("OPTARG", letter);
  if (place < 0 && !letters.startsWith(":"))
    shell.say(`${nameOf(shell)}${words(shell).illegal} -${letter}`);
  return 0;
}

function withValue(
  shell: Shell,
  name: string,
  letters: string,
  letter: string,
  value: string | undefined,
): number {
  const isSilent = letters.startsWith(":");
  shell.assign(name, value === undefined ? (isSilent ? ":" : "?") : letter);
  if (value !== undefined) shell.assign("OPTARG", value);
  else if (isSilent) shell.assign("OPTARG", letter);
  else shell.say(`${nameOf(shell)}${words(shell).missing(letter)}`);
  return 0;
}

function moveTo(shell: Shell, index: number, offset: number): void {
  shell.assign("OPTIND", String(index));
  shell.optionOffset = offset;
}

function nameOf(shell: Shell): string {
  return shell.isBash ? `${shell.start.name}: ` : "";
}

function words(shell: Shell): { readonly illegal: string; missing(letter: string): string } {
  return shell.isBash
    ? {
        illegal: "illegal option -",
        missing: (letter) => `option requires an argument -- ${letter}`,
      }
    : { illegal: "Illegal option", missing: (letter) => `No arg for -${letter} option` };
}
