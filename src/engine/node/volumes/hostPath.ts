// A path of the machine as a volume, with the checks of its type.
// Source: pkg/volume/hostpath/host_path.go checkTypeInternal, kubernetes v1.34.
import type { HostPathVolumeSource } from "../../../api/types.ts";
import { FileError } from "../process/fileError.ts";
import type { FileNode } from "../process/fileNode.ts";
import { FileSystem } from "../process/fileSystem.ts";
import { type FileTree, Mounts } from "../process/mounts.ts";
import { directoryName } from "../process/paths.ts";

const root = { uid: 0, gid: 0, groups: [] };

/** What lies at the path; directories are made as the type, or the runtime in the end, has it. */
export function hostPathNode(
  tree: FileTree,
  { path, type = "" }: HostPathVolumeSource,
): { readonly node: FileNode } | { readonly error: string } {
  const files = new FileSystem(new Mounts([{ path: "/", tree }]), root);
  try {
    const failure = make(files, path, type);
    return failure === undefined ? { node: files.ownNode(path) } : { error: failure };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { error: `${error.path}: ${error.message.toLowerCase()}` };
  }
}

/** @returns why it is not what the type says */
function make(files: FileSystem, path: string, type: string): string | undefined {
  const kind = files.stats(path)?.kind;
  const failed = (what: string) => `hostPath type check failed: ${path} is not ${what}`;
  switch (type) {
    case "DirectoryOrCreate":
    case "":
      if (kind === undefined) files.makeDirectories(path);
      return type === "" || kind === undefined || kind === "directory"
        ? undefined
        : failed("a directory");
    case "Directory":
      return kind === "directory" ? undefined : failed("a directory");
    case "FileOrCreate":
      // Its directory has to be there.
      if (kind === undefined && files.exists(directoryName(path))) files.write(path, "");
      return files.stats(path)?.kind === "file" ? undefined : failed("a file");
    case "File":
      return kind === "file" ? undefined : failed("a file");
    case "Socket":
      return failed("a socket file");
    case "CharDevice":
      return failed("a character device");
    default:
      return failed("a block device");
  }
}
