// A script from standard input: each command runs as soon as it is whole, and may read what follows.
import type { Statement } from "unbash";
import type { Steps } from "../../steps.ts";
import { textOf } from "../bufferedSource.ts";
import { ShellError } from "./control.ts";
import type { Shell } from "./shell.ts";
import { parseShell, type ShellSource } from "./syntax.ts";

export type RunStatements = (shell: Shell, statements: readonly Statement[]) => Steps<number>;

export function* readScript(shell: Shell, run: RunStatements): Steps<number> {
  for (let line = 1; ; ) {
    const read = yield* readCommand(shell, () => nextLine(shell));
    if (!read) return shell.lastStatus;
    yield* runRead(shell, read, line, run);
    line += read.text.split("\n").length - 1;
  }
}

/** Runs commands that were read together. Their line numbers go on from those before. */
export function* runRead(
  shell: Shell,
  { text, statements, error }: ShellSource,
  firstLine: number,
  run: RunStatements,
): Steps {
  shell.source = text;
  shell.firstLine = firstLine;
  yield* run(shell, statements);
  if (error && error.message !== "")
    throw new ShellError(error.message, 2, undefined, firstLine + error.line - 1);
}

/** Lines until they are whole commands; undefined at the end of the input. */
export function* readCommand(
  shell: Shell,
  next: (isFirst: boolean) => Steps<string | undefined>,
): Steps<ShellSource | undefined> {
  let text = "";
  for (;;) {
    const line = yield* next(text === "");
    if (line === undefined) return text === "" ? undefined : parseShell(text, shell.dialect);
    text += line;
    const parsed = parseShell(text, shell.dialect);
    if (!parsed.error?.isIncomplete) return parsed;
  }
}

export function* nextLine(shell: Shell): Steps<string | undefined> {
  const source = shell.streams.get(0)?.source;
  const bytes = source && (yield* source.readLine());
  return bytes && textOf(bytes);
}
