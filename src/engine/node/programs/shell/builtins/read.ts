// `read`: a line of input, split into variables. Source: POSIX, read; busybox shell/shell_common.c.
import type { Steps } from "../../../steps.ts";
import { textOf } from "../../bufferedSource.ts";
import { firstOf } from "../../firstOf.ts";
import { limited } from "../../limited.ts";
import { parseOptions } from "../../options.ts";
import { interruption } from "../programs.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const readBuiltins = {
  read: (shell, args) => runRead(shell, args),
} satisfies Record<string, Builtin>;

function* runRead(shell: Shell, args: readonly string[]): Steps<number> {
  const parsed = parseOptions(args, "rsp:t:n:d:a:u:");
  if ("invalid" in parsed) {
    shell.complain(`${shell.isBash ? "" : "illegal option "}-${parsed.invalid}`, "read");
    return 2;
  }
  const { options, operands } = parsed;
  const prompt = options.get("p");
  if (prompt !== undefined && shell.process.terminal) yield* shell.out(prompt, 2);
  const outcome = yield* readLine(shell, options);
  if (outcome === "timeout") return shell.isBash ? 142 : 1;
  if (outcome === "interrupted") return 130;
  const isRaw = options.has("r");
  const list = options.get("a");
  if (list !== undefined) {
    const elements = splitLine(outcome.line, Number.POSITIVE_INFINITY, ifsOf(shell), isRaw);
    shell.assign(list, elements[0] ?? "", elements);
  } else if (operands.length === 0)
    shell.assign("REPLY", isRaw ? outcome.line : plain(outcome.line));
  else {
    const fields = splitLine(outcome.line, operands.length, ifsOf(shell), isRaw);
    for (const [i, name] of operands.entries()) shell.assign(name, fields[i] ?? "");
  }
  return outcome.isWhole ? 0 : 1;
}

type Outcome = { readonly line: string; readonly isWhole: boolean } | "timeout" | "interrupted";

function* readLine(shell: Shell, options: ReadonlyMap<string, string>): Steps<Outcome> {
  const seconds = options.get("t");
  const reading = firstOf(readWhole(shell, options), interruption(shell));
  const span = seconds === undefined ? undefined : Number(seconds) * 1_000;
  const end = yield* limited(shell.process, span, reading);
  if (end === "timeout") return end;
  return "first" in end ? end.first : "interrupted";
}

function* readWhole(
  shell: Shell,
  options: ReadonlyMap<string, string>,
): Steps<{ line: string; isWhole: boolean }> {
  const source = shell.streams.get(Number(options.get("u") ?? 0))?.source;
  const delimiter = options.get("d")?.charCodeAt(0) ?? 0x0a;
  const count = options.get("n");
  let line = "";
  for (;;) {
    const bytes =
      source &&
      (yield* source.readLine(
        delimiter || 0,
        count === undefined ? undefined : Number(count) - line.length,
      ));
    const text = bytes ? textOf(bytes) : "";
    const end = String.fromCharCode(delimiter || 0);
    const isWhole = text.endsWith(end);
    line += isWhole ? text.slice(0, -1) : text;
    if (count !== undefined && line.length >= Number(count)) return { line, isWhole: true };
    if (!isWhole) return { line, isWhole: false };
    // A backslash at the end goes on with the next line.
    if (options.has("r") || !/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) return { line, isWhole: true };
    line = line.slice(0, -1);
  }
}

function ifsOf(shell: Shell): string {
  return shell.variables.get("IFS") ?? " \t\n";
}

function plain(text: string): string {
  return text.replace(/\\([\s\S])/g, "$1");
}

/** The last variable gets the rest of the line, its separators included. */
export function splitLine(line: string, count: number, ifs: string, isRaw: boolean): string[] {
  const fields: string[] = [];
  const isSpace = (one: string) => ifs.includes(one) && /[ \t\n]/.test(one);
  let at = 0;
  const skipSpaces = () => {
    while (at < line.length && isSpace(line.charAt(at))) at++;
  };
  skipSpaces();
  while (at < line.length && fields.length < count - 1) {
    let field = "";
    for (; at < line.length && !ifs.includes(line.charAt(at)); at++) {
      if (line.charAt(at) === "\\" && !isRaw) at++;
      field += line.charAt(at);
    }
    fields.push(field);
    skipSpaces();
    if (at < line.length && ifs.includes(line.charAt(at))) at++;
    skipSpaces();
  }
  const isRestWanted = at < line.length || count !== Number.POSITIVE_INFINITY;
  if (isRestWanted) fields.push(lastField(line.slice(at), ifs, isRaw));
  return fields;
}

function lastField(rest: string, ifs: string, isRaw: boolean): string {
  let end = rest.length;
  while (end > 0 && ifs.includes(rest.charAt(end - 1)) && /[ \t\n]/.test(rest.charAt(end - 1)))
    end--;
  const trimmed = rest.slice(0, end);
  return isRaw ? trimmed : plain(trimmed);
}
