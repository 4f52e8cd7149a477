// What `set -x` shows of a command.
import type { Shell } from "./shell.ts";

export function traced(
  shell: Shell,
  assignments: readonly (readonly [string, string])[],
  argv: readonly string[],
): string {
  const prefix = shell.variables.get("PS4") ?? "";
  const assigned = assignments.map(([name, value]) => `${name}=${shown(shell, value)}`);
  const all = argv.map((word) => shown(shell, word));
  if (shell.isBash && argv.length > 0)
    return [...assigned, all.join(" ")].map((line) => `${prefix}${line}\n`).join("");
  return `${prefix}${[...assigned, ...all].join(" ")}\n`;
}

/** As something that the shell would read again; dash shows words as they are. */
function shown(shell: Shell, word: string): string {
  return shell.dialect === "dash" ? word : quotedWord(word);
}

export function quotedWord(word: string): string {
  if (word !== "" && /^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", joinedQuote)}'`;
}

const joinedQuote = `'"'"'`;
