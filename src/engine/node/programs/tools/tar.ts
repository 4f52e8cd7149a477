// tar: packs and unpacks trees; `kubectl cp` runs it at the container's end. Compression is not simulated:
// with -z the archive is as without.

import { concatBytes } from "../../../../base/bytes.ts";
import { utf8Text } from "../../../../base/utf8.ts";
import { FileError } from "../../process/fileError.ts";
import { directoryName, joinPath } from "../../process/paths.ts";
import type { Steps } from "../../steps.ts";
import { formatDate } from "../dates.ts";
import { longMode } from "../fileMode.ts";
import { Pattern } from "../shell/pattern.ts";
import { decodeTar, encodeTarEntry, type TarEntry, tarEnd } from "../tarArchive.ts";
import { groupName, userName } from "./accounts.ts";
import { splitLines, type Tool, ToolExit, type Tools } from "./tool.ts";

export const tarTools = { tar } satisfies Tools;

const usage =
  "c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...";

interface Job {
  readonly tool: Tool;
  readonly has: (letter: string) => boolean;
  readonly archive: string;
  readonly folder: string;
  readonly names: readonly string[];
  readonly excluded: readonly Pattern[];
  readonly strips: number;
}

function* tar(tool: Tool, args: readonly string[]): Steps<number> {
  const [first = "", ...rest] = args;
  // The first word may be options without their dash.
  const given = /^[a-zA-Z]+$/.test(first) && /[cxt]/.test(first) ? [...spread(first, rest)] : args;
  const { options, all, operands } = tool.options(given, "cxtrvzjJZapPmokOhpSWlf:C:X:T:", {
    usage,
    status: tool.isBusybox ? 1 : 64,
    long: {
      create: "c",
      extract: "x",
      list: "t",
      verbose: "v",
      gzip: "z",
      "file=": "f",
      "directory=": "C",
      "exclude=": "E",
      "strip-components=": "S",
      "no-same-owner": "o",
      "no-same-permissions": "n",
      "same-permissions": "p",
      "absolute-names": "P",
      touch: "m",
      dereference: "h",
      "no-overwrite-dir": "N",
      overwrite: "U",
      "warning=": "w",
      "numeric-owner": "A",
    },
  });
  const job: Job = {
    tool,
    has: (letter) => options.has(letter),
    archive: options.get("f") ?? "-",
    folder: tool.path(options.get("C") ?? "."),
    names: [...operands, ...(yield* listedIn(tool, options.get("T")))],
    excluded: (all.get("E") ?? []).map((text) => Pattern.ofText(text)),
    strips: Number(options.get("S") ?? 0),
  };
  if (options.has("c") || options.has("r")) return yield* create(job);
  if (options.has("x") || options.has("t")) return yield* read(job);
  if (tool.isBusybox) return tool.usage(usage);
  tool.complain("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
  return tool.usage("", 2);
}

/** "xzf a.tar": the letters that need a value take the words that follow. */
function spread(letters: string, rest: readonly string[]): readonly string[] {
  const values = [...rest];
  const words: string[] = [];
  for (const letter of letters) {
    words.push(`-${letter}`);
    if (/[fCXT]/.test(letter)) words.push(values.shift() ?? "");
  }
  return [...words, ...values];
}

function* listedIn(tool: Tool, file: string | undefined): Steps<readonly string[]> {
  return file === undefined ? [] : splitLines(yield* tool.readText(file));
}

function* create(job: Job): Steps<number> {
  const { tool, names, archive } = job;
  if (names.length === 0)
    return tool.isBusybox
      ? tool.fail("empty archive")
      : tool.fail("Cowardly refusing to create an empty archive", 2);
  const chunks: Uint8Array[] = [];
  let hasFailed = false;
  for (const name of names)
    try {
      yield* pack(job, name, chunks);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      hasFailed = true;
      tool.complain(
        tool.isBusybox ? `${name}: ${error.message}` : `${name}: Cannot stat: ${error.message}`,
      );
    }
  chunks.push(tarEnd(chunks.reduce((sum, { length }) => sum + length, 0)));
  if (archive === "-") yield* tool.write(concatBytes(chunks));
  else tool.files.write(tool.path(archive), concatBytes(chunks));
  if (hasFailed)
    tool.complain(
      tool.isBusybox
        ? "error exit delayed from previous errors"
        : "Exiting with failure status due to previous errors",
    );
  return hasFailed ? (tool.isBusybox ? 1 : 2) : 0;
}

function* pack(job: Job, name: string, chunks: Uint8Array[]): Steps {
  const { tool, has, folder } = job;
  if (isExcluded(job, name)) return;
  yield* tool.pace.step();
  const path = joinPath(folder, name);
  const stat = has("h") ? tool.files.stat(path) : tool.files.linkStat(path);
  if (stat.kind === "device") return;
  const plain = name.replace(/^\/+/, "").replace(/\/+$/, "") || ".";
  const entry: TarEntry = {
    ...stat,
    kind: stat.kind,
    name: stat.kind === "directory" ? `${plain}/` : plain,
    target: stat.kind === "symlink" ? tool.files.readLink(path) : "",
    content: stat.kind === "file" ? tool.files.read(path) : new Uint8Array(),
  };
  chunks.push(encodeTarEntry(entry));
  if (has("v")) yield* tell(job, `${entry.name}\n`);
  if (stat.kind !== "directory") return;
  for (const child of tool.files.list(path))
    yield* pack(job, `${name.replace(/\/+$/, "")}/${child}`, chunks);
}

/** What -v shows goes where the archive does not. */
function* tell({ tool, archive }: Job, text: string): Steps {
  if (archive === "-") tool.process.stderr.write(text);
  else yield* tool.write(text);
}

function isExcluded({ excluded }: Job, name: string): boolean {
  const base = name.replace(/\/+$/, "").replace(/^.*\//, "");
  return excluded.some((pattern) => pattern.matches(name) || pattern.matches(base));
}

function* read(job: Job): Steps<number> {
  const { tool, names } = job;
  const failure = tool.isBusybox ? 1 : 2;
  const entries = decodeTar(yield* archiveBytes(job));
  if (entries === "invalid")
    return tool.fail(
      tool.isBusybox ? "invalid tar magic" : "This does not look like a tar archive",
      failure,
    );
  const chosen = entries.filter((entry) => isAsked(entry, names) && !isExcluded(job, entry.name));
  let status = 0;
  for (const entry of chosen) if (!(yield* handle(job, entry))) status = failure;
  const missing = names.filter((name) => !chosen.some((entry) => isAsked(entry, [name])));
  for (const name of missing)
    tool.complain(`${name}: ${tool.isBusybox ? "not found in archive" : "Not found in archive"}`);
  return missing.length > 0 ? failure : status;
}

/** All are, if none is named. */
function isAsked({ name }: TarEntry, names: readonly string[]): boolean {
  const isIn = (asked: string) => `${name}/`.startsWith(`${asked.replace(/\/+$/, "")}/`);
  return names.length === 0 || names.some(isIn);
}

function* archiveBytes({ tool, archive }: Job): Steps<Uint8Array> {
  try {
    return yield* tool.readAll(archive);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (tool.isBusybox) tool.complain(`can't open '${archive}': ${error.message}`);
    else {
      tool.complain(`${archive}: Cannot open: ${error.message}`);
      tool.complain("Error is not recoverable: exiting now");
    }
    throw new ToolExit(tool.isBusybox ? 1 : 2);
  }
}

function* handle(job: Job, entry: TarEntry): Steps<boolean> {
  const { tool, has } = job;
  yield* tool.pace.step();
  if (has("t")) yield* tool.write(has("v") ? longLine(tool, entry) : `${entry.name}\n`);
  else if (has("O")) yield* tool.write(entry.content);
  else {
    if (has("v")) yield* tool.write(`${entry.name}\n`);
    return tool.attempt(
      () => unpack(job, entry),
      ({ message }) =>
        tool.isBusybox
          ? `can't open '${entry.name}': ${message}`
          : `${entry.name}: Cannot open: ${message}`,
    );
  }
  return true;
}

function longLine(tool: Tool, entry: TarEntry): string {
  const kind = entry.kind === "link" ? "file" : entry.kind;
  const owner = `${userName(tool, entry.uid) ?? entry.uid}/${groupName(tool, entry.gid) ?? entry.gid}`;
  const date = formatDate(
    entry.modifiedAt,
    tool.isBusybox ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M",
  );
  const link = entry.kind === "symlink" ? ` -> ${entry.target}` : "";
  const size = String(entry.content.length).padStart(
    tool.isBusybox ? 9 : Math.max(1, 18 - owner.length),
  );
  return `${longMode({ kind, mode: entry.mode })} ${owner} ${size} ${date} ${entry.name}${link}\n`;
}

function unpack({ tool, has, folder, strips }: Job, entry: TarEntry): void {
  const parts = entry.name
    .replace(/^\/+/, "")
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const kept = parts.slice(strips);
  // Nothing is unpacked outside the folder.
  if (kept.length === 0 || kept.includes("..")) return;
  const path = joinPath(folder, kept.join("/"));
  const parent = directoryName(path);
  if (!tool.files.exists(parent)) tool.files.makeDirectories(parent);
  switch (entry.kind) {
    case "directory":
      tool.files.makeDirectories(path);
      break;
    case "symlink":
      remove(tool, path);
      tool.files.symlink(entry.target, path);
      return;
    case "link":
      remove(tool, path);
      tool.files.link(joinPath(folder, entry.target), path);
      return;
    case "file":
      // A file that stands there is replaced, as `tar` unlinks before it makes.
      remove(tool, path);
      tool.files.write(path, utf8Text(entry.content) ?? entry.content);
  }
  applyAttributes(tool, path, entry, has("o"));
  if (!has("m")) tool.files.setModified(path, entry.modifiedAt);
}

function remove(tool: Tool, path: string): void {
  const { files } = tool;
  if (files.exists(path) && files.stat(path).kind !== "directory") files.unlink(path);
}

/** Root keeps owners unless it is told not to; others take what they are given, less their umask. */
function applyAttributes(tool: Tool, path: string, entry: TarEntry, isOwn: boolean): void {
  const isRoot = tool.process.user.uid === 0;
  const mode = isRoot ? entry.mode : entry.mode & ~tool.files.umask;
  tool.files.changeMode(path, mode);
  if (isRoot && !isOwn) tool.files.changeOwner(path, { uid: entry.uid, gid: entry.gid });
}
