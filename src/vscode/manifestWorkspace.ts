// The workspace's manifests as they are now: files as they were read, open documents as they are typed.
import { EventEmitter, type TextDocument, Uri, workspace } from "vscode";
import type { CustomResourceDefinition } from "../api/types.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { MentionIndex } from "../language/names/mentionIndex.ts";
import type { ObjectIndex } from "../language/objectIndex.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import { isManifest } from "./manifestSelector.ts";
import { looksLikeManifest } from "./manifestSniff.ts";

const manifestFiles = "**/*.{yaml,yml,json}";
const passedOver = "**/{node_modules,.git,vendor,dist,out}/**";
/** More files than these are not read: a workspace of that size is no workspace of manifests. */
const mostFiles = 1_000;
const largestFile = 1_000_000;

/** What the texts describe, and the names in them. */
export interface WorkspaceIndex {
  readonly objects: ObjectIndex;
  readonly names: MentionIndex;
  /** By address, the custom kinds that a text defines. */
  readonly definitions: Map<string, readonly CustomResourceDefinition[]>;
}

export class ManifestWorkspace implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<void>());
  /** A file was made, changed or deleted. */
  readonly onDidChange = this.changes.event;
  private reading: Promise<WorkspaceIndex> | undefined;
  /** By address, the version of an open document that the index has. */
  private readonly versions = new Map<string, number>();

  constructor(private readonly checks: ManifestChecks) {
    const again = (uri: Uri): void => void this.readAgain(uri);
    // Of a folder that goes, nothing is told of the files in it.
    const gone = (uri: Uri): void => void this.readBelow(uri);
    const watcher = this.owned.add(workspace.createFileSystemWatcher(manifestFiles));
    this.owned.add(watcher.onDidCreate(again));
    this.owned.add(watcher.onDidChange(again));
    const deletions = this.owned.add(workspace.createFileSystemWatcher("**", true, true));
    this.owned.add(deletions.onDidDelete(gone));
    // Not every file system that may be open can be watched; what is done in the editor is told anyway.
    this.owned.add(workspace.onDidCreateFiles(({ files }) => files.forEach(again)));
    this.owned.add(workspace.onDidDeleteFiles(({ files }) => files.forEach(gone)));
    // What was typed and not saved is forgotten.
    this.owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.versions.delete(uri.toString());
        again(uri);
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Reads all files when it is first asked for. */
  async index(): Promise<WorkspaceIndex> {
    this.reading ??= this.readAll();
    const [index, checker] = await Promise.all([this.reading, this.checks.checker()]);
    const { definitionsIn } = await loadLanguage();
    for (const document of workspace.textDocuments) {
      if (!this.hasChanged(document)) continue;
      const id = document.uri.toString();
      const text = document.getText();
      if (!isManifest(document)) {
        remove(index, id);
        continue;
      }
      index.objects.put(id, checker.objectsOf(text, id));
      index.names.set(id, text);
      index.definitions.set(id, definitionsIn(text));
    }
    return index;
  }

  /** True if the index does not have the document as it is now; it is to take it over then. */
  private hasChanged({ uri, version }: TextDocument): boolean {
    const id = uri.toString();
    if (this.versions.get(id) === version || !isOwn(uri)) return false;
    this.versions.set(id, version);
    return true;
  }

  private async readAll(): Promise<WorkspaceIndex> {
    const { MentionIndex, ObjectIndex } = await loadLanguage();
    const index = {
      objects: new ObjectIndex(),
      names: new MentionIndex(),
      definitions: new Map<string, readonly CustomResourceDefinition[]>(),
    };
    const files = await workspace.findFiles(manifestFiles, passedOver, mostFiles);
    await Promise.all(files.map((file) => this.read(file, index)));
    return index;
  }

  private async readAgain(uri: Uri): Promise<void> {
    if (this.reading && !this.versions.has(uri.toString())) {
      const index = await this.reading;
      if (workspace.getWorkspaceFolder(uri)) await this.read(uri, index);
      else remove(index, uri.toString());
    }
    this.changes.fire();
  }

  /** The file, or all in the folder. */
  private async readBelow(uri: Uri): Promise<void> {
    const { definitions } = (await this.reading) ?? {};
    const id = uri.toString();
    for (const known of definitions?.keys() ?? [])
      if (known === id || known.startsWith(`${id}/`)) await this.readAgain(Uri.parse(known));
  }

  private async read(uri: Uri, index: WorkspaceIndex): Promise<void> {
    const id = uri.toString();
    const text = await textOf(uri);
    if (this.versions.has(id)) return;
    if (text === undefined || !looksLikeManifest(text)) {
      remove(index, id);
      return;
    }
    const { definitionsIn } = await loadLanguage();
    index.objects.set(id, text);
    index.names.set(id, text);
    index.definitions.set(id, definitionsIn(text));
  }
}

/** Schemes of documents beside files that somebody writes; others show what a file was, or is made of. */
const writtenSchemes: ReadonlySet<string> = new Set(["file", "untitled", "vscode-notebook-cell"]);

function isOwn(uri: Uri): boolean {
  return writtenSchemes.has(uri.scheme) || workspace.getWorkspaceFolder(uri) !== undefined;
}

function remove({ objects, names, definitions }: WorkspaceIndex, id: string): void {
  objects.delete(id);
  definitions.delete(id);
  names.delete(id);
}

/** Undefined for what is too large, and for what is gone: then nothing refers to it either. */
async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    const { size } = await workspace.fs.stat(uri);
    return size > largestFile
      ? undefined
      : new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
