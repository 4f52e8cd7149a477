// What a container sees where: its image, its volumes with their sub-paths, and what the kubelet and the
// runtime put there. Source: pkg/kubelet/kubelet_pods.go makeMounts, kubernetes v1.34.
import type { Container, VolumeMount } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { FileError } from "../process/fileError.ts";
import { type Directory, regularFile } from "../process/fileNode.ts";
import { FileSystem } from "../process/fileSystem.ts";
import { FileTree, type Mount, Mounts } from "../process/mounts.ts";
import { absolutePath, directoryName } from "../process/paths.ts";
import { expanded } from "../variableExpansion.ts";
import type { MountableVolume, PodVolumes } from "./podVolumes.ts";

/** Why the container's configuration can't be made, in the kubelet's words. */
export interface MountError {
  readonly error: string;
}

const root = { uid: 0, gid: 0, groups: [] };

/** The volumes that the container mounts. */
export function volumeMounts(
  container: Container,
  volumes: PodVolumes,
  env: Readonly<Record<string, string>>,
): readonly Mount[] | MountError {
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (!volume) continue;
    const found = mountOf(mount, volume, { container, env });
    if ("error" in found) return found;
    mounts.push(found);
  }
  return mounts;
}

interface Surroundings {
  readonly container: Container;
  readonly env: Readonly<Record<string, string>>;
}

function mountOf(
  mount: VolumeMount,
  volume: MountableVolume,
  { container, env }: Surroundings,
): Mount | MountError {
  const subPath = subPathOf(mount, env);
  if (typeof subPath !== "string") return subPath;
  const whole: Mount = {
    path: absolutePath("/", mount.mountPath),
    tree: volume.tree,
    ...(volume.node ? { node: volume.node } : {}),
    isReadOnly: volume.isReadOnly || (mount.readOnly ?? false),
  };
  if (subPath === "") return whole;
  const of = `subPath for volumeMount "${mount.name}" of container "${container.name}"`;
  const files = new FileSystem(new Mounts([{ ...whole, path: "/", isReadOnly: false }]), root);
  try {
    if (!files.exists(`/${subPath}`)) files.makeDirectories(`/${subPath}`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const directoryOf = of.replace("subPath", "subPath directory");
    return { error: `failed to create ${directoryOf}` };
  }
  return { ...whole, node: files.ownNode(`/${subPath}`) };
}

function subPathOf(
  { subPath = "", subPathExpr }: VolumeMount,
  env: Readonly<Record<string, string>>,
): string | MountError {
  const missing = new Set<string>();
  const path = subPathExpr
    ? expanded(subPathExpr, (name) => {
        if (!env[name]) missing.add(name);
        return env[name] ?? "";
      })
    : subPath;
  if (missing.size > 0) return { error: `missing value for ${[...missing].sort().join(", ")}` };
  if (path.startsWith("/"))
    return { error: `error SubPath \`${path}\` must not be an absolute path` };
  if (path.split("/").includes(".."))
    return { error: `unable to provision SubPath \`${path}\`: must not contain '..'` };
  return path;
}

export interface RootFiles {
  readonly image: Directory;
  readonly volumes: readonly Mount[];
  /** Files that the kubelet manages, by path, e.g. /etc/hosts. */
  readonly managed: Readonly<Record<string, string>>;
  readonly terminationMessagePath: string;
  readonly isReadOnly: boolean;
  readonly type: "overlay";
  now(): Instant;
}

/** The container's files as root sees them. */
export function containerFiles(container: RootFiles): FileSystem {
  const { image, volumes, managed, terminationMessagePath, isReadOnly, type, now } = container;
  const tree = new FileTree(image, type, now);
  const taken = new Set(volumes.map(({ path }) => path));
  const own = Object.entries({ ...managed, [terminationMessagePath]: "" })
    .filter(([path]) => !taken.has(path))
    .map(([path, text]): Mount => {
      const attributes = {
        mode: path === terminationMessagePath ? 0o666 : 0o644,
        modifiedAt: now(),
      };
      return { path, tree: new FileTree(regularFile(text, attributes), "ext4", now, "file") };
    });
  const mounts = [...volumes, ...own];
  const placed = atPoints(tree, mounts);
  return new FileSystem(new Mounts([{ path: "/", tree, isReadOnly }, ...placed]), root);
}

/** The runtime makes the directories and files that are mounted over, where links lead to. */
function atPoints(tree: FileTree, mounts: readonly Mount[]): readonly Mount[] {
  const bare = new FileSystem(new Mounts([{ path: "/", tree }]), root);
  return mounts.map((mount) => {
    const { path } = mount;
    try {
      if (!bare.exists(path)) {
        const isDirectory = (mount.node?.kind ?? mount.tree.rootKind) === "directory";
        bare.makeDirectories(isDirectory ? path : directoryName(path));
        if (!isDirectory) bare.write(path, "");
      }
      return { ...mount, path: bare.realPath(path) };
    } catch (error) {
      // Something is in the way; what is mounted there is seen all the same.
      if (!(error instanceof FileError)) throw error;
      return mount;
    }
  });
}
