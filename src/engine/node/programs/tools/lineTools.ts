// Programs that work on lines: sort, uniq, cut, paste, tr, fold.
import { concatBytes } from "../../../../base/bytes.ts";
import type { Steps } from "../../steps.ts";
import { textOf } from "../bufferedSource.ts";
import { unescapeText } from "../escapes.ts";
import { characterClasses } from "../shell/pattern.ts";
import { allLines } from "./textTools.ts";
import { splitLines, type Tool, type Tools } from "./tool.ts";

export const lineTools = { sort, uniq, cut, paste, tr, fold } satisfies Tools;

interface SortKey {
  readonly from: number;
  readonly to: number;
  readonly flags: string;
}

function* sort(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, all, operands } = tool.options(args, "nrugMcszbdfihVk:o:t:T:", {
    usage:
      "[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...",
    long: { reverse: "r", unique: "u", "numeric-sort": "n" },
  });
  const flags = [...options.keys()].join("");
  const keys = (all.get("k") ?? []).map(sortKey);
  const words = tool.isBusybox
    ? tool.named
    : (name: string, error: Error) => `cannot read: ${name}: ${error.message}`;
  const { lines, status } = yield* allLines(tool, operands, words);
  const separator = options.get("t");
  const compare = (a: string, b: string): number => {
    for (const key of keys.length > 0
      ? keys
      : [{ from: 1, to: Number.POSITIVE_INFINITY, flags: "" }]) {
      const own = key.flags === "" ? flags : key.flags;
      const order = compareBy(own, fieldsOf(a, key, separator), fieldsOf(b, key, separator));
      if (order !== 0) return own.includes("r") ? -order : order;
    }
    return 0;
  };
  const whole = (a: string, b: string) =>
    compare(a, b) ||
    (options.has("u") || options.has("s") ? 0 : byCode(a, b) * (options.has("r") ? -1 : 1));
  if (options.has("c"))
    return lines.every((line, i) => i === 0 || whole(lines[i - 1] ?? "", line) <= 0) ? 0 : 1;
  const sorted = [...lines].sort(whole);
  const kept = options.has("u")
    ? sorted.filter((line, i) => i === 0 || compare(sorted[i - 1] ?? "", line) !== 0)
    : sorted;
  const text = kept.map((line) => `${line}\n`).join("");
  const output = options.get("o");
  if (output === undefined) yield* tool.write(text);
  else tool.files.write(tool.path(output), text);
  return status;
}

/** "2", "2,3n", "1.2,1.4": fields; columns within them are left to the whole field. */
function sortKey(text: string): SortKey {
  const [, from, , startFlags = "", to, , endFlags = ""] =
    /^(\d+)(\.\d+)?([a-zA-Z]*)(?:,(\d+)(\.\d+)?([a-zA-Z]*))?$/.exec(text) ?? [];
  return {
    from: Number(from ?? 1),
    to: to === undefined ? Number.POSITIVE_INFINITY : Number(to),
    flags: startFlags + endFlags,
  };
}

function fieldsOf(line: string, { from, to }: SortKey, separator: string | undefined): string {
  if (from === 1 && to === Number.POSITIVE_INFINITY) return line;
  // Without -t, a field begins with the blanks before it.
  const fields = separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator);
  return fields.slice(from - 1, to).join(separator ?? "");
}

function compareBy(flags: string, a: string, b: string): number {
  if (/[ng]/.test(flags)) return numberIn(a) - numberIn(b);
  if (flags.includes("h")) return sizeIn(a) - sizeIn(b);
  if (flags.includes("M")) return monthIn(a) - monthIn(b);
  if (flags.includes("V")) return a.localeCompare(b, "en", { numeric: true });
  const [left, right] = flags.includes("b") ? [a.trimStart(), b.trimStart()] : [a, b];
  return flags.includes("f")
    ? byCode(left.toUpperCase(), right.toUpperCase())
    : byCode(left, right);
}

function numberIn(text: string): number {
  return Number.parseFloat(text) || 0;
}

function sizeIn(text: string): number {
  const unit = /[\d.]\s*([kKMGTP])/.exec(text)?.[1]?.toUpperCase();
  return numberIn(text) * 1_024 ** (unit === undefined ? 0 : "KMGTP".indexOf(unit) + 1);
}

function monthIn(text: string): number {
  return "janfebmaraprmayjunjulaugsepoctnovdec".indexOf(text.trim().slice(0, 3).toLowerCase());
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function* uniq(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "cdiuf:s:w:", {
    usage: "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]",
  });
  const [input, output] = operands;
  const { lines, status } = yield* allLines(tool, input === undefined ? [] : [input]);
  const groups: { line: string; count: number }[] = [];
  const key = (line: string): string => {
    const rest = line
      .split(/\s+/)
      .slice(Number(options.get("f") ?? 0))
      .join(" ");
    const from = options.has("f") ? rest : line;
    const start = Number(options.get("s") ?? 0);
    const cutOff = options.has("w") ? start + Number(options.get("w")) : undefined;
    const part = from.slice(start, cutOff);
    return options.has("i") ? part.toLowerCase() : part;
  };
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && key(last.line) === key(line)) last.count++;
    else groups.push({ line, count: 1 });
  }
  const text = groups
    .filter(({ count }) => (!options.has("d") || count > 1) && (!options.has("u") || count === 1))
    .map(({ line, count }) => `${options.has("c") ? `${String(count).padStart(7)} ` : ""}${line}\n`)
    .join("");
  if (output === undefined) yield* tool.write(text);
  else tool.files.write(tool.path(output), text);
  return status;
}

type Range = readonly [number, number];

function* cut(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "b:c:d:f:sn", {
    usage: "[OPTIONS] [FILE]...",
    long: { "delimiter=": "d", "fields=": "f", "characters=": "c", "output-delimiter=": "O" },
  });
  const list = options.get("f") ?? options.get("c") ?? options.get("b");
  if (list === undefined) {
    const message = "you must specify a list of bytes, characters, or fields";
    if (!tool.isBusybox) tool.complain(message);
    else tool.complain("expected a list of bytes, characters, or fields");
    return tool.isBusybox ? 1 : tool.usage("");
  }
  const ranges = list.split(",").map((text): Range => {
    const [, low = "", dash, high = ""] = /^(\d*)(-?)(\d*)$/.exec(text) ?? [];
    const isBad = low === "" && high === "";
    if (isBad)
      return tool.fail(tool.isBusybox ? `bad list: ${text}` : `invalid field value '${text}'`);
    const from = low === "" ? 1 : Number(low);
    return [from, dash === "" ? from : high === "" ? Number.POSITIVE_INFINITY : Number(high)];
  });
  const isChosen = (place: number) => ranges.some(([from, to]) => place >= from && place <= to);
  const delimiter = options.get("d") ?? "\t";
  return yield* tool.eachInput(operands, tool.named, function* (source) {
    for (let bytes = yield* source.readLine(); bytes; bytes = yield* source.readLine()) {
      const line = textOf(bytes).replace(/\n$/, "");
      if (!options.has("f")) {
        yield* tool.write(`${[...line].filter((_, i) => isChosen(i + 1)).join("")}\n`);
        continue;
      }
      const fields = line.split(delimiter);
      if (fields.length === 1 && options.has("s")) continue;
      const chosen = fields.length === 1 ? fields : fields.filter((_, i) => isChosen(i + 1));
      yield* tool.write(`${chosen.join(options.get("O") ?? delimiter)}\n`);
    }
  });
}

function* paste(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "sd:", { usage: "[-d LIST] [-s] [FILE]..." });
  const delimiters = [...unescapeText(options.get("d") ?? "\t", "echo").text];
  const columns: (readonly string[])[] = [];
  for (const name of operands.length === 0 ? ["-"] : operands)
    columns.push((yield* allLines(tool, [name])).lines);
  const join = (fields: readonly string[]) =>
    fields.reduce((text, field, i) => text + delimiters[(i - 1) % delimiters.length] + field);
  const rows = options.has("s")
    ? columns
    : Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, i) =>
        columns.map((column) => column[i] ?? ""),
      );
  yield* tool.write(
    rows
      .filter(({ length }) => length > 0)
      .map((row) => `${join(row)}\n`)
      .join(""),
  );
  return 0;
}

function* tr(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "cCdst", {
    usage: "[-cds] STRING1 [STRING2]",
    stopsAtOperand: true,
  });
  const [first, second] = operands;
  if (first === undefined) return tool.usage("[-cds] STRING1 [STRING2]");
  const translate = translation(first, second, (letter) => options.has(letter));
  const source = tool.open("-");
  for (let bytes = yield* source.read(); bytes; bytes = yield* source.read())
    yield* tool.write([...textOf(bytes)].map(translate).join(""));
  return 0;
}

/** What becomes of each character, one after the other: another one, or "". */
function translation(
  first: string,
  second: string | undefined,
  has: (letter: string) => boolean,
): (one: string) => string {
  const from = characterSet(first);
  const to = second === undefined ? [] : characterSet(second);
  const isComplement = has("c") || has("C");
  const places = new Map(from.map((one, i) => [one, i] as const));
  const isMeant = (one: string) => places.has(one) !== isComplement;
  const squeezed = new Set(to);
  const isSqueezed = (one: string) => (second === undefined ? isMeant(one) : squeezed.has(one));
  const translated = (one: string) => {
    if (to.length === 0 || has("d") || !isMeant(one)) return one;
    const place = isComplement ? to.length - 1 : (places.get(one) ?? 0);
    return to[Math.min(place, to.length - 1)] ?? one;
  };
  let last = "";
  return (one) => {
    if (has("d") && isMeant(one)) return "";
    const next = translated(one);
    const isRepeated = has("s") && next === last && isSqueezed(next);
    last = next;
    return isRepeated ? "" : next;
  };
}

/** "a-z", "[:upper:]", "\n" and single characters. */
function characterSet(text: string): string[] {
  const plain = unescapeText(text, "printf").text;
  const set: string[] = [];
  for (const [whole, name, low, high] of plain.matchAll(
    /\[:([a-z]+):\]|([\s\S])-([\s\S])|[\s\S]/gu,
  )) {
    const test = name === undefined ? undefined : characterClasses[name];
    if (test)
      set.push(
        ...Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).filter((one) =>
          test.test(one),
        ),
      );
    else if (low !== undefined && high !== undefined && low <= high)
      for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++)
        set.push(String.fromCharCode(code));
    else set.push(...whole);
  }
  return set;
}

function* fold(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "bsw:", { usage: "[-bs] [-w WIDTH] [FILE]..." });
  const width = Math.max(1, Number(options.get("w") ?? 80));
  const parts: Uint8Array[] = [];
  const status = yield* tool.eachInput(operands, tool.cannotOpen, function* (_source, name) {
    parts.push(yield* tool.readAll(name));
  });
  for (const line of splitLines(textOf(concatBytes(parts))))
    for (let at = 0; at === 0 || at < line.length; at += width)
      yield* tool.write(`${line.slice(at, at + width)}\n`);
  return status;
}
