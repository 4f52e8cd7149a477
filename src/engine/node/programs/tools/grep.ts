// grep, egrep and fgrep. Source: busybox findutils/grep.c; POSIX, grep.
import { FileError } from "../../process/fileError.ts";
import type { Steps } from "../../steps.ts";
import { type BufferedSource, textOf } from "../bufferedSource.ts";
import { Regex } from "../regex/regex.ts";
import { Pattern } from "../shell/pattern.ts";
import { splitLines, type Tool, type Tools } from "./tool.ts";

export const grepTools = {
  grep: (tool, args) => grep(tool, args, ""),
  egrep: (tool, args) => grep(tool, args, "E"),
  fgrep: (tool, args) => grep(tool, args, "F"),
} satisfies Tools;

const usage =
  "[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...";
const long = {
  "ignore-case": "i",
  "invert-match": "v",
  count: "c",
  quiet: "q",
  silent: "q",
  "line-number": "n",
  "only-matching": "o",
  "extended-regexp": "E",
  "fixed-strings": "F",
  recursive: "r",
  "files-with-matches": "l",
  "word-regexp": "w",
  "no-filename": "h",
  "line-buffered": "b",
  "color=": "K",
  "regexp=": "e",
  "include=": "I",
  "max-count=": "m",
};

type Finder = (
  line: string,
  from: number,
) => { readonly start: number; readonly end: number } | undefined;

interface Search {
  readonly find: Finder;
  has(letter: string): boolean;
  readonly before: number;
  readonly after: number;
  readonly most: number;
  readonly showsNames: boolean;
}

function* grep(tool: Tool, args: readonly string[], kind: string): Steps<number> {
  const { options, all, operands } = tool.options(args, "lqEFGPHhnoicLvwxsrRabUzm:e:f:A:B:C:", {
    usage,
    long,
    status: 2,
  });
  const given = options.has("e") || options.has("f");
  if (!given && operands.length === 0) {
    if (!tool.isBusybox) tool.process.stderr.write("Usage: grep [OPTION]... PATTERNS [FILE]...\n");
    return tool.usage(usage, 2);
  }
  const texts = [...(all.get("e") ?? []), ...(given ? [] : operands.slice(0, 1))];
  for (const file of all.get("f") ?? []) texts.push(...splitLines(yield* tool.readText(file)));
  const names = given ? operands : operands.slice(1);
  const patterns = texts.flatMap((text) => text.split("\n"));
  const has = (letter: string) => options.has(letter);
  const isRecursive = has("r") || has("R");
  const files = isRecursive
    ? filesUnder(tool, names.length > 0 ? names : ["."], options.get("I"))
    : names;
  const showsNames = has("H") || (!has("h") && (isRecursive || names.length > 1));
  const find = finder(tool, patterns, options, kind);
  return yield* searchAll(tool, files, { find, has, showsNames, ...contextOf(options) });
}

function contextOf(
  options: ReadonlyMap<string, string>,
): Pick<Search, "before" | "after" | "most"> {
  const number = (letter: string, absent: number) => Number(options.get(letter) ?? absent);
  const around = number("C", 0);
  return {
    before: number("B", around),
    after: number("A", around),
    most: number("m", Number.POSITIVE_INFINITY),
  };
}

function* searchAll(tool: Tool, files: readonly string[], search: Search): Steps<number> {
  const outcomes: ("match" | "none" | "error")[] = [];
  for (const name of files.length === 0 ? ["-"] : files) {
    outcomes.push(yield* searchFile(tool, name, search));
    if (search.has("q") && outcomes.includes("match")) return 0;
  }
  if (outcomes.includes("error")) return 2;
  return outcomes.includes("match") ? 0 : 1;
}

function* searchFile(tool: Tool, name: string, search: Search): Steps<"match" | "none" | "error"> {
  try {
    const count = yield* searchLines(tool, tool.open(name), name, search);
    yield* summarize(tool, name, count, search);
    return count > 0 ? "match" : "none";
  } catch (error) {
    if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
    if (!search.has("s")) tool.complain(`${name}: ${error.message}`);
    return "error";
  }
}

function titleOf(name: string): string {
  return name === "-" ? "(standard input)" : name;
}

/** What -c, -l and -L show instead of lines. */
function* summarize(tool: Tool, name: string, count: number, search: Search): Steps {
  if (search.has("q")) return;
  const title = titleOf(name);
  if (search.has("c")) yield* tool.write(`${search.showsNames ? `${title}:` : ""}${count}\n`);
  else if ((search.has("l") && count > 0) || (search.has("L") && count === 0))
    yield* tool.write(`${title}\n`);
}

/** @returns how many lines were selected */
function* searchLines(
  tool: Tool,
  source: BufferedSource,
  name: string,
  search: Search,
): Steps<number> {
  const isQuiet = ["q", "l", "L", "c"].some((letter) => search.has(letter));
  const most = search.has("q") || search.has("l") ? 1 : search.most;
  const printer = new Printer(tool, titleOf(name), search);
  let count = 0;
  for (let number = 1; count < most; number++) {
    const bytes = yield* source.readLine();
    if (!bytes) break;
    const line = textOf(bytes).replace(/\n$/, "");
    yield* tool.pace.step();
    const isSelected = (search.find(line, 0) !== undefined) !== search.has("v");
    if (isSelected) count++;
    if (!isQuiet) yield* isSelected ? printer.selected(line, number) : printer.passed(line, number);
  }
  return count;
}

class Printer {
  private readonly pending: { line: string; number: number }[] = [];
  private left = 0;
  private shown = 0;

  constructor(
    private readonly tool: Tool,
    private readonly title: string,
    private readonly search: Search,
  ) {}

  *selected(line: string, number: number): Steps {
    const { search } = this;
    if (search.has("o")) {
      if (!search.has("v")) yield* this.parts(line, number);
      return;
    }
    const first = this.pending[0]?.number ?? number;
    if ((search.before > 0 || search.after > 0) && this.shown > 0 && first > this.shown + 1)
      yield* this.tool.write("--\n");
    for (const held of this.pending.splice(0)) yield* this.print(held.line, held.number, "-");
    yield* this.print(line, number, ":");
    this.left = search.after;
  }

  *passed(line: string, number: number): Steps {
    if (this.left > 0) {
      this.left--;
      yield* this.print(line, number, "-");
      return;
    }
    this.pending.push({ line, number });
    if (this.pending.length > this.search.before) this.pending.shift();
  }

  private *parts(line: string, number: number): Steps {
    for (let at = 0; at <= line.length; ) {
      const match = this.search.find(line, at);
      if (!match) return;
      if (match.end > match.start)
        yield* this.print(line.slice(match.start, match.end), number, ":");
      at = Math.max(match.end, at + 1, match.end === match.start ? match.end + 1 : 0);
    }
  }

  private *print(text: string, number: number, mark: ":" | "-"): Steps {
    const name = this.search.showsNames ? `${this.title}${mark}` : "";
    const place = this.search.has("n") ? `${number}${mark}` : "";
    this.shown = number;
    yield* this.tool.write(`${name}${place}${text}\n`);
  }
}

function finder(
  tool: Tool,
  texts: readonly string[],
  options: ReadonlyMap<string, string>,
  kind: string,
): Finder {
  const ignoresCase = options.has("i");
  const isFixed = (options.has("F") || kind === "F") && !options.has("E");
  const isExtended = options.has("E") || options.has("P") || kind === "E";
  const finders = texts.map((text) => {
    const pattern = isFixed ? text.replace(/[\\.[\]*^$]/g, "\\$&") : perlClasses(text, options);
    const regex = Regex.of(pattern, { isExtended: isExtended && !isFixed, ignoresCase });
    if (typeof regex !== "string") return (line: string, from: number) => regex.exec(line, from);
    return tool.fail(tool.isBusybox ? `bad regex '${text}': ${regex}` : regex, 2);
  });
  const isWhole = (line: string, { start, end }: { start: number; end: number }): boolean => {
    if (options.has("x")) return start === 0 && end === line.length;
    return !options.has("w") || !(/\w/.test(line.charAt(start - 1)) || /\w/.test(line.charAt(end)));
  };
  return (line, from) => {
    for (let at = from; at <= line.length; ) {
      const matches = finders.flatMap((find) => find(line, at) ?? []);
      const [first] = matches.sort((a, b) => a.start - b.start || b.end - a.end);
      if (!first || isWhole(line, first)) return first;
      at = first.start + 1;
    }
    return undefined;
  };
}

/** -P is Perl's language, of which the classes of characters are what people use. */
function perlClasses(text: string, options: ReadonlyMap<string, string>): string {
  return options.has("P") ? text.replaceAll("\\d", "[0-9]").replaceAll("\\D", "[^0-9]") : text;
}

function filesUnder(tool: Tool, names: readonly string[], include: string | undefined): string[] {
  const pattern = include === undefined ? undefined : Pattern.ofText(include);
  return names.flatMap((name): string[] => {
    const stat = tool.stat(name);
    if (stat?.kind !== "directory")
      return !pattern || pattern.matches(name.slice(name.lastIndexOf("/") + 1)) ? [name] : [];
    const children = tool.files
      .list(tool.path(name))
      .map((child) => `${name.replace(/\/$/, "")}/${child}`);
    return filesUnder(tool, children, include);
  });
}
