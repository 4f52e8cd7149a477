// tail: the end of files, and what is added to them from then on.
import type { FileError } from "../../process/fileError.ts";
import type { Steps } from "../../steps.ts";
import { firstOf } from "../firstOf.ts";
import { countOf, withCount } from "./textTools.ts";
import type { Tool, Tools } from "./tool.ts";

export const tailTools = { tail } satisfies Tools;

function* tail(tool: Tool, args: readonly string[]): Steps<number> {
  const isOldForm = /^\+\d+$/.test(args[0] ?? "");
  const given = isOldForm ? ["-n", ...args] : withCount(args);
  const { options, operands } = tool.options(given, "fFn:c:qvs:", {
    usage: "[OPTIONS] [FILE]...",
    long: { follow: "f", "lines=": "n", "bytes=": "c", retry: "F" },
  });
  const isBytes = options.has("c");
  const amount = options.get("c") ?? options.get("n") ?? "10";
  const count = countOf(tool, amount.replace(/^-/, ""));
  const isFromStart = amount.startsWith("+");
  const follows = options.has("f") || options.has("F");
  const hasTitles = options.has("v") || (operands.length > 1 && !options.has("q"));
  const words = (name: string, error: FileError) =>
    tool.isBusybox
      ? `can't open '${name}': ${error.message}`
      : `cannot open '${name}' for reading: ${error.message}`;
  const ends: FollowedFile[] = [];
  let last: string | undefined;
  const titled = function* (name: string): Steps {
    const title = name === "-" ? "standard input" : name;
    if (hasTitles && last !== name)
      yield* tool.write(`${last === undefined ? "" : "\n"}==> ${title} <==\n`);
    last = name;
  };
  const status = yield* tool.eachInput(operands, words, function* (_source, name) {
    const bytes = yield* tool.readAll(name);
    yield* titled(name);
    yield* tool.write(bytes.subarray(startOf(bytes, count, isBytes, isFromStart)));
    if (name !== "-") ends.push({ name, length: bytes.length });
  });
  if (options.has("F"))
    for (const name of operands)
      if (!ends.some((end) => end.name === name)) ends.push({ name, length: 0 });
  if (!follows) return status;
  if (ends.length === 0) {
    if (operands.length > 0) tool.complain("no files");
    return 1;
  }
  for (;;) {
    yield* changed(tool, ends);
    for (const end of ends) yield* showAdded(tool, end, titled);
    yield* tool.pace.step();
  }
}

interface FollowedFile {
  readonly name: string;
  length: number;
}

function* showAdded(tool: Tool, end: FollowedFile, titled: (name: string) => Steps): Steps {
  const size = tool.stat(end.name)?.size;
  if (size === undefined || size === end.length) return;
  // A file that has become shorter was written anew.
  const from = size < end.length ? 0 : end.length;
  end.length = size;
  yield* titled(end.name);
  yield* tool.write(tool.files.read(tool.path(end.name)).subarray(from));
}

/** Waits for a change in the trees that the files lie in. */
function* changed(tool: Tool, ends: readonly FollowedFile[]): Steps {
  const [first, ...rest] = ends.map(({ name }) => tool.path(name));
  if (first === undefined) return;
  if (rest.length === 0) return yield tool.files.nextChange(parentOf(tool, first));
  yield* firstOf(changed(tool, ends.slice(0, 1)), changed(tool, ends.slice(1)));
}

/** A file that is not there yet will appear in its folder. */
function parentOf(tool: Tool, path: string): string {
  if (tool.files.exists(path)) return path;
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function startOf(bytes: Uint8Array, count: number, isBytes: boolean, isFromStart: boolean): number {
  if (isBytes) return isFromStart ? Math.max(count - 1, 0) : Math.max(bytes.length - count, 0);
  if (isFromStart) {
    let at = 0;
    for (let line = 1; line < count && at < bytes.length; line++) {
      const end = bytes.indexOf(0x0a, at);
      at = end < 0 ? bytes.length : end + 1;
    }
    return at;
  }
  let at = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  if (count === 0) return bytes.length;
  for (let line = 0; line < count; line++) {
    at = at <= 0 ? -1 : bytes.lastIndexOf(0x0a, at - 1);
    if (at < 0) return 0;
  }
  return at + 1;
}
