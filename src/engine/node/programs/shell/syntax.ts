// Reads shell scripts: unbash does the grammar; here its complaints become those of a shell, which
// runs what stands before a mistake and, where a person types, waits for the rest.
import { type ParseError, parse, type Redirection, type Statement, type Word } from "unbash";
import type { Dialect } from "./dialect.ts";

export interface ShellSource {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** What is wrong behind the statements. */
  readonly error?: ShellSyntaxError;
}

export interface ShellSyntaxError {
  /** In the dialect's words, without the shell's name. */
  readonly message: string;
  readonly line: number;
  /** More input could make it right. */
  readonly isIncomplete: boolean;
}

/** Longer scripts than this are not read; an object of the API is no longer either. */
const longestScript = 2 << 20;

export function parseShell(text: string, dialect: Dialect): ShellSource {
  if (text.length > longestScript) return { text, statements: [], error: tooLong };
  const { commands, errors } = parse(text);
  const [first] = errors ?? [];
  const open = first ? undefined : openHereDocument(commands);
  if (!first && !open && !/(?:^|[^\\])(?:\\\\)*\\$/.test(text))
    return { text, statements: commands };
  if (!first) return { text, statements: commands, error: { ...unfinished, isIncomplete: true } };
  // A shell reads a line, runs it, and only then reads the next.
  const lineStart = text.lastIndexOf("\n", Math.max(first.pos - 1, 0));
  const whole = commands.filter(({ end }) => end <= lineStart);
  const rest = commands.find(({ end }) => end > lineStart);
  const error = complaint(text, first, errors ?? [], dialect, rest?.pos ?? first.pos);
  return { text, statements: whole, error };
}

const unfinished = { message: "", line: 0 };
const tooLong: ShellSyntaxError = { message: "out of memory", line: 1, isIncomplete: false };

/** A word by its text, as brace expansion makes them. */
export function parseWord(text: string): Word | undefined {
  const command = parse(`: ${text}`).commands[0]?.command;
  const word = command?.type === "Command" ? command.suffix[0] : undefined;
  return word?.type === "Word" ? word : undefined;
}

function openHereDocument(statements: readonly Statement[]): boolean {
  return statements.some(({ command }) => {
    const redirects: readonly Redirection[] =
      command.type === "Command" || command.type === "Redirected" ? command.redirects : [];
    return redirects.some((one) => one.type === "HereDoc" && !one.closing);
  });
}

function complaint(
  text: string,
  first: ParseError,
  errors: readonly ParseError[],
  dialect: Dialect,
  start: number,
): ShellSyntaxError {
  const isIncomplete =
    first.message.startsWith("unterminated") ||
    first.message === "expected command in brace group" ||
    first.pos >= text.trimEnd().length;
  // Bash finds the end one line behind the last.
  const isPastEnd = dialect === "bash" && isIncomplete && !/^unterminated/.test(first.message);
  const line = lineAt(text, first.pos) + (isPastEnd ? 1 : 0);
  const token = isIncomplete ? undefined : tokenAt(text, first);
  const expected = errors
    .map(({ message }) => expectedIn(message))
    .find((word) => word !== undefined);
  const quote = /^unterminated (single|double|backtick)/.exec(first.message)?.[1];
  if (dialect === "bash")
    return { line, isIncomplete, message: bashWords(text, { token, quote, line, start }) };
  if (quote === "single" || quote === "double")
    return { line, isIncomplete, message: dialect === "ash" ? openQuote.ash : openQuote.dash };
  const found = token === undefined ? "end of file" : token === "\n" ? "newline" : `"${token}"`;
  const wanted = expected === undefined || !isIncomplete ? "" : ` (expecting "${expected}")`;
  const message =
    dialect === "ash"
      ? `syntax error: unexpected ${found}${wanted}`
      : `Syntax error: ${found} unexpected${wanted}`;
  return { line, isIncomplete, message };
}

function expectedIn(message: string): string | undefined {
  return message === "expected command in brace group"
    ? "}"
    : /^expected '([^']+)'/.exec(message)?.[1];
}

const openQuote = {
  ash: "syntax error: unterminated quoted string",
  dash: "Syntax error: Unterminated quoted string",
};

function bashWords(
  text: string,
  {
    token,
    quote,
    line,
    start,
  }: { token: string | undefined; quote: string | undefined; line: number; start: number },
): string {
  if (quote !== undefined) {
    const mark = { single: "'", double: '"', backtick: "`" }[quote] ?? "'";
    return `unexpected EOF while looking for matching \`${mark}'`;
  }
  if (token === undefined) return "syntax error: unexpected end of file";
  const shown = token === "\n" ? "newline" : token;
  const [source = ""] = text.slice(text.lastIndexOf("\n", start - 1) + 1).split("\n");
  return `syntax error near unexpected token \`${shown}'\n\0line ${line}: \`${source}'`;
}

function tokenAt(text: string, { message, pos }: ParseError): string {
  const named = /^unexpected token '(.+)'$/.exec(message)?.[1];
  if (named !== undefined) return named;
  const rest = text.slice(pos).replace(/^[ \t]+/, "");
  return /^(?:\n|;;|&&|\|\||[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)?.[0] ?? "newline";
}

/** The number of the line that a position is in, from 1. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1))
    line++;
  return line;
}
