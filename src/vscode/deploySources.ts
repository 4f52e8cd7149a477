// The texts behind what the user clicked: files, folders, and editors with what is not saved yet.
import { FileType, type Uri, workspace } from "vscode";
import { l10n } from "../base/localize.ts";
import { refusalText } from "./refusalText.ts";

export interface Source {
  readonly uri: Uri;
  /** Relative to the workspace. */
  readonly name: string;
  readonly text: string;
  /** Found within a folder, not named by the user: files that are no manifests are passed over. */
  readonly isFound: boolean;
}

/** The user named something that cannot be read. The message is for the user. */
export class SourceError extends Error {}

/** A folder deeper than this is a mistake, or goes in circles. */
const mostFolders = 1_000;
const mostBytes = 5_000_000;

/** Reads what was selected, in the order of the paths. @throws SourceError */
export async function readSources(uris: readonly Uri[]): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const uri of [...uris].sort(byPath)) sources.push(...(await readSource(uri)));
  const seen = new Set<string>();
  return sources.filter(({ uri }) => !seen.has(uri.toString()) && seen.add(uri.toString()));
}

async function readSource(uri: Uri): Promise<readonly Source[]> {
  const open = openText(uri);
  if (open !== undefined) return [{ uri, name: nameOf(uri), text: open, isFound: false }];
  const type = await typeOf(uri);
  if (!(type & FileType.Directory)) return [await readFile(uri, false)];
  const files = await filesWithin(uri);
  if (files.length === 0) throw new SourceError(l10n.t("{0} holds no manifests.", nameOf(uri)));
  return Promise.all(files.map((file) => readFile(file, true)));
}

async function typeOf(uri: Uri): Promise<FileType> {
  try {
    return (await workspace.fs.stat(uri)).type;
  } catch {
    throw new SourceError(l10n.t("{0} no longer exists.", nameOf(uri)));
  }
}

async function filesWithin(folder: Uri): Promise<Uri[]> {
  const files: Uri[] = [];
  const folders = [folder];
  for (let visited = 0; visited < mostFolders; visited++) {
    const next = folders.shift();
    if (!next) break;
    for (const [name, type] of await workspace.fs.readDirectory(next)) {
      const child = workspaceJoin(next, name);
      if (type === FileType.Directory && !isIgnored(name)) folders.push(child);
      else if (type & FileType.File && /\.(ya?ml|json)$/i.test(name)) files.push(child);
    }
  }
  return files.sort(byPath);
}

function isIgnored(name: string): boolean {
  return name === "node_modules" || name.startsWith(".");
}

function workspaceJoin(folder: Uri, name: string): Uri {
  return folder.with({ path: `${folder.path.replace(/\/$/, "")}/${name}` });
}

async function readFile(uri: Uri, isFound: boolean): Promise<Source> {
  const name = nameOf(uri);
  const open = openText(uri);
  if (open !== undefined) return { uri, name, text: open, isFound };
  const bytes = await readBytes(uri);
  if (bytes.length > mostBytes) {
    if (isFound) return { uri, name, text: "", isFound };
    throw new SourceError(refusalText("tooLarge", name));
  }
  const text = await decode(bytes, uri);
  if (text !== undefined) return { uri, name, text, isFound };
  if (isFound) return { uri, name, text: "", isFound };
  throw new SourceError(refusalText("binary", name));
}

/** In the file's encoding; undefined if it holds no text. */
async function decode(bytes: Uint8Array, uri: Uri): Promise<string | undefined> {
  try {
    return await workspace.decode(bytes, { uri });
  } catch {
    return undefined;
  }
}

async function readBytes(uri: Uri): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(uri);
  } catch {
    throw new SourceError(l10n.t("{0} cannot be read. Does it still exist?", nameOf(uri)));
  }
}

/** What an editor shows, saved or not. */
function openText(uri: Uri): string | undefined {
  const id = uri.toString();
  return workspace.textDocuments.find((document) => document.uri.toString() === id)?.getText();
}

function nameOf(uri: Uri): string {
  return workspace.asRelativePath(uri, false);
}

function byPath(a: Uri, b: Uri): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
