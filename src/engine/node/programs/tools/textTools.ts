// Programs that pass text on: cat, tee, head, tac, rev, nl, wc, seq, yes.
import { concatBytes } from "../../../../base/bytes.ts";
import type { ByteSink } from "../../process/byteStream.ts";
import type { FileError } from "../../process/fileError.ts";
import type { Steps } from "../../steps.ts";
import { type BufferedSource, textOf } from "../bufferedSource.ts";
import { floating, printfText } from "../printfText.ts";
import { splitLines, type Tool, type Tools } from "./tool.ts";

export const textTools = {
  cat,
  tee,
  head,
  tac: (tool, args) => eachText(tool, args, (text) => splitLines(text).reverse()),
  rev: (tool, args) =>
    eachText(tool, args, (text) => splitLines(text).map((line) => [...line].reverse().join(""))),
  nl,
  wc,
  seq,
  yes,
} satisfies Tools;

function* cat(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "nbvteETAus", { usage: "[-nbvteA] [FILE]..." });
  const isNumbered = options.has("n") || options.has("b");
  const showsEnds = ["e", "E", "A"].some((letter) => options.has(letter));
  let line = 0;
  const marked = (text: string): string => {
    const isCounted = isNumbered && !(options.has("b") && text === "\n");
    const start = isCounted ? `${String(++line).padStart(6)}\t` : "";
    return start + (showsEnds ? text.replace(/\n$/, "$\n") : text);
  };
  const words = (name: string, error: FileError) =>
    tool.isBusybox && error.code === "EISDIR"
      ? "read error: Is a directory"
      : tool.cannotOpen(name, error);
  return yield* tool.eachInput(operands, words, function* (source) {
    const isPlain = !isNumbered && !showsEnds;
    for (;;) {
      const bytes = isPlain ? yield* source.read() : yield* source.readLine();
      if (!bytes) return;
      yield* tool.write(isPlain ? bytes : marked(textOf(bytes)));
    }
  });
}

function* tee(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "ai", { usage: "[-ai] [FILE]..." });
  const sinks: ByteSink[] = [];
  let status = 0;
  for (const name of operands) {
    const opens = tool.attempt(
      () => sinks.push(tool.files.sink(tool.path(name), { append: options.has("a") })),
      (error) => `${name}: ${error.message}`,
    );
    if (!opens) status = 1;
  }
  const source = tool.open("-");
  for (let bytes = yield* source.read(); bytes; bytes = yield* source.read()) {
    for (const sink of sinks) sink.write(bytes);
    yield* tool.write(bytes);
  }
  return status;
}

const multipliers: Readonly<Record<string, number>> = {
  b: 512,
  k: 1_024,
  K: 1_024,
  m: 1 << 20,
  M: 1 << 20,
};

/** "10", "5k"; "-3" and "+3" as they are. */
export function countOf(tool: Tool, text: string): number {
  const [, sign = "", digits, unit = ""] = /^([-+]?)(\d+)([bkKmM]?)$/.exec(text) ?? [];
  if (digits === undefined)
    return tool.fail(
      tool.isBusybox ? `invalid number '${text}'` : `invalid number of lines: '${text}'`,
    );
  return Number(`${sign}${digits}`) * (multipliers[unit] ?? 1);
}

/** "head -5" is "head -n 5". */
export function withCount(args: readonly string[]): string[] {
  const [first = "", ...rest] = args;
  const count = /^-(\d+)$/.exec(first)?.[1];
  return count === undefined ? [...args] : ["-n", count, ...rest];
}

function* head(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(withCount(args), "n:c:qv", {
    usage: "[OPTIONS] [FILE]...",
    long: { "lines=": "n", "bytes=": "c", quiet: "q" },
  });
  const bytes = options.get("c");
  const count = countOf(tool, bytes ?? options.get("n") ?? "10");
  const hasTitles = options.has("v") || (operands.length > 1 && !options.has("q"));
  const words = (name: string, { message }: FileError) =>
    tool.isBusybox ? `${name}: ${message}` : `cannot open '${name}' for reading: ${message}`;
  let isFirst = true;
  return yield* tool.eachInput(operands, words, function* (source, name) {
    const title = name === "-" ? "standard input" : name;
    if (hasTitles) yield* tool.write(`${isFirst ? "" : "\n"}==> ${title} <==\n`);
    isFirst = false;
    if (count < 0) yield* headWithoutEnd(tool, name, -count, bytes !== undefined);
    else if (bytes === undefined) yield* headLines(tool, source, count);
    else yield* headBytes(tool, source, count);
  });
}

function* headLines(tool: Tool, source: BufferedSource, count: number): Steps {
  for (let left = count; left > 0; left--) {
    const line = yield* source.readLine();
    if (!line) return;
    yield* tool.write(line);
  }
}

function* headBytes(tool: Tool, source: BufferedSource, count: number): Steps {
  for (let left = count; left > 0; ) {
    const chunk = yield* source.read();
    if (!chunk) return;
    yield* tool.write(chunk.subarray(0, left));
    left -= chunk.length;
  }
}

function* headWithoutEnd(tool: Tool, name: string, count: number, isBytes: boolean): Steps {
  const all = yield* tool.readAll(name);
  if (isBytes) return yield* tool.write(all.subarray(0, Math.max(all.length - count, 0)));
  const lines = splitLines(textOf(all));
  yield* tool.write(
    lines
      .slice(0, -count)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

function* eachText(
  tool: Tool,
  names: readonly string[],
  change: (text: string) => readonly string[],
): Steps<number> {
  return yield* tool.eachInput(names, tool.cannotOpen, function* (_source, name) {
    const lines = change(yield* tool.readText(name));
    yield* tool.write(lines.map((line) => `${line}\n`).join(""));
  });
}

function* nl(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "b:i:s:v:w:", { usage: "[OPTIONS] [FILE]..." });
  const width = Number(options.get("w") ?? 6);
  const separator = options.get("s") ?? "\t";
  let line = Number(options.get("v") ?? 1);
  return yield* eachText(tool, operands, (text) =>
    splitLines(text).map((each) => {
      if (each === "" && options.get("b") !== "a") return " ".repeat(width + separator.length);
      const number = String(line).padStart(width);
      line += Number(options.get("i") ?? 1);
      return `${number}${separator}${each}`;
    }),
  );
}

interface Counts {
  readonly l: number;
  readonly w: number;
  readonly m: number;
  readonly c: number;
  readonly L: number;
}

function* wc(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "cmlLw", {
    usage: "[-cmlwL] [FILE]...",
    long: { lines: "l", words: "w", bytes: "c", chars: "m" },
  });
  const letters = (["l", "w", "m", "c", "L"] as const).filter((letter) =>
    options.size === 0 ? letter !== "m" && letter !== "L" : options.has(letter),
  );
  const rows: { counts: Counts; name: string }[] = [];
  const status = yield* tool.eachInput(operands, tool.named, function* (_source, name) {
    rows.push({ counts: countsOf(yield* tool.readAll(name)), name });
  });
  if (rows.length > 1)
    rows.push({ counts: sumOf(rows.map(({ counts }) => counts)), name: "total" });
  const width = columnWidth(tool, rows, letters, operands);
  for (const { counts, name } of rows) {
    const numbers = letters.map((letter) => String(counts[letter]).padStart(width)).join(" ");
    yield* tool.write(`${numbers}${operands.length > 0 ? ` ${name}` : ""}\n`);
  }
  return status;
}

/** Busybox has nine columns, GNU as many as the largest file needs. */
function columnWidth(
  tool: Tool,
  rows: readonly { readonly counts: Counts }[],
  letters: readonly string[],
  operands: readonly string[],
): number {
  if (letters.length === 1 && (tool.isBusybox || rows.length <= 1)) return 0;
  if (tool.isBusybox) return 9;
  const largest = Math.max(...rows.map(({ counts }) => counts.c), 0);
  return operands.length === 0 ? 7 : String(largest).length;
}

function countsOf(bytes: Uint8Array): Counts {
  const text = textOf(bytes);
  return {
    l: text.split("\n").length - 1,
    w: text.split(/\s+/).filter((word) => word !== "").length,
    m: [...text].length,
    c: bytes.length,
    L: Math.max(0, ...splitLines(text).map((line) => line.length)),
  };
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = (letter: keyof Counts) => all.reduce((total, one) => total + one[letter], 0);
  return { l: sum("l"), w: sum("w"), m: sum("m"), c: sum("c"), L: sum("L") };
}

function* seq(tool: Tool, args: readonly string[]): Steps<number> {
  // "-1" is a number here, not an option.
  const isNumber = (text: string | undefined) => /^-?[\d.]/.test(text ?? "");
  const firstNumber = args.findIndex(
    (arg, i) => isNumber(arg) && !/^-[sf]$/.test(args[i - 1] ?? ""),
  );
  const isValue = (i: number) => /^-[sf]$/.test(args[i - 1] ?? "");
  const firstWord = args.findIndex((arg, i) => !arg.startsWith("-") && !isValue(i));
  const at = Math.min(...[firstNumber, firstWord, args.length].filter((place) => place >= 0));
  const { options } = tool.options(args.slice(0, at), "ws:f:", { usage });
  const numbers = args.slice(at).map((text) => {
    if (Number.isNaN(Number(text)))
      return tool.fail(
        tool.isBusybox ? `invalid number '${text}'` : `invalid floating point argument: '${text}'`,
      );
    return Number(text);
  });
  const [a, b, c] = numbers;
  if (a === undefined) return tool.usage(usage);
  const [first, step, last] = b === undefined ? [1, 1, a] : c === undefined ? [a, 1, b] : [a, b, c];
  const places = Math.max(...args.slice(at).map((text) => text.split(".")[1]?.length ?? 0));
  const width = options.has("w")
    ? Math.max(...[first, last].map((one) => floating(one, "f", places).length))
    : 0;
  const separator = options.get("s") ?? "\n";
  const count =
    step === 0 ? Number.POSITIVE_INFINITY : Math.floor((last - first) / step + 1e-9) + 1;
  let text = "";
  for (let i = 0; i < count; i++) {
    const value = first + i * step;
    const format = options.get("f");
    const plain = floating(value, "f", places).padStart(width, "0");
    const shown = format === undefined ? plain : printfText(format, [String(value)]).text;
    text += i === 0 ? shown : separator + shown;
    if (text.length < outputBlock) continue;
    yield* tool.write(text);
    text = "";
  }
  if (count > 0) yield* tool.write(`${text}\n`);
  return 0;
}

/** As much at once as the C library hands on. */
const outputBlock = 4_096;
const usage = "[-w] [-s SEP] [FIRST [INC]] LAST";

function* yes(tool: Tool, args: readonly string[]): Steps<number> {
  const line = `${args.length > 0 ? args.join(" ") : "y"}\n`;
  const block = line.repeat(Math.max(1, Math.floor(outputBlock / line.length)));
  for (;;) {
    yield* tool.write(block);
    yield* tool.pace.step();
  }
}

/** A file or standard input as whole lines, for programs that need them all. */
export function* allLines(
  tool: Tool,
  names: readonly string[],
  words = tool.named,
): Steps<{ readonly lines: readonly string[]; readonly status: number }> {
  const parts: Uint8Array[] = [];
  const status = yield* tool.eachInput(names, words, function* (_source, name) {
    const bytes = yield* tool.readAll(name);
    parts.push(bytes);
    const isWhole = bytes.length === 0 || bytes.at(-1) === 0x0a;
    if (!isWhole) parts.push(Uint8Array.of(0x0a));
  });
  return { lines: splitLines(textOf(concatBytes(parts))), status };
}
