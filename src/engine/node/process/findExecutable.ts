// From the name of a command to the program that runs, as execvp and the kernel find it.
import type { Steps } from "../steps.ts";
import { FileError } from "./fileError.ts";
import type { FileSystem } from "./fileSystem.ts";
import { joinPath } from "./paths.ts";
import type { Executable } from "./process.ts";

interface Finder {
  readonly files: FileSystem;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
}

export const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Interpreters of interpreters; as Linux has it. */
const deepestScript = 5;

/** @throws FileError ENOENT if there is none, EACCES if it may not be executed */
export function findExecutable(name: string, finder: Finder): Executable {
  const path = pathOf(name, finder);
  // A script hears of itself as it was called.
  return load(path, name.includes("/") ? name : path, finder, 0);
}

/** Where a command lies. */
export function pathOf(name: string, { files, cwd, env }: Finder): string {
  if (name === "") throw new FileError("ENOENT", name);
  if (name.includes("/")) return joinPath(cwd, name);
  let denied = false;
  for (const folder of (env.get("PATH") ?? defaultPath).split(":")) {
    const path = joinPath(joinPath(cwd, folder || "."), name);
    const stat = files.stats(path);
    if (!stat || stat.kind === "directory") continue;
    if (mayExecute(files, path)) return path;
    denied = true;
  }
  throw new FileError(denied ? "EACCES" : "ENOENT", name);
}

function load(path: string, called: string, finder: Finder, depth: number): Executable {
  const file = finder.files.programAt(path);
  if (file.program) return file.program;
  const [interpreter, argument] = interpreterOf(finder.files.readText(path));
  if (interpreter === undefined || depth >= deepestScript) throw new FileError("EACCES", path);
  const interpreterPath = joinPath(finder.cwd, interpreter);
  const program = load(interpreterPath, interpreterPath, finder, depth + 1);
  const before = [interpreter, ...(argument === undefined ? [] : [argument]), called];
  return (process): Steps<number> =>
    program(withArguments(process, [...before, ...process.argv.slice(1)]));
}

/** "#!/bin/sh -e": at most one argument, with its spaces. A text without such a line is /bin/sh's. */
function interpreterOf(text: string): readonly (string | undefined)[] {
  if (text.startsWith("\x7fELF")) return [];
  const line = /^#!\s*(\S+)(?:[ \t]+(.*?))?\s*(?:\n|$)/.exec(text);
  return line ? [line[1], line[2] || undefined] : ["/bin/sh"];
}

function withArguments<Process extends object>(process: Process, argv: readonly string[]): Process {
  return Object.create(process, { argv: { value: argv } }) as Process;
}

function mayExecute(files: FileSystem, path: string): boolean {
  try {
    files.access(path, "execute");
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
