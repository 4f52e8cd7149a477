// The files of a container as one of its processes sees them: POSIX calls over mounted trees, with the
// permissions of the process's user. Calls take no time; expected failures are thrown as FileError.
import type { Instant } from "../../../base/time.ts";
import { utf8Bytes, utf8Text } from "../../../base/utf8.ts";
import type { Wait } from "../steps.ts";
import { type ByteSink, type ByteSource, noInput, noOutput } from "./byteStream.ts";
import { FileError } from "./fileError.ts";
import {
  type Directory,
  directory,
  type FileNode,
  type RegularFile,
  regularFile,
  type StandardStreams,
  symbolicLink,
} from "./fileNode.ts";
import type { FileTree, Mount, Mounts } from "./mounts.ts";
import { baseName, directoryName } from "./paths.ts";
import { PathWalker, type Place } from "./pathWalker.ts";
import type { User } from "./process.ts";

export interface FileStat {
  readonly kind: FileNode["kind"];
  /** Permission bits only, e.g. 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes. */
  readonly size: number;
  readonly modifiedAt: Instant;
  /** Equal for two paths that lead to the same file. */
  readonly identity: object;
}

export interface WriteOptions {
  /** Of a new file, before the umask; 0o666 if absent. */
  readonly mode?: number;
  readonly append?: boolean;
  /** EEXIST if there is something already. */
  readonly exclusive?: boolean;
}

export class FileSystem {
  /** Taken from the modes of new files. */
  umask = 0o022;
  private readonly walker: PathWalker;

  constructor(
    private readonly mounts: Mounts,
    private readonly user: User,
    private readonly streams: StandardStreams = {
      stdin: noInput,
      stdout: noOutput,
      stderr: noOutput,
    },
  ) {
    this.walker = new PathWalker(mounts, user);
  }

  /** The same files, as another process sees them. */
  as(user: User, streams: StandardStreams = this.streams): FileSystem {
    const view = new FileSystem(this.mounts, user, streams);
    view.umask = this.umask;
    return view;
  }

  exists(path: string): boolean {
    return this.stats(path) !== undefined;
  }

  /** As `stat`, but undefined for what is not there or can't be reached. */
  stats(path: string): FileStat | undefined {
    try {
      return this.stat(path);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /** Of what `path` leads to, links followed. */
  stat(path: string): FileStat {
    return statOf(this.walker.find(path).node);
  }

  /** Of `path` itself, even if it is a link. */
  linkStat(path: string): FileStat {
    return statOf(this.walker.find(path, { follows: false }).node);
  }

  /** @throws FileError EACCES if the user may not */
  access(path: string, wish: "read" | "write" | "execute"): void {
    const place = this.walker.find(path);
    if (wish === "write" && place.isReadOnly) throw new FileError("EROFS", path);
    this.walker.check(place.node, wish, path);
  }

  /** A file's bytes; not to be changed. */
  read(path: string): Uint8Array {
    const file = this.fileAt(path);
    return typeof file.content === "string" ? utf8Bytes(file.content) : file.content;
  }

  /** A file's text; what is no UTF-8 is replaced. */
  readText(path: string): string {
    const { content } = this.fileAt(path);
    if (typeof content === "string") return content;
    return utf8Text(content) ?? String.fromCharCode(...content);
  }

  /** The node of an executable file, for who runs it. */
  programAt(path: string): RegularFile {
    const { node } = this.walker.find(path);
    if (node.kind !== "file") throw new FileError("EACCES", path);
    this.walker.check(node, "execute", path);
    return node;
  }

  /** What a path leads to, as a node that may be mounted elsewhere, too. */
  ownNode(path: string): FileNode {
    return this.walker.own(this.walker.find(path)).node;
  }

  write(path: string, data: Uint8Array | string, options: WriteOptions = {}): void {
    const sink = this.sink(path, options);
    if (data.length > 0) sink.write(data);
  }

  /** Opens a file for reading from its start; devices may have the reader wait. */
  source(path: string): ByteSource {
    const { node } = this.walker.find(path);
    if (node.kind === "directory") throw new FileError("EISDIR", path);
    this.walker.check(node, "read", path);
    if (node.kind === "device") return node.read?.(this.streams) ?? noInput;
    return fileSource(node as RegularFile);
  }

  /** Opens a file for writing: makes it, or empties it unless it is to be appended to. */
  sink(path: string, { mode = 0o666, append = false, exclusive }: WriteOptions = {}): ByteSink {
    const found = this.walker.tryFind(path);
    if (found && exclusive) throw new FileError("EEXIST", path);
    if (found?.node.kind === "directory") throw new FileError("EISDIR", path);
    if (found?.node.kind === "device") {
      this.walker.check(found.node, "write", path);
      return found.node.write?.(this.streams) ?? noOutput;
    }
    const place = found ?? this.createFile(path, mode & ~this.umask);
    if (place.isReadOnly) throw new FileError("EROFS", path);
    if (found) this.walker.check(place.node, "write", path);
    const { node, tree } = this.walker.own(place);
    const file = node as RegularFile;
    if (found && !append) setContent(file, "", tree);
    return fileSink(file, tree, append);
  }

  /** In the order in which they were made; "." and ".." are left out. */
  list(path: string): readonly string[] {
    const place = this.walker.find(path);
    if (place.node.kind !== "directory") throw new FileError("ENOTDIR", path);
    this.walker.check(place.node, "read", path);
    return [...place.node.entries.keys()];
  }

  makeDirectory(path: string, mode = 0o777): void {
    const trimmed = path.replace(/\/+$/, "") || "/";
    if (this.walker.tryFind(trimmed, { follows: false })) throw new FileError("EEXIST", path);
    this.putNew(trimmed, directory([], this.attributes(mode & ~this.umask, trimmed)));
  }

  /** As `mkdir -p`. */
  makeDirectories(path: string): void {
    const found = this.walker.tryFind(path);
    if (found?.node.kind === "directory") return;
    if (found) throw new FileError("EEXIST", path);
    const parent = directoryName(path.replace(/\/+$/, ""));
    if (parent !== "/" && parent !== ".") this.makeDirectories(parent);
    this.makeDirectory(path);
  }

  symlink(target: string, path: string): void {
    if (this.walker.tryFind(path, { follows: false })) throw new FileError("EEXIST", path);
    this.putNew(path, symbolicLink(target, this.attributes(0o777, path)));
  }

  /** A second name for a file. */
  link(existing: string, path: string): void {
    const { node } = this.walker.own(this.walker.find(existing, { follows: false }));
    if (node.kind === "directory") throw new FileError("EPERM", existing);
    if (this.walker.tryFind(path, { follows: false })) throw new FileError("EEXIST", path);
    this.putNew(path, node);
  }

  /** Where a link points. @throws FileError EINVAL if it is no link */
  readLink(path: string): string {
    const { node } = this.walker.find(path, { follows: false });
    if (node.kind !== "symlink") throw new FileError("EINVAL", path);
    return node.target;
  }

  /** The path without links. */
  realPath(path: string): string {
    return this.walker.find(path).path;
  }

  /** Removes a file or link. */
  unlink(path: string): void {
    const { node } = this.walker.find(path, { follows: false });
    if (node.kind === "directory") throw new FileError("EISDIR", path);
    this.removeEntry(path);
  }

  removeDirectory(path: string): void {
    const { node } = this.walker.find(path, { follows: false });
    if (node.kind !== "directory") throw new FileError("ENOTDIR", path);
    if (node.entries.size > 0) throw new FileError("ENOTEMPTY", path);
    this.removeEntry(path);
  }

  /** As `rm -r`; what is mounted stays and is EBUSY. */
  removeAll(path: string): void {
    const { node } = this.walker.find(path, { follows: false });
    if (node.kind !== "directory") {
      this.unlink(path);
      return;
    }
    for (const name of [...node.entries.keys()]) this.removeAll(`${path}/${name}`);
    this.removeDirectory(path);
  }

  rename(from: string, to: string): void {
    const source = this.walker.find(from, { follows: false });
    const target = this.walker.tryFind(to, { follows: false });
    if (target?.node === source.node) return;
    if (target?.node.kind === "directory") {
      if (source.node.kind !== "directory") throw new FileError("EISDIR", to);
      if (target.node.entries.size > 0) throw new FileError("ENOTEMPTY", to);
    } else if (target && source.node.kind === "directory") throw new FileError("ENOTDIR", to);
    if (this.mounts.at(source.path)) throw new FileError("EBUSY", from);
    if (`${to}/`.startsWith(`${source.path}/`)) throw new FileError("EINVAL", to);
    const parent = this.walker.find(directoryName(to) === "." ? "/" : directoryName(to));
    if (parent.tree !== source.tree) throw new FileError("EXDEV", to);
    this.removeEntry(from);
    this.putNew(to, source.node);
  }

  changeMode(path: string, mode: number): void {
    this.change(path, (node) => {
      if (!this.owns(node)) throw new FileError("EPERM", path);
      node.mode = mode;
    });
  }

  /** @param options `follows: false` changes a link itself */
  changeOwner(
    path: string,
    owner: { readonly uid?: number; readonly gid?: number },
    options: { readonly follows?: boolean } = {},
  ): void {
    this.change(
      path,
      (node) => {
        const { uid = node.uid, gid = node.gid } = owner;
        const mayGroup = this.owns(node) && uid === node.uid && this.isMember(gid);
        if (this.user.uid !== 0 && !mayGroup) throw new FileError("EPERM", path);
        node.uid = uid;
        node.gid = gid;
      },
      options,
    );
  }

  setModified(path: string, at: Instant): void {
    this.change(path, (node) => {
      if (!this.owns(node)) this.walker.check(node, "write", path);
      node.modifiedAt = at;
    });
  }

  /** Cuts a file off, or fills it up with zeros. */
  truncate(path: string, size: number): void {
    const bytes = this.read(path);
    const cut = new Uint8Array(size);
    cut.set(bytes.subarray(0, size));
    this.write(path, cut);
  }

  /** For `mount` and `df`. */
  listMounts(): readonly Mount[] {
    return this.mounts.list();
  }

  /** The mount that a path lies in. */
  mountOf(path: string): Mount | undefined {
    return this.walker.find(path).mount;
  }

  /** Waits until something changes in the tree that `path` lies in; for `tail -f`. */
  nextChange(path: string): Wait {
    const { tree } = this.walker.find(path);
    return { until: (resume) => tree.onceChanged(resume) };
  }

  private fileAt(path: string): RegularFile {
    const { node } = this.walker.find(path);
    if (node.kind === "directory") throw new FileError("EISDIR", path);
    this.walker.check(node, "read", path);
    return node.kind === "file" ? node : regularFile("");
  }

  private createFile(path: string, mode: number): Place {
    if (path.endsWith("/")) throw new FileError("EISDIR", path);
    const dangling = this.walker.tryFind(path, { follows: false });
    const target = dangling ? this.walker.targetOf(dangling) : path;
    this.putNew(target, regularFile("", this.attributes(mode, target)));
    return this.walker.find(target);
  }

  /** A new node belongs to its maker, and to the directory's group where that is inherited. */
  private attributes(mode: number, path: string) {
    const parent = this.walker.find(parentOf(path));
    const inherits = (parent.node.mode & 0o2000) !== 0;
    const { uid, gid } = this.user;
    return {
      mode,
      uid,
      gid: inherits ? parent.node.gid : gid,
      modifiedAt: parent.tree.now(),
    };
  }

  private putNew(path: string, node: FileNode): void {
    const parent = this.writableParent(path);
    (this.walker.own(parent).node as Directory).entries.set(baseName(path), node);
    this.touched(parent);
  }

  private removeEntry(path: string): void {
    const { path: canonical, node } = this.walker.find(path, { follows: false });
    if (this.mounts.at(canonical)) throw new FileError("EBUSY", path);
    const parent = this.writableParent(path);
    const isSticky = (parent.node.mode & 0o1000) !== 0;
    if (isSticky && !this.owns(node) && !this.owns(parent.node)) throw new FileError("EPERM", path);
    (this.walker.own(parent).node as Directory).entries.delete(baseName(canonical));
    this.touched(parent);
  }

  private writableParent(path: string): Place {
    const parent = this.walker.find(parentOf(path));
    if (parent.node.kind !== "directory") throw new FileError("ENOTDIR", path);
    if (parent.isReadOnly) throw new FileError("EROFS", path);
    this.walker.check(parent.node, "write", path);
    return parent;
  }

  private touched(place: Place): void {
    place.node.modifiedAt = place.tree.now();
    place.tree.changed();
  }

  private change(
    path: string,
    act: (node: FileNode) => void,
    options: { readonly follows?: boolean } = {},
  ): void {
    const place = this.walker.find(path, options);
    if (place.isReadOnly) throw new FileError("EROFS", path);
    act(this.walker.own(place).node);
    place.tree.changed();
  }

  private owns(node: FileNode): boolean {
    return this.user.uid === 0 || this.user.uid === node.uid;
  }

  private isMember(gid: number): boolean {
    return this.user.gid === gid || this.user.groups.includes(gid);
  }
}

function parentOf(path: string): string {
  const parent = directoryName(path.replace(/\/+$/, ""));
  return parent === "." ? "/" : parent;
}

function statOf(node: FileNode): FileStat {
  const { kind, mode, uid, gid, modifiedAt } = node;
  return { kind, mode, uid, gid, modifiedAt, size: sizeOf(node), identity: node };
}

function sizeOf(node: FileNode): number {
  switch (node.kind) {
    case "file":
      return typeof node.content === "string"
        ? utf8Bytes(node.content).length
        : node.content.length;
    case "symlink":
      return node.target.length;
    case "directory":
      return 4_096;
    case "device":
      return 0;
  }
}

function contentBytes({ content }: RegularFile): Uint8Array {
  return typeof content === "string" ? utf8Bytes(content) : content;
}

function fileSink(file: RegularFile, tree: FileTree, append: boolean): ByteSink {
  let at = append ? undefined : 0;
  return {
    write(data) {
      const old = contentBytes(file);
      const bytes = typeof data === "string" ? utf8Bytes(data) : data;
      const start = at ?? old.length;
      if (start + bytes.length > largestFile) throw new FileError("ENOSPC");
      const isGrowing = start === old.length;
      setContent(file, isGrowing ? grown(file, old, bytes) : spliced(old, start, bytes), tree);
      if (at !== undefined) at += bytes.length;
    },
  };
}

function setContent(file: RegularFile, content: string | Uint8Array, tree: FileTree): void {
  file.content = content;
  file.modifiedAt = tree.now();
  tree.changed();
}

/** A simulated disk has no room for a larger file: it lies in the engine's memory. */
const largestFile = 64 << 20;

/** The room behind a file's bytes, so that what grows line by line is not copied each time. */
const rooms = new WeakMap<RegularFile, Uint8Array>();

function grown(file: RegularFile, old: Uint8Array, added: Uint8Array): Uint8Array {
  const length = old.length + added.length;
  let room = rooms.get(file);
  if (!room || old.buffer !== room.buffer || room.length < length) {
    room = new Uint8Array(2 * length);
    room.set(old);
    rooms.set(file, room);
  }
  room.set(added, old.length);
  return room.subarray(0, length);
}

function spliced(old: Uint8Array, from: number, added: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.max(old.length, from + added.length));
  whole.set(old);
  whole.set(added, from);
  return whole;
}

/** Reads what is in the file at each moment: what is appended later is read later. */
function fileSource(file: RegularFile): ByteSource {
  let at = 0;
  return {
    // biome-ignore lint/correctness/useYield: a file's bytes are there
    *read() {
      const bytes = contentBytes(file).subarray(at);
      at += bytes.length;
      return bytes.length > 0 ? bytes : undefined;
    },
  };
}
