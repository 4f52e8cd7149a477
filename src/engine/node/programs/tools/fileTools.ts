// Programs that make, move and remove files: mkdir, rmdir, rm, cp, mv, ln, touch, chmod, chown, mktemp,
// sync, truncate.
import { FileError } from "../../process/fileError.ts";
import { baseName } from "../../process/paths.ts";
import type { Steps } from "../../steps.ts";
import { parseDate } from "../dates.ts";
import { parseMode } from "../fileMode.ts";
import { groupId, userId } from "./accounts.ts";
import type { Tool, Tools } from "./tool.ts";

export const fileTools = {
  mkdir,
  rmdir,
  rm,
  cp,
  mv,
  ln,
  touch,
  chmod,
  chown: (tool, args) => changeOwners(tool, args, false),
  chgrp: (tool, args) => changeOwners(tool, args, true),
  mktemp,
  sync: () => 0,
  truncate,
} satisfies Tools;

/** Busybox says "can't", GNU "cannot". */
function cannot(tool: Tool, what: string): string {
  return `${tool.isBusybox ? "can't" : "cannot"} ${what}`;
}

/** Runs `act` for each operand. @returns 1 if one of them failed */
function forEach(
  tool: Tool,
  names: readonly string[],
  act: (name: string) => void,
  words: (name: string, error: FileError) => string,
): number {
  let status = 0;
  for (const name of names)
    if (
      !tool.attempt(
        () => act(name),
        (error) => words(name, error),
      )
    )
      status = 1;
  return status;
}

function needsOperands(tool: Tool, operands: readonly string[], usage: string): void {
  if (operands.length > 0) return;
  if (!tool.isBusybox) tool.complain("missing operand");
  tool.usage(usage);
}

function mkdir(tool: Tool, args: readonly string[]): number {
  const usage = "[-m MODE] [-p] DIRECTORY...";
  const { options, operands } = tool.options(args, "m:pv", {
    usage,
    long: { parents: "p", "mode=": "m" },
  });
  needsOperands(tool, operands, usage);
  const mode = options.get("m");
  const make = (name: string) => {
    const path = tool.path(name);
    if (options.has("p")) tool.files.makeDirectories(path);
    else tool.files.makeDirectory(path);
    if (mode !== undefined) tool.files.changeMode(path, parseMode(mode, 0o777, 0, true) ?? 0o755);
  };
  return forEach(
    tool,
    operands,
    make,
    (name, { message }) =>
      `${tool.isBusybox ? "can't create" : "cannot create"} directory '${name}': ${message}`,
  );
}

function rmdir(tool: Tool, args: readonly string[]): number {
  const { options, operands } = tool.options(args, "p", { usage: "[-p] DIRECTORY..." });
  needsOperands(tool, operands, "[-p] DIRECTORY...");
  const remove = (name: string) => {
    tool.files.removeDirectory(tool.path(name));
    const parent = name.replace(/\/*[^/]+\/*$/, "");
    if (options.has("p") && parent !== "") remove(parent);
  };
  return forEach(tool, operands, remove, (name, { message }) =>
    tool.isBusybox ? `'${name}': ${message}` : `failed to remove '${name}': ${message}`,
  );
}

function rm(tool: Tool, args: readonly string[]): number {
  const usage = "[-irf] FILE...";
  const { options, operands } = tool.options(args, "irRfdv", {
    usage,
    long: { recursive: "r", force: "f" },
  });
  if (operands.length === 0 && options.has("f")) return 0;
  needsOperands(tool, operands, usage);
  const isRecursive = options.has("r") || options.has("R");
  const remove = (name: string) => {
    const path = tool.path(name.replace(/(?<=.)\/+$/, ""));
    if (/(?:^|\/)\.{1,2}\/*$/.test(name)) throw new FileError("EINVAL", path);
    const stat = tool.linkStat(name);
    if (!stat && options.has("f")) return;
    if (stat?.kind === "directory" && !isRecursive) throw new FileError("EISDIR", path);
    if (isRecursive) tool.files.removeAll(path);
    else tool.files.unlink(path);
  };
  return forEach(tool, operands, remove, (name, { code, message }) => {
    if (code === "EISDIR" && tool.isBusybox) return `'${name}' is a directory`;
    return `${cannot(tool, "remove")} '${name}': ${message}`;
  });
}

/** Where each source goes: into a folder, or to one name. */
function targets(
  tool: Tool,
  operands: readonly string[],
  usage: string,
): readonly (readonly [string, string])[] {
  if (!tool.isBusybox && operands.length < 2) {
    const [only] = operands;
    tool.complain(
      only === undefined
        ? "missing file operand"
        : `missing destination file operand after '${only}'`,
    );
  }
  if (operands.length < 2) return tool.usage(usage);
  const sources = operands.slice(0, -1);
  const last = operands.at(-1) ?? "";
  const isFolder = tool.stat(last)?.kind === "directory";
  if (!isFolder && sources.length > 1)
    return tool.fail(
      tool.isBusybox
        ? `can't stat '${last}': No such file or directory`
        : `target '${last}': No such file or directory`,
    );
  return sources.map((source) => [
    source,
    isFolder ? `${last.replace(/\/+$/, "")}/${baseName(source.replace(/\/+$/, ""))}` : last,
  ]);
}

function* cp(tool: Tool, args: readonly string[]): Steps<number> {
  const usage =
    "[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }";
  const { options, operands } = tool.options(args, "arRPLHpfinlsTuvd", {
    usage,
    long: { recursive: "r", archive: "a" },
  });
  const isRecursive = ["a", "r", "R"].some((letter) => options.has(letter));
  const keepsLinks = isRecursive && !options.has("L");
  const keeps = options.has("a") || options.has("p");
  let status = 0;
  const copy = function* (from: string, to: string): Steps {
    yield* tool.pace.step();
    const stat = keepsLinks
      ? tool.files.linkStat(tool.path(from))
      : tool.files.stat(tool.path(from));
    const path = tool.path(to);
    if (stat.kind === "directory") {
      if (!tool.stat(to)) tool.files.makeDirectory(path);
      for (const name of tool.files.list(tool.path(from)))
        yield* attemptCopy(`${from.replace(/\/+$/, "")}/${name}`, `${to}/${name}`);
    } else if (stat.kind === "symlink") {
      if (tool.linkStat(to)) tool.files.unlink(path);
      tool.files.symlink(tool.files.readLink(tool.path(from)), path);
      return;
    } else tool.files.write(path, yield* tool.readAll(from), { mode: stat.mode });
    if (!keeps) return;
    tool.files.changeMode(path, stat.mode);
    tool.files.setModified(path, stat.modifiedAt);
    if (tool.process.user.uid === 0) tool.files.changeOwner(path, { uid: stat.uid, gid: stat.gid });
  };
  const attemptCopy = function* (from: string, to: string): Steps {
    try {
      yield* copy(from, to);
    } catch (error) {
      if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
      status = 1;
      tool.complain(copyWords(tool, from, to, error));
    }
  };
  for (const [from, to] of targets(tool, operands, usage)) {
    const stat = tool.stat(from);
    if (stat?.kind === "directory" && !isRecursive) {
      tool.complain(
        tool.isBusybox
          ? `omitting directory '${from}'`
          : `-r not specified; omitting directory '${from}'`,
      );
      status = 1;
    } else if (stat && stat.identity === tool.stat(to)?.identity) {
      tool.complain(`'${from}' and '${to}' are the same file`);
      status = 1;
    } else if (!(options.has("n") && tool.stat(to))) yield* attemptCopy(from, to);
  }
  return status;
}

function copyWords(tool: Tool, from: string, to: string, { message }: FileError): string {
  if (!tool.linkStat(from)) return `${cannot(tool, "stat")} '${from}': ${message}`;
  return tool.isBusybox
    ? `can't create '${to}': ${message}`
    : `cannot create regular file '${to}': ${message}`;
}

function mv(tool: Tool, args: readonly string[]): number {
  const usage = "[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }";
  const { options, operands } = tool.options(args, "finTv", { usage });
  let status = 0;
  for (const [from, to] of targets(tool, operands, usage)) {
    if (options.has("n") && tool.stat(to)) continue;
    const isDone = tool.attempt(
      () => move(tool, from, to),
      ({ message }) => {
        if (tool.isBusybox) return `can't rename '${from}': ${message}`;
        return tool.linkStat(from)
          ? `cannot move '${from}' to '${to}': ${message}`
          : `cannot stat '${from}': ${message}`;
      },
    );
    if (!isDone) status = 1;
  }
  return status;
}

/** Between file systems a file is copied and removed. */
function move(tool: Tool, from: string, to: string): void {
  const [source, target] = [tool.path(from), tool.path(to)];
  try {
    tool.files.rename(source, target);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "EXDEV") throw error;
    copyAcross(tool, source, target);
    tool.files.removeAll(source);
  }
}

function copyAcross(tool: Tool, source: string, target: string): void {
  const stat = tool.files.linkStat(source);
  if (stat.kind === "symlink") {
    tool.files.symlink(tool.files.readLink(source), target);
    return;
  }
  if (stat.kind !== "directory")
    tool.files.write(target, tool.files.read(source), { mode: stat.mode });
  else {
    tool.files.makeDirectories(target);
    for (const name of tool.files.list(source))
      copyAcross(tool, `${source}/${name}`, `${target}/${name}`);
  }
  tool.files.setModified(target, stat.modifiedAt);
}

function ln(tool: Tool, args: readonly string[]): number {
  const usage = "[-sfnbtv] [-S SUF] TARGET... LINK|DIR";
  const { options, operands } = tool.options(args, "sfnbvT", {
    usage,
    long: { symbolic: "s", force: "f" },
  });
  needsOperands(tool, operands, usage);
  const [target = "", given] = operands;
  const link = given ?? baseName(target);
  const isFolder = !options.has("n") && tool.stat(link)?.kind === "directory";
  const place = isFolder ? `${link}/${baseName(target)}` : link;
  const isDone = tool.attempt(
    () => {
      if (options.has("f") && tool.linkStat(place)) tool.files.unlink(tool.path(place));
      if (options.has("s")) tool.files.symlink(target, tool.path(place));
      else tool.files.link(tool.path(target), tool.path(place));
    },
    ({ message }) =>
      tool.isBusybox
        ? `${place}: ${message}`
        : `failed to create ${options.has("s") ? "symbolic" : "hard"} link '${place}': ${message}`,
  );
  return isDone ? 0 : 1;
}

function touch(tool: Tool, args: readonly string[]): number {
  const usage = "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...";
  const { options, operands } = tool.options(args, "cahmd:t:r:", { usage });
  if (!tool.isBusybox && operands.length === 0) tool.complain("missing file operand");
  if (operands.length === 0) return tool.usage(usage);
  const date = options.get("d") ?? options.get("t");
  const reference = options.get("r");
  const at =
    reference !== undefined
      ? (tool.stat(reference)?.modifiedAt ?? tool.process.now())
      : date === undefined
        ? tool.process.now()
        : (parseDate(date, tool.process.now()) ?? tool.fail(`invalid date '${date}'`));
  const touchOne = (name: string) => {
    const path = tool.path(name);
    if (!tool.files.exists(path)) {
      if (options.has("c")) return;
      tool.files.write(path, "");
    }
    tool.files.setModified(path, at);
  };
  return forEach(tool, operands, touchOne, (name, { message }) =>
    tool.isBusybox ? `${name}: ${message}` : `cannot touch '${name}': ${message}`,
  );
}

function* everyBelow(tool: Tool, name: string): Generator<string> {
  yield name;
  if (tool.linkStat(name)?.kind !== "directory") return;
  for (const child of tool.files.list(tool.path(name)))
    yield* everyBelow(tool, `${name.replace(/\/$/, "")}/${child}`);
}

function chmod(tool: Tool, args: readonly string[]): number {
  const usage = "[-Rcvf] MODE[,MODE]... FILE...";
  // "-x" is a mode, "-R" an option.
  const isOption = (arg: string) => /^-[Rcvf]+$/.test(arg) || /^--./.test(arg);
  const options = args.filter(isOption).join("");
  const [mode, ...names] = args.filter((arg) => !isOption(arg));
  if (mode === undefined || names.length === 0) return tool.usage(usage);
  const files = options.includes("R")
    ? names.flatMap((name) => [...everyBelow(tool, name)])
    : names;
  const change = (name: string) => {
    const path = tool.path(name);
    const stat = tool.files.stat(path);
    const wanted = parseMode(mode, stat.mode, tool.files.umask, stat.kind === "directory");
    if (wanted === undefined)
      tool.fail(tool.isBusybox ? `invalid mode '${mode}'` : `invalid mode: '${mode}'`);
    else tool.files.changeMode(path, wanted);
  };
  return forEach(tool, files, change, (name, { code, message }) => {
    if (tool.isBusybox) return `${name}: ${message}`;
    return code === "ENOENT"
      ? `cannot access '${name}': ${message}`
      : `changing permissions of '${name}': ${message}`;
  });
}

function changeOwners(tool: Tool, args: readonly string[], isGroup: boolean): number {
  const usage = "[-RhLHPcvf]... USER[:[GRP]] FILE...";
  const { options, operands } = tool.options(args, "RhLHPcvf", { usage });
  const [owner, ...names] = operands;
  if (owner === undefined || names.length === 0) return tool.usage(usage);
  const [userName = "", groupName = ""] = isGroup ? ["", owner] : owner.split(/[:.]/);
  const uid =
    userName === ""
      ? undefined
      : (userId(tool, userName) ?? tool.fail(unknown(tool, "user", userName)));
  const gid =
    groupName === ""
      ? undefined
      : (groupId(tool, groupName) ?? tool.fail(unknown(tool, "group", groupName)));
  const files = options.has("R") ? names.flatMap((name) => [...everyBelow(tool, name)]) : names;
  const change = (name: string) =>
    tool.files.changeOwner(
      tool.path(name),
      { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) },
      { follows: !options.has("h") },
    );
  return forEach(tool, files, change, (name, { code, message }) => {
    if (tool.isBusybox) return `${name}: ${message}`;
    return code === "ENOENT"
      ? `cannot access '${name}': ${message}`
      : `changing ownership of '${name}': ${message}`;
  });
}

function unknown(tool: Tool, kind: "user" | "group", name: string): string {
  return tool.isBusybox ? `unknown ${kind} ${name}` : `invalid ${kind}: '${name}'`;
}

function* mktemp(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "dtp:quT", {
    usage: "[-dt] [-p DIR] [TEMPLATE]",
  });
  const folder = options.get("p") ?? tool.process.env.get("TMPDIR") ?? "/tmp";
  const [template = "tmp.XXXXXX"] = operands;
  const isPath = operands.length > 0 && !options.has("t") && !options.has("p");
  if (!/XXX/.test(template)) return tool.fail(`too few X's in template '${template}'`);
  const name = template.replace(/X+(?=[^X]*$)/, (xs) => tool.process.random.suffix(xs.length));
  const path = isPath ? name : `${folder}/${name}`;
  const isDone = tool.attempt(
    () => {
      if (options.has("d")) tool.files.makeDirectory(tool.path(path), 0o700);
      else tool.files.write(tool.path(path), "", { mode: 0o600, exclusive: true });
    },
    ({ message }) => `${path}: ${message}`,
  );
  if (isDone) yield* tool.write(`${path}\n`);
  return isDone ? 0 : 1;
}

function truncate(tool: Tool, args: readonly string[]): number {
  const { options, operands } = tool.options(args, "cs:", {
    usage: "[-c] -s SIZE FILE...",
    long: { "size=": "s" },
  });
  const size = sizeOf(options.get("s") ?? "0");
  return forEach(
    tool,
    operands,
    (name) => {
      const path = tool.path(name);
      if (!tool.files.exists(path)) tool.files.write(path, "");
      tool.files.truncate(path, size);
    },
    (name, { message }) => `${name}: open: ${message}`,
  );
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  c: 1,
  k: 1_024,
  m: 1 << 20,
  g: 1 << 30,
  t: 2 ** 40,
};
/** No file of a simulated container is larger. */
export const largestFile = 64 << 20;

/** "10M", "1g", "512". */
export function sizeOf(text: string): number {
  const [, digits = "0", unit = ""] = /^\+?(\d+)([a-zA-Z]?)/.exec(text) ?? [];
  return Number(digits) * (units[unit.toLowerCase()] ?? 1);
}
