// What the small programs of an image have in common: options, files, complaints in the words of
// busybox or of GNU, and an end that never reaches the engine.
import { readAll } from "../../process/byteStream.ts";
import { FileError } from "../../process/fileError.ts";
import type { FileStat, FileSystem } from "../../process/fileSystem.ts";
import { baseName, joinPath } from "../../process/paths.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import type { Steps } from "../../steps.ts";
import { BufferedSource, textOf } from "../bufferedSource.ts";
import { guarded } from "../guarded.ts";
import { type OptionRules, type ParsedOptions, parseOptions } from "../options.ts";
import { Pace } from "../pace.ts";

export type Userland = "busybox" | "debian";

/** What a small program does. @returns its exit code */
export type ToolBody = (tool: Tool, args: readonly string[]) => Steps<number> | number;

/** Several programs of one family. */
export type Tools = Readonly<Record<string, ToolBody>>;

/** Ends the program from within. */
export class ToolExit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

export function toolProgram(body: ToolBody, userland: Userland, version: string): Executable {
  return guarded(function* (process) {
    try {
      const result = body(new Tool(process, userland, version), process.argv.slice(1));
      return typeof result === "number" ? result : yield* result;
    } catch (error) {
      if (error instanceof ToolExit) return error.status;
      throw error;
    }
  });
}

export class Tool {
  /** As complaints have it: in busybox the name without its folder, in GNU's as it was called. */
  readonly name: string;
  readonly pace: Pace;

  constructor(
    readonly process: ProcessContext,
    private readonly userland: Userland,
    private readonly version: string,
  ) {
    const called = process.argv[0] ?? "";
    this.name = userland === "busybox" ? baseName(called) : called;
    this.pace = new Pace(process);
  }

  get isBusybox(): boolean {
    return this.userland === "busybox";
  }

  /** Before 1.29, which has other words for some things. */
  get isOldBusybox(): boolean {
    return this.isBusybox && Number(this.version.split(".")[1] ?? 36) < 29;
  }

  get files(): FileSystem {
    return this.process.files;
  }

  path(name: string): string {
    return joinPath(this.process.cwd, name);
  }

  *write(data: string | Uint8Array): Steps {
    const { stdout } = this.process;
    stdout.write(data);
    if (stdout.ready) yield* stdout.ready();
    // What writes could write without end; a step for each KiB.
    this.pace.spend(data.length >> 10);
    yield* this.pace.step();
  }

  complain(message: string): void {
    this.process.stderr.write(`${this.name}: ${message}\n`);
  }

  /** Complains and ends. */
  fail(message: string, status = 1): never {
    this.complain(message);
    throw new ToolExit(status);
  }

  /**
   * @param usage what busybox prints behind "Usage: name "
   * @throws ToolExit for options that it does not have
   */
  options(
    args: readonly string[],
    letters: string,
    { usage = "", status = 1, ...rules }: OptionRules & { usage?: string; status?: number } = {},
  ): ParsedOptions {
    const parsed = parseOptions(args, letters, rules);
    if (!("invalid" in parsed)) return parsed;
    const { invalid, reason } = parsed;
    const isLong = invalid.startsWith("-");
    if (reason === "noValue") this.complain(`option requires an argument -- '${invalid}'`);
    else
      this.complain(
        isLong ? `unrecognized option '-${invalid}'` : `invalid option -- '${invalid}'`,
      );
    return this.usage(usage, status);
  }

  /** What a program says that is called in a wrong way; ends it. */
  usage(usage: string, status = 1): never {
    const { stderr } = this.process;
    if (!this.isBusybox) stderr.write(`Try '${this.name} --help' for more information.\n`);
    else {
      stderr.write(
        `${busyboxBanner(this.version)}\n\nUsage: ${this.name}${usage === "" ? "" : ` ${usage}`}\n`,
      );
    }
    throw new ToolExit(status);
  }

  /** Opens a file, or the standard input for "-". */
  open(name: string): BufferedSource {
    if (name === "-") return BufferedSource.of(this.process.stdin);
    return BufferedSource.of(this.files.source(this.path(name)));
  }

  /** What a file holds, or the standard input. */
  *readAll(name: string): Steps<Uint8Array> {
    return yield* readAll(this.open(name));
  }

  *readText(name: string): Steps<string> {
    return textOf(yield* this.readAll(name));
  }

  /** As `act`; a FileError is what the program complains of. @returns false then */
  attempt(act: () => void, words: (error: FileError) => string): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
      this.complain(words(error));
      return false;
    }
  }

  linkStat(name: string): FileStat | undefined {
    try {
      return this.files.linkStat(this.path(name));
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  stat(name: string): FileStat | undefined {
    return this.files.stats(this.path(name));
  }

  /**
   * Opens each of `names`, or the standard input if there are none, and complains of those it can't.
   * @param words how the program says so
   */
  *eachInput(
    names: readonly string[],
    words: (name: string, error: FileError) => string,
    use: (source: BufferedSource, name: string) => Steps,
  ): Steps<number> {
    let status = 0;
    for (const name of names.length === 0 ? ["-"] : names)
      try {
        const source = this.open(name);
        yield* use(source, name);
      } catch (error) {
        if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
        this.complain(words(name, error));
        status = 1;
      }
    return status;
  }

  /** "can't open 'x': ..." in busybox, "x: ..." in GNU's programs. */
  readonly cannotOpen = (name: string, { message }: FileError): string =>
    this.isBusybox ? `can't open '${name}': ${message}` : `${name}: ${message}`;

  /** "x: ...", as most programs have it. */
  readonly named = (name: string, { message }: FileError): string => `${name}: ${message}`;
}

function busyboxBanner(version: string): string {
  return `BusyBox v${releases[version] ?? `${version}.0`} multi-call binary.`;
}

const releases: Readonly<Record<string, string>> = {
  "1.28": "1.28.4 (2018-05-22 17:00:17 UTC)",
  "1.36": "1.36.1 (2023-05-18 22:34:17 UTC)",
  "1.37": "1.37.0 (2024-09-26 21:31:42 UTC)",
};

/** A text's lines; whether the last one is whole makes no difference. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
