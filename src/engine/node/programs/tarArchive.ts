// tar archives as bytes: USTAR with GNU's long names, gzip left to others. Source: POSIX, pax; tar(5).
import { concatBytes, latin1Text } from "../../../base/bytes.ts";
import { second } from "../../../base/time.ts";
import { utf8Bytes, utf8Text } from "../../../base/utf8.ts";

export interface TarEntry {
  /** Of a directory, with a slash at the end. */
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink" | "link";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAt: number;
  /** Where a link leads. */
  readonly target: string;
  readonly content: Uint8Array;
}

const block = 512;
const kinds: Readonly<Record<TarEntry["kind"], string>> = {
  file: "0",
  link: "1",
  symlink: "2",
  directory: "5",
};

export function encodeTarEntry(entry: TarEntry): Uint8Array {
  const name = utf8Bytes(entry.name);
  const parts = name.length > 100 ? [longName(name)] : [];
  const header = headerOf(entry, name.subarray(0, 100), kinds[entry.kind]);
  return concatBytes([...parts, header, padded(entry.content)]);
}

/** Two empty blocks, filled up to the usual record of twenty. */
export function tarEnd(writtenBytes: number): Uint8Array {
  const record = 20 * block;
  const total = Math.ceil((writtenBytes + 2 * block) / record) * record;
  return new Uint8Array(total - writtenBytes);
}

function longName(name: Uint8Array): Uint8Array {
  const content = concatBytes([name, Uint8Array.of(0)]);
  const entry = { mode: 0, uid: 0, gid: 0, modifiedAt: 0, target: "", content };
  return concatBytes([headerOf(entry, utf8Bytes("././@LongLink"), "L"), padded(content)]);
}

function headerOf(
  entry: Omit<TarEntry, "name" | "kind">,
  name: Uint8Array,
  type: string,
): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, bytes: Uint8Array) => header.set(bytes, at);
  const octal = (value: number, digits: number) =>
    utf8Bytes(Math.max(0, Math.floor(value)).toString(8).padStart(digits, "0"));
  put(0, name);
  put(100, octal(entry.mode & 0o7777, 7));
  put(108, octal(entry.uid, 7));
  put(116, octal(entry.gid, 7));
  put(124, octal(entry.content.length, 11));
  put(136, octal(entry.modifiedAt / second, 11));
  put(148, utf8Bytes("        "));
  put(156, utf8Bytes(type));
  put(157, utf8Bytes(entry.target).subarray(0, 100));
  put(257, utf8Bytes("ustar  "));
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, concatBytes([octal(sum, 6), Uint8Array.of(0, 0x20)]));
  return header;
}

function padded(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(content.length / block) * block);
  bytes.set(content);
  return bytes;
}

/** "invalid": what comes is no archive. */
export function decodeTar(bytes: Uint8Array): readonly TarEntry[] | "invalid" {
  const entries: TarEntry[] = [];
  let name: string | undefined;
  let target: string | undefined;
  for (let at = 0; at + block <= bytes.length; ) {
    const header = bytes.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    if (!hasChecksum(header)) return "invalid";
    const size = octalAt(header, 124, 12);
    const content = bytes.slice(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") name = textOf(content);
    else if (type === "K") target = textOf(content);
    else if (type === "x") ({ path: name = name, linkpath: target = target } = extended(content));
    else if (type !== "g") {
      entries.push(entryOf(header, type, content, name, target));
      [name, target] = [undefined, undefined];
    }
  }
  return entries;
}

function entryOf(
  header: Uint8Array,
  type: string,
  content: Uint8Array,
  name: string | undefined,
  target: string | undefined,
): TarEntry {
  const isUstar = latin1Text(header.subarray(257, 263)) === "ustar\0";
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  const short = textOf(header.subarray(0, 100));
  const full = name ?? (prefix === "" ? short : `${prefix}/${short}`);
  const kind = kindOf(type, full);
  return {
    name: full,
    kind,
    mode: octalAt(header, 100, 8),
    uid: octalAt(header, 108, 8),
    gid: octalAt(header, 116, 8),
    modifiedAt: octalAt(header, 136, 12) * second,
    target: target ?? textOf(header.subarray(157, 257)),
    content: kind === "file" ? content : new Uint8Array(),
  };
}

function kindOf(type: string, name: string): TarEntry["kind"] {
  const found = Object.entries(kinds).find(([, letter]) => letter === type)?.[0];
  if (found !== undefined && found !== "file") return found as TarEntry["kind"];
  return name.endsWith("/") ? "directory" : "file";
}

/** "25 path=some/name\n", one after the other. */
function extended(content: Uint8Array): Readonly<Partial<Record<"path" | "linkpath", string>>> {
  const found: Record<string, string> = {};
  const text = textOf(content);
  for (const [, key = "", value = ""] of text.matchAll(/\d+ (path|linkpath)=([^\n]*)\n/g))
    found[key] = value;
  return found;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const own = end < 0 ? bytes : bytes.subarray(0, end);
  return utf8Text(own) ?? latin1Text(own);
}

function octalAt(header: Uint8Array, at: number, length: number): number {
  return Number.parseInt(textOf(header.subarray(at, at + length)).trim() || "0", 8) || 0;
}

function hasChecksum(header: Uint8Array): boolean {
  const blank = 0x20;
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? blank : byte), 0);
  return sum === octalAt(header, 148, 8);
}
