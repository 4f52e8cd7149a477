// Programs that say things about files: stat, find, du, df, readlink, realpath, basename, dirname, which.
import { FileError } from "../../process/fileError.ts";
import type { FileStat } from "../../process/fileSystem.ts";
import { pathOf } from "../../process/findExecutable.ts";
import { baseName, directoryName } from "../../process/paths.ts";
import type { Steps } from "../../steps.ts";
import { formatDate } from "../dates.ts";
import { longMode } from "../fileMode.ts";
import { groupName, userName } from "./accounts.ts";
import { blocks, humanSize } from "./ls.ts";
import type { Tool, Tools } from "./tool.ts";

export const listingTools = {
  stat,
  du,
  df,
  readlink,
  realpath,
  basename,
  dirname,
  which,
} satisfies Tools;

function* stat(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "ltfLc:", {
    usage: "[-ltf] [-c FMT] FILE...",
    long: { "format=": "c", "printf=": "P", dereference: "L" },
  });
  const format = options.get("c") ?? options.get("P");
  let status = 0;
  for (const name of operands) {
    const path = tool.path(name);
    try {
      const found = options.has("L") ? tool.files.stat(path) : tool.files.linkStat(path);
      if (format === undefined) yield* tool.write(statText(tool, name, found));
      else
        yield* tool.write(formatStat(tool, name, found, format) + (options.has("P") ? "" : "\n"));
    } catch (error) {
      if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
      tool.complain(
        tool.isBusybox
          ? `can't stat '${name}': ${error.message}`
          : `cannot statx '${name}': ${error.message}`,
      );
      status = 1;
    }
  }
  return status;
}

const kindNames: Readonly<Record<FileStat["kind"], string>> = {
  file: "regular file",
  directory: "directory",
  symlink: "symbolic link",
  device: "character special file",
};

function kindName({ kind, size }: FileStat): string {
  return kind === "file" && size === 0 ? "regular empty file" : kindNames[kind];
}

function formatStat(tool: Tool, name: string, found: FileStat, format: string): string {
  const letters: Readonly<Record<string, () => string>> = {
    a: () => found.mode.toString(8),
    A: () => longMode(found),
    b: () => String(blocks(found) * 2),
    B: () => "512",
    F: () => kindName(found),
    g: () => String(found.gid),
    G: () => groupName(tool, found.gid) ?? "UNKNOWN",
    h: () => "1",
    i: () => "1",
    n: () => name,
    N: () => `'${name}'`,
    s: () => String(found.size),
    u: () => String(found.uid),
    U: () => userName(tool, found.uid) ?? "UNKNOWN",
    x: () => longDate(found),
    X: () => String(Math.floor(found.modifiedAt / 1_000)),
    y: () => longDate(found),
    Y: () => String(Math.floor(found.modifiedAt / 1_000)),
    z: () => longDate(found),
    Z: () => String(Math.floor(found.modifiedAt / 1_000)),
    "%": () => "%",
  };
  return format
    .replace(/\\n/g, "\n")
    .replace(/%([a-zA-Z%])/g, (whole, letter: string) => letters[letter]?.() ?? whole);
}

function longDate({ modifiedAt }: FileStat): string {
  return formatDate(modifiedAt, "%Y-%m-%d %H:%M:%S.%N %z");
}

function statText(tool: Tool, name: string, found: FileStat): string {
  const owner = (id: number, text: string | undefined) =>
    `(${String(id).padStart(5)}/${(text ?? "UNKNOWN").padStart(8)})`;
  const date = longDate(found);
  return `  File: ${name}
  Size: ${String(found.size).padEnd(10)}\tBlocks: ${String(blocks(found) * 2).padEnd(10)} IO Block: 4096   ${kindName(found)}
Device: 0,50\tInode: 1           Links: 1
Access: (${found.mode.toString(8).padStart(4, "0")}/${longMode(found)})  Uid: ${owner(found.uid, userName(tool, found.uid))}   Gid: ${owner(found.gid, groupName(tool, found.gid))}
Access: ${date}
Modify: ${date}
Change: ${date}
`;
}

function* du(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "aHLdclsxhmkb", {
    usage: "[-aHLdclsxhmk] [FILE]...",
    long: { summarize: "s", "human-readable": "h", "max-depth=": "D" },
  });
  const deepest = options.has("s") ? 0 : Number(options.get("D") ?? Number.POSITIVE_INFINITY);
  const shown = (size: number, name: string) => {
    const amount = options.has("h")
      ? humanSize(size * 1_024)
      : options.has("m")
        ? Math.ceil(size / 1_024)
        : size;
    return `${amount}\t${name}\n`;
  };
  let status = 0;
  const sum = function* (name: string, depth: number): Steps<number> {
    const found = tool.linkStat(name);
    if (!found) return 0;
    let size = blocks(found);
    if (found.kind === "directory")
      for (const child of tool.files.list(tool.path(name)))
        size += yield* sum(`${name.replace(/\/$/, "")}/${child}`, depth + 1);
    const isShown = found.kind === "directory" || options.has("a") || depth === 0;
    if (isShown && depth <= deepest) yield* tool.write(shown(size, name));
    return size;
  };
  for (const name of operands.length === 0 ? ["."] : operands)
    if (tool.linkStat(name)) yield* sum(name, 0);
    else {
      tool.complain(
        tool.isBusybox
          ? `${name}: No such file or directory`
          : `cannot access '${name}': No such file or directory`,
      );
      status = 1;
    }
  return status;
}

/** What a simulated node's disk holds, in KiB. */
const diskBlocks = 102_400_000;
const usedBlocks = 12_800_000;

function* df(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "PkmhTait:B:", {
    usage: "[-PkmhTai] [-B SIZE] [FILESYSTEM]...",
  });
  const mounts =
    operands.length === 0
      ? tool.files.listMounts()
      : operands.flatMap((name) => {
          const found = tool.stat(name) && tool.files.mountOf(tool.path(name));
          if (!found)
            tool.complain(
              tool.isBusybox
                ? `${name}: can't find mount point`
                : `${name}: No such file or directory`,
            );
          return found ?? [];
        });
  const isHuman = options.has("h");
  const amount = (size: number) => (isHuman ? humanSize(size * 1_024) : String(size));
  const rows = mounts.map(({ path, tree }) => {
    const isMemory = tree.type === "tmpfs";
    const [size, used] = isMemory ? [65_536, 0] : [diskBlocks, usedBlocks];
    const device = tree.type === "overlay" || isMemory ? tree.type : "/dev/vda1";
    const percent = `${Math.ceil((used * 100) / size)}%`;
    return [device, amount(size), amount(used), amount(size - used), percent, path];
  });
  const titles = [
    "Filesystem",
    isHuman ? "Size" : "1K-blocks",
    "Used",
    "Available",
    "Use%",
    "Mounted on",
  ];
  for (const [device = "", size = "", used = "", free = "", percent = "", path = ""] of [
    titles,
    ...rows,
  ]) {
    const numbers = `${size.padStart(10)} ${used.padStart(9)} ${free.padStart(9)} ${percent.padStart(4)}`;
    yield* tool.write(`${device.padEnd(20)} ${numbers} ${path}\n`);
  }
  return rows.length < operands.length ? 1 : 0;
}

function* readlink(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "fnvsqem", { usage: "[-fnv] FILE" });
  let status = 0;
  for (const name of operands)
    try {
      const path = tool.path(name);
      const target =
        options.has("f") || options.has("e")
          ? tool.files.realPath(path)
          : tool.files.readLink(path);
      yield* tool.write(options.has("n") ? target : `${target}\n`);
    } catch (error) {
      if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
      if (options.has("v")) tool.complain(`${name}: ${error.message}`);
      status = 1;
    }
  return status;
}

function* realpath(tool: Tool, args: readonly string[]): Steps<number> {
  let status = 0;
  for (const name of args.filter((arg) => !/^-/.test(arg)))
    try {
      yield* tool.write(`${tool.files.realPath(tool.path(name))}\n`);
    } catch (error) {
      if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
      tool.complain(`${name}: ${error.message}`);
      status = 1;
    }
  return status;
}

function* basename(tool: Tool, args: readonly string[]): Steps<number> {
  const [path, suffix = ""] = args[0] === "--" ? args.slice(1) : args;
  if (path === undefined) return tool.usage("FILE [SUFFIX]");
  const name = baseName(path.replace(/(?<=.)\/+$/, "")) || "/";
  const isCut = suffix !== "" && name.endsWith(suffix) && name !== suffix;
  yield* tool.write(`${isCut ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
}

function* dirname(tool: Tool, [path]: readonly string[]): Steps<number> {
  if (path === undefined) return tool.usage("FILENAME");
  yield* tool.write(`${directoryName(path.replace(/(?<=.)\/+$/, ""))}\n`);
  return 0;
}

function* which(tool: Tool, args: readonly string[]): Steps<number> {
  let status = 0;
  for (const name of args.filter((arg) => arg !== "-a")) {
    const path = pathIn(tool, name);
    if (path === undefined) status = 1;
    else yield* tool.write(`${path}\n`);
  }
  return status;
}

function pathIn(tool: Tool, name: string): string | undefined {
  const { files, cwd, env } = tool.process;
  try {
    const path = pathOf(name, { files, cwd, env });
    return files.exists(path) ? path : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
