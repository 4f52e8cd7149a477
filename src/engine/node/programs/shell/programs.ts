// How a shell runs programs that are not its own: found along PATH, started beside it, waited for.
import { disposable } from "../../../../base/disposable.ts";
import { FileError } from "../../process/fileError.ts";
import { findExecutable } from "../../process/findExecutable.ts";
import type { ChildProcess, Executable, ProcessContext } from "../../process/process.ts";
import type { Steps } from "../../steps.ts";
import { firstOf } from "../firstOf.ts";
import { words } from "./dialect.ts";
import type { Shell } from "./shell.ts";
import { inherited } from "./streams.ts";

/** Runs a program and waits for it. `replaces` the shell itself where nothing follows. */
export function* runProgram(
  shell: Shell,
  argv: readonly string[],
  { replaces = false, builtin }: { replaces?: boolean; builtin?: string } = {},
): Steps<number> {
  const found = lookUp(shell, argv[0] ?? "");
  if ("status" in found) {
    shell.complain(found.message, builtin);
    return found.status;
  }
  const start = {
    argv,
    env: shell.variables.exported(),
    cwd: shell.cwd,
    ...inherited(shell.streams),
  };
  if (replaces) return yield* found.program(replaced(shell.process, start));
  return yield* waitFor(shell, shell.spawn(found.program, start));
}

/** Waits for a child in the foreground: signals that are trapped have to wait, too. */
export function* waitFor(shell: Shell, child: ChildProcess): Steps<number> {
  if (!shell.start.isInteractive) return yield* child.wait();
  const end = yield* firstOf(child.wait(), interruption(shell));
  if ("first" in end) return end.first;
  child.kill("SIGINT");
  return 130;
}

/** Ends once a signal has arrived that the shell has a handler for. */
export function* interruption(shell: Shell): Steps {
  while (shell.pendingSignals.length === 0)
    yield {
      until: (resume) => disposable(shell.onSignalled(resume)),
    };
}

type Found =
  | { readonly program: Executable }
  | { readonly status: 126 | 127; readonly message: string };

export function lookUp(shell: Shell, name: string): Found {
  const env = new Map([["PATH", shell.variables.get("PATH") ?? ""]]);
  try {
    if (name === "") throw new FileError("ENOENT");
    const { files } = shell.process;
    const program = findExecutable(name, { files, cwd: shell.cwd, env });
    return { program };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      return { status: 127, message: words.notFound(shell.dialect, name) };
    const isDirectory = shell.process.files.stats(shell.path(name))?.kind === "directory";
    const message = isDirectory
      ? words.isDirectory(shell.dialect, name)
      : `${name}: ${error.message}`;
    return { status: 126, message };
  }
}

/** The same process, as another program sees it after exec(2). */
export function replaced(
  process: ProcessContext,
  start: Pick<ProcessContext, "argv" | "env" | "cwd" | "stdin" | "stdout" | "stderr">,
): ProcessContext {
  const own = Object.entries(start).map(([name, value]) => [name, { value, writable: true }]);
  return Object.create(process, Object.fromEntries(own)) as ProcessContext;
}
