// sed: edits a stream, or with -i files in place.
import { FileError } from "../../process/fileError.ts";
import type { Steps } from "../../steps.ts";
import { textOf } from "../bufferedSource.ts";
import { type SedIo, SedRun } from "../sed/sedRun.ts";
import { parseSed, type SedCommand, SedError } from "../sed/sedScript.ts";
import { splitLines, type Tool, type Tools } from "./tool.ts";

export const sedTools = { sed } satisfies Tools;

const usage =
  "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...";

function* sed(tool: Tool, args: readonly string[]): Steps<number> {
  // "-i" has its suffix in the same word, and may stand without one.
  const inPlace = args.find((arg) => /^-[nrEsz]*i/.test(arg) || arg.startsWith("--in-place"));
  const suffix = inPlace?.replace(/^-[nrEsz]*i|^--in-place=?/, "") ?? "";
  const rest = args.flatMap((arg) => (arg === inPlace ? flagsBefore(arg) : [arg]));
  const { options, all, operands } = tool.options(rest, "nrEszue:f:", {
    usage,
    long: { quiet: "n", "regexp-extended": "E", "expression=": "e", "file=": "f" },
  });
  const given = all.has("e") || all.has("f");
  if (!given && operands.length === 0) return tool.usage(usage);
  const texts = [...(all.get("e") ?? []), ...(given ? [] : operands.slice(0, 1))];
  for (const file of all.get("f") ?? []) texts.push((yield* tool.readText(file)).trimEnd());
  const commands = parsed(tool, texts.join("\n"), options.has("E") || options.has("r"));
  const files = given ? operands : operands.slice(1);
  if (inPlace === undefined) return yield* edit(tool, commands, files, options.has("n"));
  let status = 0;
  for (const file of files)
    if (!(yield* editInPlace(tool, commands, file, suffix, options.has("n")))) status = 1;
  return status;
}

function flagsBefore(arg: string): string[] {
  const flags = /^-([nrEsz]*)i/.exec(arg)?.[1] ?? "";
  return flags === "" ? [] : [`-${flags}`];
}

function parsed(tool: Tool, text: string, isExtended: boolean): readonly SedCommand[] {
  try {
    return parseSed(text, isExtended);
  } catch (error) {
    if (!(error instanceof SedError)) throw error;
    return tool.fail(tool.isBusybox ? error.message : `-e expression #1, char 1: ${error.message}`);
  }
}

function* edit(
  tool: Tool,
  commands: readonly SedCommand[],
  files: readonly string[],
  isSilent: boolean,
): Steps<number> {
  const words = (name: string, { message }: FileError) =>
    tool.isBusybox ? `${name}: ${message}` : `can't read ${name}: ${message}`;
  // All the files are one stream of lines; the line after the current one says whether it is the last.
  const ahead: string[] = [];
  let output = "";
  const run = new SedRun(
    commands,
    isSilent,
    lineIo(tool, ahead, (text) => {
      output += text;
    }),
  );
  let goesOn = true;
  const feed = function* (isAtEnd: boolean): Steps {
    while (goesOn && ahead.length > (isAtEnd ? 0 : linesAhead(commands))) {
      goesOn = run.step();
      yield* tool.pace.step();
      const text = output;
      output = "";
      if (text !== "") yield* tool.write(text);
    }
  };
  const status = yield* tool.eachInput(files, words, function* (source) {
    for (let bytes = yield* source.readLine(); bytes && goesOn; bytes = yield* source.readLine()) {
      ahead.push(textOf(bytes).replace(/\n$/, ""));
      yield* feed(false);
    }
  });
  yield* feed(true);
  return run.exitCode || status;
}

/** How many lines a cycle may ask for: with `n` and `N` nobody knows, so all are read before. */
function linesAhead(commands: readonly SedCommand[]): number {
  return commands.some(({ name }) => name === "n" || name === "N") ? Number.POSITIVE_INFINITY : 1;
}

function lineIo(tool: Tool, lines: string[], write: (text: string) => void): SedIo {
  return {
    next: () => lines.shift(),
    isLast: () => lines.length === 0,
    write,
    read: (file) => (tool.stat(file)?.kind === "file" ? tool.files.readText(tool.path(file)) : ""),
    append: (file, text) => {
      if (file === "/dev/stdout") write(text);
      else tool.files.write(tool.path(file), text, { append: true });
    },
  };
}

function* editInPlace(
  tool: Tool,
  commands: readonly SedCommand[],
  file: string,
  suffix: string,
  isSilent: boolean,
): Steps<boolean> {
  try {
    const text = yield* tool.readText(file);
    let output = "";
    const run = new SedRun(
      commands,
      isSilent,
      lineIo(tool, splitLines(text), (added) => {
        output += added;
      }),
    );
    while (run.step()) yield* tool.pace.step();
    if (suffix !== "") tool.files.write(tool.path(file + suffix), text);
    replaceFile(tool, file, text.endsWith("\n") ? output : output.replace(/\n$/, ""));
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    tool.complain(
      tool.isBusybox ? `${file}: ${error.message}` : `can't read ${file}: ${error.message}`,
    );
    return false;
  }
}

/** A new file takes the old one's place, which fails where files are mounted one by one. */
function replaceFile(tool: Tool, file: string, text: string): void {
  const path = tool.path(file);
  const { mode } = tool.files.stat(path);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const temporary = `${folder}sed${tool.process.random.suffix(6)}`;
  tool.files.write(temporary, text, { mode });
  tool.files.changeMode(temporary, mode);
  try {
    tool.files.rename(temporary, path);
  } catch (error) {
    tool.files.unlink(temporary);
    throw error;
  }
}
