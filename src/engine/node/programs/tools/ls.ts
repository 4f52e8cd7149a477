// ls, as busybox and GNU show it where nobody watches: one name a line, sorted by code.

import { day } from "../../../../base/time.ts";
import { FileError } from "../../process/fileError.ts";
import type { FileStat } from "../../process/fileSystem.ts";
import type { Steps } from "../../steps.ts";
import { formatDate } from "../dates.ts";
import { longMode } from "../fileMode.ts";
import { groupName, userName } from "./accounts.ts";
import type { Tool, Tools } from "./tool.ts";

export const lsTools = { ls } satisfies Tools;

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
}

type Has = (letter: string) => boolean;

function* ls(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "1AaCxdLHRFplinshrSXvctukgoGQqUZw:T:D", {
    usage: "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...",
    status: tool.isBusybox ? 1 : 2,
    long: {
      all: "a",
      "almost-all": "A",
      recursive: "R",
      "human-readable": "h",
      "full-time": "E",
      "color=": "Y",
      color: "Y",
    },
  });
  const has: Has = (letter) => options.has(letter);
  const names = operands.length === 0 ? ["."] : operands;
  const entries = names.flatMap(
    (name) => entryAt(tool, name, name, !has("l") || name.endsWith("/")) ?? [],
  );
  const isFolder = ({ stat }: Entry) => stat.kind === "directory" && !has("d");
  const files = entries.filter((entry) => !isFolder(entry));
  if (files.length > 0) yield* show(tool, sorted(files, has), has);
  const listing = new Listing(tool, has, names.length > 1 || has("R"), files.length === 0);
  for (const folder of sorted(entries.filter(isFolder), has)) yield* listing.list(folder);
  const isWhole = entries.length === names.length && !listing.hasFailed;
  return isWhole ? 0 : tool.isBusybox ? 1 : 2;
}

/** Folders one after the other, with -R those within them too. */
class Listing {
  hasFailed = false;

  constructor(
    private readonly tool: Tool,
    private readonly has: Has,
    private readonly isTitled: boolean,
    private isFirst: boolean,
  ) {}

  *list(folder: Entry): Steps {
    const { tool, has } = this;
    const entries = entriesOf(tool, folder, has);
    if (!entries) {
      this.hasFailed = true;
      return;
    }
    if (this.isTitled) yield* tool.write(`${this.isFirst ? "" : "\n"}${folder.name}:\n`);
    this.isFirst = false;
    if (has("l") || has("s")) yield* tool.write(`total ${blocksOf(entries)}\n`);
    const shown = sorted(entries, has);
    yield* show(tool, shown, has);
    if (!has("R")) return;
    for (const { name, path, stat } of shown)
      if (stat.kind === "directory" && name !== "." && name !== "..")
        yield* this.list({ name: `${folder.name.replace(/\/$/, "")}/${name}`, path, stat });
  }
}

function entryAt(tool: Tool, name: string, file: string, follows: boolean): Entry | undefined {
  const path = tool.path(file);
  try {
    const stat = follows
      ? (tool.files.stats(path) ?? tool.files.linkStat(path))
      : tool.files.linkStat(path);
    return { name, path, stat };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { message } = error;
    tool.complain(tool.isBusybox ? `${name}: ${message}` : `cannot access '${name}': ${message}`);
    return undefined;
  }
}

function entriesOf(tool: Tool, folder: Entry, has: Has): readonly Entry[] | undefined {
  try {
    const names = tool.files
      .list(folder.path)
      .filter((name) => has("a") || has("A") || !name.startsWith("."));
    const all = has("a") ? [".", "..", ...names] : names;
    return all.flatMap(
      (name) => entryAt(tool, name, `${folder.path.replace(/\/$/, "")}/${name}`, false) ?? [],
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { message } = error;
    tool.complain(
      tool.isBusybox
        ? `can't open '${folder.name}': ${message}`
        : `cannot open directory '${folder.name}': ${message}`,
    );
    return undefined;
  }
}

function sorted(entries: readonly Entry[], has: Has): readonly Entry[] {
  if (has("U")) return entries;
  const order = [...entries].sort((a, b) => {
    const byKey = has("S")
      ? b.stat.size - a.stat.size
      : has("t")
        ? b.stat.modifiedAt - a.stat.modifiedAt
        : 0;
    return byKey || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  });
  return has("r") ? order.reverse() : order;
}

/** In KiB. Small files of an overlay take one block of 4 KiB. */
function blocksOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { stat }) => sum + blocks(stat), 0);
}

export function blocks({ kind, size }: FileStat): number {
  return kind === "symlink" || kind === "device" ? 0 : Math.ceil(size / 4_096) * 4;
}

function* show(tool: Tool, entries: readonly Entry[], has: Has): Steps {
  const rows = entries.map((entry) =>
    has("l") || has("n") ? longRow(tool, entry, has) : [nameOf(tool, entry, has)],
  );
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const isLeft = (i: number, row: readonly string[]) =>
    i === 0 || i === 2 || i === 3 || i === row.length - 1;
  const least = (i: number) => (tool.isBusybox && has("l") ? ([10, 4, 8, 8, 9][i] ?? 0) : 0);
  const inLine = tool.process.terminal !== undefined && !has("1") && !has("l");
  if (inLine && entries.length > 0)
    return yield* tool.write(
      columns(
        rows.map(([name = ""]) => name),
        tool.process.terminal?.columns ?? 80,
      ),
    );
  for (const row of rows) {
    const cells = row.map((cell, i) => {
      if (i === row.length - 1) return cell;
      const width = Math.max(least(i), widths[i] ?? 0);
      return isLeft(i, row) ? cell.padEnd(width) : cell.padStart(width);
    });
    yield* tool.write(`${cells.join(" ")}\n`);
  }
}

/** Names side by side, filled from top to bottom. */
function columns(names: readonly string[], width: number): string {
  const cell = Math.max(...names.map(({ length }) => length)) + 2;
  const across = Math.max(1, Math.floor(width / cell));
  const down = Math.ceil(names.length / across);
  return Array.from({ length: down }, (_, row) => {
    const line = names.filter((_name, i) => i % down === row).map((name) => name.padEnd(cell));
    return `${line.join("").trimEnd()}\n`;
  }).join("");
}

function longRow(tool: Tool, entry: Entry, has: Has): string[] {
  const { stat } = entry;
  const user = has("n") ? undefined : userName(tool, stat.uid);
  const group = has("n") ? undefined : groupName(tool, stat.gid);
  return [
    longMode(stat),
    String(stat.kind === "directory" ? 2 : 1),
    user ?? String(stat.uid),
    group ?? String(stat.gid),
    has("h") ? humanSize(stat.size) : String(stat.size),
    modified(tool, stat, has),
    nameOf(tool, entry, has),
  ];
}

/** Files of the last six months show the time of day, older ones the year. */
function modified(tool: Tool, { modifiedAt }: FileStat, has: Has): string {
  if (has("E")) return formatDate(modifiedAt, "%Y-%m-%d %H:%M:%S.%N %z");
  const age = tool.process.now() - modifiedAt;
  const isRecent = age >= 0 && age < 182 * day;
  return formatDate(modifiedAt, isRecent ? "%b %e %H:%M" : "%b %e  %Y");
}

function nameOf(tool: Tool, { name, path, stat }: Entry, has: Has): string {
  const mark = has("F") || has("p") ? classMark(stat, has) : "";
  const target = has("l") && stat.kind === "symlink" ? ` -> ${tool.files.readLink(path)}` : "";
  return `${name}${mark}${target}`;
}

function classMark({ kind, mode }: FileStat, has: Has): string {
  if (kind === "directory") return "/";
  if (!has("F")) return "";
  return kind === "symlink" ? "@" : (mode & 0o111) !== 0 ? "*" : "";
}

/** "512", "4.0K", "1.5M". */
export function humanSize(size: number): string {
  if (size < 1_024) return String(size);
  let value = size;
  for (const unit of "KMGT") {
    value /= 1_024;
    if (value < 1_024) return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`;
  }
  return `${Math.round(value)}T`;
}
