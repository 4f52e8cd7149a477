// The kustomizations that may have a say about a file: those of its folder and of the folders around it.
import { Uri, workspace } from "vscode";
import type { IndexedObject } from "../language/indexedObject.ts";
import type { Kustomization } from "../language/kustomization.ts";
import { loadLanguage } from "./loadLanguage.ts";

const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const freshMs = 3_000;
const mostFolders = 6;

interface Read {
  readonly at: number;
  readonly kustomization: Promise<Kustomization | undefined>;
}

export class Kustomizations {
  private readonly read = new Map<string, Read>();

  /** True if the file is a patch or the like: it need not be a whole object. */
  async isFragment(uri: Uri): Promise<boolean> {
    const id = uri.toString();
    for (const folder of foldersOf(uri)) {
      const fragments = (await this.of(folder))?.fragments ?? [];
      if (fragments.some((path) => Uri.joinPath(folder, path).toString() === id)) return true;
    }
    return false;
  }

  /** The objects that kustomize makes for those of the file. */
  async generatedFor(uri: Uri): Promise<readonly IndexedObject[]> {
    const found = await Promise.all(foldersOf(uri).map((folder) => this.of(folder)));
    return found.flatMap((kustomization) => kustomization?.generated ?? []);
  }

  private of(folder: Uri): Promise<Kustomization | undefined> {
    const id = folder.toString();
    const known = this.read.get(id);
    const now = performance.now();
    if (known && now - known.at < freshMs) return known.kustomization;
    const kustomization = kustomizationIn(folder);
    this.read.set(id, { at: now, kustomization });
    return kustomization;
  }
}

/** The file's folder and those around it, within the workspace. */
function foldersOf(uri: Uri): readonly Uri[] {
  const root = workspace.getWorkspaceFolder(uri)?.uri;
  if (!root) return uri.scheme === "file" ? [Uri.joinPath(uri, "..")] : [];
  const folders: Uri[] = [];
  for (let folder = uri; folders.length < mostFolders && folder.path.length > root.path.length; ) {
    folder = Uri.joinPath(folder, "..");
    folders.push(folder);
  }
  return folders;
}

async function kustomizationIn(folder: Uri): Promise<Kustomization | undefined> {
  const { readKustomization } = await loadLanguage();
  for (const name of names) {
    const text = await textOf(Uri.joinPath(folder, name));
    if (text !== undefined) return readKustomization(text);
  }
  return undefined;
}

async function textOf(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    // There is none: most folders have none.
    return undefined;
  }
}
