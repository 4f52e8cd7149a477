// Files that change all at once: they lie in a directory of their own, and a link to it is exchanged.
// Source: pkg/volume/util/atomic_writer.go, kubernetes v1.34.
import { civilTime, type Instant } from "../../../base/time.ts";
import {
  type Directory,
  directory,
  type FileNode,
  regularFile,
  symbolicLink,
} from "../process/fileNode.ts";
import { FileTree } from "../process/mounts.ts";
import type { Payload, PayloadFile } from "./payload.ts";

export interface Ownership {
  /** The group that files get, and may read; undefined to leave them root's. */
  readonly fsGroup: number | undefined;
}

const dataLink = "..data";

export class AtomicVolume {
  readonly tree: FileTree;
  private root: Directory | undefined;
  private shown: Payload = new Map();
  private writes = 0;

  /**
   * @param payload read once somebody looks
   * @param seen called then: from that moment on changes matter
   */
  constructor(
    private payload: () => Payload,
    private readonly ownership: Ownership,
    private readonly now: () => Instant,
    private readonly seen: () => void = () => undefined,
  ) {
    this.tree = new FileTree(() => this.make(), "tmpfs", now);
  }

  /** Shows another payload from now on; nothing happens if it says the same. */
  update(payload: () => Payload): void {
    this.payload = payload;
    if (!this.root) return;
    const next = payload();
    if (isSame(next, this.shown)) return;
    this.write(this.root, next);
    this.tree.changed();
  }

  private make(): Directory {
    const root = directory([], { mode: 0o1777 | this.groupBits(0o2000), ...this.group() });
    this.write(root, this.payload());
    this.root = root;
    this.seen();
    return root;
  }

  private write(root: Directory, payload: Payload): void {
    const modifiedAt = this.now();
    const folder = directory([], { modifiedAt, mode: 0o755, ...this.group() });
    for (const [path, file] of payload) this.put(folder, path.split("/"), file);
    const name = `${stamp(modifiedAt)}.${this.writes++}`;
    const old = root.entries.get(dataLink);
    root.entries.set(name, folder);
    root.entries.set(dataLink, symbolicLink(name, { modifiedAt }));
    if (old?.kind === "symlink") root.entries.delete(old.target);
    for (const top of folder.entries.keys())
      if (!root.entries.has(top))
        root.entries.set(top, symbolicLink(`${dataLink}/${top}`, { modifiedAt }));
    for (const [top, node] of root.entries)
      if (isLinkToGone(top, node, folder)) root.entries.delete(top);
    this.shown = payload;
  }

  private put(into: Directory, [name = "", ...rest]: readonly string[], file: PayloadFile): void {
    const modifiedAt = this.now();
    if (rest.length === 0) {
      const mode = file.mode | this.groupBits(0o440);
      const attributes = { mode, modifiedAt, uid: file.uid ?? 0, ...this.group() };
      into.entries.set(name, regularFile(file.data, attributes));
      return;
    }
    const known = into.entries.get(name);
    const child =
      known?.kind === "directory" ? known : directory([], { modifiedAt, ...this.group() });
    into.entries.set(name, child);
    this.put(child, rest, file);
  }

  private group(): { readonly gid?: number } {
    const { fsGroup } = this.ownership;
    return fsGroup === undefined ? {} : { gid: fsGroup };
  }

  private groupBits(bits: number): number {
    return this.ownership.fsGroup === undefined ? 0 : bits;
  }
}

function isLinkToGone(name: string, node: FileNode, folder: Directory): boolean {
  return node.kind === "symlink" && name !== dataLink && !folder.entries.has(name);
}

function isSame(a: Payload, b: Payload): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([path, { data, mode }]) => {
    const other = b.get(path);
    return other?.mode === mode && String(other.data) === String(data);
  });
}

/** "..2026_01_31_09_00_00". */
function stamp(at: Instant): string {
  const { year, month, date, hours, minutes, seconds } = civilTime(at);
  const parts = [month, date, hours, minutes, seconds].map((part) => String(part).padStart(2, "0"));
  return `..${year}_${parts.join("_")}`;
}
