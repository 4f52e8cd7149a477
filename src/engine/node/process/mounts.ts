// What is mounted where in a container, with the tree of files at each place.
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Instant } from "../../../base/time.ts";
import { type FileNode, ownCopy } from "./fileNode.ts";

/** A tree of files that may be mounted at several places, e.g. a volume in several containers. */
export class FileTree {
  private listeners: (() => void)[] = [];

  /**
   * @param top may be made when somebody looks first
   * @param type as `mount` prints it: "overlay", "tmpfs", "ext4", …
   */
  constructor(
    private top: FileNode | (() => FileNode),
    readonly type: string,
    readonly now: () => Instant,
    /** What the root is, known before it is made. */
    readonly rootKind: FileNode["kind"] = "directory",
  ) {}

  get root(): FileNode {
    if (typeof this.top === "function") this.top = this.top();
    return this.top;
  }

  /** The root, as a node that may be changed. */
  ownRoot(): FileNode {
    const { root } = this;
    if (!root.isShared) return root;
    const own = ownCopy(root);
    this.top = own;
    return own;
  }

  /** Hears of the next change to anything in the tree, once. */
  onceChanged(listener: () => void): Disposable {
    this.listeners.push(listener);
    return disposable(() => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    });
  }

  changed(): void {
    for (const listener of this.listeners.splice(0)) listener();
  }
}

export interface Mount {
  /** Canonical and absolute: "/etc/config". */
  readonly path: string;
  readonly tree: FileTree;
  /** What of the tree is seen there; the tree's root if absent (a subPath otherwise). */
  readonly node?: FileNode;
  readonly isReadOnly?: boolean;
}

export class Mounts {
  private readonly byPath = new Map<string, Mount>();

  constructor(mounts: Iterable<Mount>) {
    for (const mount of mounts) this.byPath.set(mount.path, mount);
  }

  at(path: string): Mount | undefined {
    return this.byPath.get(path);
  }

  list(): readonly Mount[] {
    return [...this.byPath.values()];
  }
}
