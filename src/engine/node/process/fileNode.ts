// The things that paths lead to. Nodes of an image's layers are shared by all its containers
// (`isShared`) and are copied before anybody changes them.
import type { Instant } from "../../../base/time.ts";
import type { ByteSink, ByteSource } from "./byteStream.ts";
import type { Executable } from "./process.ts";

export interface FileAttributes {
  /** Permission bits with setuid, setgid and sticky, e.g. 0o644. */
  mode: number;
  uid: number;
  gid: number;
  modifiedAt: Instant;
}

export interface RegularFile extends FileAttributes {
  readonly kind: "file";
  readonly isShared?: boolean;
  content: string | Uint8Array;
  /** What runs when the file is executed; a script has none, its first line says. */
  readonly program?: Executable;
}

export interface Directory extends FileAttributes {
  readonly kind: "directory";
  readonly isShared?: boolean;
  readonly entries: Map<string, FileNode>;
}

export interface SymbolicLink extends FileAttributes {
  readonly kind: "symlink";
  readonly isShared?: boolean;
  readonly target: string;
}

/** A character device, or another file whose content is made when it is read. */
export interface Device extends FileAttributes {
  readonly kind: "device";
  readonly isShared?: boolean;
  read?(streams: StandardStreams): ByteSource;
  write?(streams: StandardStreams): ByteSink;
}

export type FileNode = RegularFile | Directory | SymbolicLink | Device;

/** Where a process's input comes from and its output goes. */
export interface StandardStreams {
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** Those of the container's first process. */
  readonly main?: Pick<StandardStreams, "stdout" | "stderr">;
}

const ownedByRoot = { uid: 0, gid: 0, modifiedAt: 0 };

export function regularFile(
  content: string | Uint8Array,
  attributes: Partial<FileAttributes> = {},
): RegularFile {
  return { kind: "file", content, ...ownedByRoot, mode: 0o644, ...attributes };
}

/** A program as a file, e.g. /bin/busybox. */
export function programFile(program: Executable, modifiedAt: Instant = 0): RegularFile {
  return { kind: "file", content: "\x7fELF", ...ownedByRoot, mode: 0o755, modifiedAt, program };
}

export function directory(
  entries: Iterable<readonly [string, FileNode]> = [],
  attributes: Partial<FileAttributes> = {},
): Directory {
  return {
    kind: "directory",
    entries: new Map(entries),
    ...ownedByRoot,
    mode: 0o755,
    ...attributes,
  };
}

export function symbolicLink(
  target: string,
  attributes: Partial<FileAttributes> = {},
): SymbolicLink {
  return { kind: "symlink", target, ...ownedByRoot, mode: 0o777, ...attributes };
}

/** Marks a tree as a layer that many file systems build on: nobody changes it from now on. */
export function shared(node: FileNode): FileNode {
  if (node.kind !== "directory") return { ...node, isShared: true };
  const entries = [...node.entries].map(([name, child]) => [name, shared(child)] as const);
  return { ...node, isShared: true, entries: new Map(entries) };
}

/** A copy of a shared node that may be changed; what it holds is still shared. */
export function ownCopy(node: FileNode): FileNode {
  const { isShared: _, ...rest } = node;
  return node.kind === "directory"
    ? { ...(rest as Directory), entries: new Map(node.entries) }
    : (rest as FileNode);
}
