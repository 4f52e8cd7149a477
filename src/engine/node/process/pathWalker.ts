// From a path to what is there: mounts, links and "..", with the right to pass each directory.
import { FileError } from "./fileError.ts";
import { type Directory, type FileNode, ownCopy } from "./fileNode.ts";
import type { FileTree, Mount, Mounts } from "./mounts.ts";
import type { User } from "./process.ts";

/** Where a walk has arrived. */
export interface Place {
  /** Canonical: absolute and without links. */
  readonly path: string;
  readonly mount: Mount;
  readonly tree: FileTree;
  readonly node: FileNode;
  readonly parent: Place | undefined;
  readonly isReadOnly: boolean;
}

interface WalkOptions {
  /** Whether a link at the end is followed; true if absent. */
  readonly follows?: boolean;
}

/** As Linux has it. */
const mostLinks = 40;

export class PathWalker {
  constructor(
    private readonly mounts: Mounts,
    private readonly user: User,
  ) {}

  /** @throws FileError ENOENT, ENOTDIR, EACCES or ELOOP */
  find(path: string, { follows = true }: WalkOptions = {}): Place {
    let place = this.start(path);
    const left = path.split("/").reverse();
    let links = 0;
    while (left.length > 0) {
      const name = left.pop() ?? "";
      if (place.node.kind !== "directory") throw new FileError("ENOTDIR", path);
      if (name === "" || name === ".") continue;
      const child = this.step(place, name, path);
      if (child.node.kind === "symlink" && (left.length > 0 || follows)) {
        if (++links > mostLinks) throw new FileError("ELOOP", path);
        left.push(...child.node.target.split("/").reverse());
        if (child.node.target.startsWith("/")) place = this.start(path);
      } else place = child;
    }
    return place;
  }

  /** As `find`, but undefined if the last part of the path is not there. */
  tryFind(path: string, options: WalkOptions = {}): Place | undefined {
    try {
      return this.find(path, options);
    } catch (error) {
      if (error instanceof FileError && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Where a link at `place` leads, as a path. */
  targetOf({ node, parent }: Place): string {
    const target = node.kind === "symlink" ? node.target : "";
    return target.startsWith("/") ? target : `${parent?.path ?? ""}/${target}`;
  }

  /** The same place, with a node that is the tree's own and may be changed. */
  own(place: Place): Place {
    const node = this.ownNode(place);
    return node === place.node ? place : { ...place, node };
  }

  /** @throws FileError EACCES unless the user may */
  check(node: FileNode, wish: "read" | "write" | "execute", path: string): void {
    const { uid, gid, groups } = this.user;
    const bit = { read: 4, write: 2, execute: 1 }[wish];
    if (uid === 0) {
      // Root may do anything but execute what nobody may.
      if (wish === "execute" && node.kind === "file" && (node.mode & 0o111) === 0)
        throw new FileError("EACCES", path);
      return;
    }
    const isGroup = node.gid === gid || groups.includes(node.gid);
    const shift = node.uid === uid ? 6 : isGroup ? 3 : 0;
    if (((node.mode >> shift) & bit) === 0) throw new FileError("EACCES", path);
  }

  private ownNode({ node, parent, path, mount, tree }: Place): FileNode {
    const current = this.current(parent, path) ?? node;
    if (!current.isShared) return current;
    if (this.mounts.at(path) === mount) return mount.node ?? tree.ownRoot();
    const copy = ownCopy(current);
    if (parent) (this.ownNode(parent) as Directory).entries.set(nameOf(path), copy);
    return copy;
  }

  /** What is there now: it may have been copied since the walk. */
  private current(parent: Place | undefined, path: string): FileNode | undefined {
    const mount = this.mounts.at(path);
    if (mount) return mount.node ?? mount.tree.root;
    if (!parent) return undefined;
    const node = this.current(parent.parent, parent.path) ?? parent.node;
    return node.kind === "directory" ? node.entries.get(nameOf(path)) : undefined;
  }

  private start(path: string): Place {
    const mount = this.mounts.at("/");
    if (!mount) throw new FileError("ENOENT", path);
    return placeOf(mount, "/", undefined);
  }

  private step(place: Place, name: string, path: string): Place {
    this.check(place.node, "execute", path);
    const next = name === ".." ? (place.parent ?? place) : this.child(place, name);
    if (!next) throw new FileError("ENOENT", path);
    return next;
  }

  private child(place: Place, name: string): Place | undefined {
    const path = `${place.path === "/" ? "" : place.path}/${name}`;
    const mount = this.mounts.at(path);
    if (mount) return placeOf(mount, path, place);
    const node = place.node.kind === "directory" ? place.node.entries.get(name) : undefined;
    return node && { ...place, path, node, parent: place };
  }
}

function placeOf(mount: Mount, path: string, parent: Place | undefined): Place {
  const node = mount.node ?? mount.tree.root;
  const isReadOnly = mount.isReadOnly ?? false;
  return { path, mount, tree: mount.tree, node, parent, isReadOnly };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
