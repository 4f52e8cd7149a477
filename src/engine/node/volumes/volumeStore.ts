// What volumes hold beyond the life of a Pod: the directories of each machine, and the content of
// persistent volumes, wherever they are mounted.
import type { Instant } from "../../../base/time.ts";
import { directory, symbolicLink } from "../process/fileNode.ts";
import { FileTree } from "../process/mounts.ts";

export class VolumeStore {
  private readonly trees = new Map<string, FileTree>();

  constructor(private readonly now: () => Instant) {}

  /** The root file system of a machine. */
  machine(name: string): FileTree {
    return this.tree(`machine ${name}`, "ext4", () => directory(machineFolders()));
  }

  /** The content of a PersistentVolume, by its name. */
  persistent(name: string): FileTree {
    return this.tree(`volume ${name}`, "ext4", () => directory([], { mode: 0o777 }));
  }

  /** The volume is deleted, and its content with it. */
  forget(name: string): void {
    this.trees.delete(`volume ${name}`);
  }

  private tree(key: string, type: string, make: () => ReturnType<typeof directory>): FileTree {
    const known = this.trees.get(key);
    if (known) return known;
    const made = new FileTree(make, type, this.now);
    this.trees.set(key, made);
    return made;
  }
}

function machineFolders() {
  const empty = () => directory();
  return [
    [
      "etc",
      directory([
        [
          "kubernetes",
          directory([
            ["manifests", empty()],
            ["pki", empty()],
          ]),
        ],
        ["ssl", directory([["certs", empty()]])],
      ]),
    ],
    ["dev", empty()],
    ["home", empty()],
    ["lib", directory([["modules", empty()]])],
    ["mnt", empty()],
    ["opt", empty()],
    ["proc", empty()],
    ["root", directory([], { mode: 0o700 })],
    ["run", directory([["containerd", empty()]])],
    ["sys", empty()],
    ["tmp", directory([], { mode: 0o1777 })],
    ["usr", directory([["share", directory([["ca-certificates", empty()]])]])],
    [
      "var",
      directory([
        ["lib", directory([["kubelet", empty()]])],
        ["log", directory([["pods", empty()]])],
        ["run", symbolicLink("/run")],
      ]),
    ],
  ] as const;
}
