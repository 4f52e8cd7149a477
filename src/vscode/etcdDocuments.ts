// What a key of etcd held at a revision, as a read-only document. Secrets are masked until somebody asks.
import {
  EventEmitter,
  languages,
  type TextDocumentContentProvider,
  Uri,
  commands as vscodeCommands,
  window,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Simulator } from "../client/cluster.ts";
import { etcdScheme } from "./commandIds.ts";
import { isSecretKey } from "./etcdRows.ts";
import { etcdText } from "./etcdText.ts";

export class EtcdDocuments implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<Uri>());
  readonly onDidChange = this.changes.event;
  /** Keys whose secrets may be seen. */
  private readonly revealed = new Set<string>();

  constructor(private readonly ready: () => Promise<Simulator>) {
    this.owned.add(workspace.registerTextDocumentContentProvider(etcdScheme, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** What the key held at the revision; what it holds now without one. */
  async open(key: string, revision: number | undefined): Promise<void> {
    const uri = uriOf(key, revision ?? (await this.newestRevision(key)));
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, "yaml");
    await window.showTextDocument(document, { preview: true });
  }

  /** Two revisions of a key side by side, the older one on the left. */
  async compare(key: string, revisions: readonly [number, number]): Promise<void> {
    const [older, newer] = [Math.min(...revisions), Math.max(...revisions)];
    await vscodeCommands.executeCommand(
      "vscode.diff",
      uriOf(key, older),
      uriOf(key, newer),
      l10n.t("{0}: revision {1} and {2}", nameOf(key), older, newer),
      { preview: true },
    );
  }

  /** From now on, until the window closes, the key's documents show what it says. */
  reveal(key: string): void {
    this.revealed.add(key);
    for (const { uri } of workspace.textDocuments)
      if (uri.scheme === etcdScheme && keyOf(uri) === key) this.changes.fire(uri);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const key = keyOf(uri);
    const revision = Number(new URLSearchParams(uri.query).get("revision"));
    const value = await (await this.ready()).etcd.value(key, revision);
    if (value === undefined) return `# ${l10n.t("{0} does not exist in this revision.", key)}\n`;
    return etcdText(value, isSecretKey(key) && !this.revealed.has(key));
  }

  private async newestRevision(key: string): Promise<number> {
    const [newest] = await (await this.ready()).etcd.history(key);
    return newest?.revision ?? 0;
  }
}

/** The key that a document shows. */
export function keyOf({ path }: Uri): string {
  return path.replace(/\.yaml$/, "").replace(/^\/-\//, "");
}

function uriOf(key: string, revision: number): Uri {
  // Not every key begins with a slash, but every path does.
  const path = `${key.startsWith("/") ? key : `/-/${key}`}.yaml`;
  return Uri.from({ scheme: etcdScheme, path, query: `revision=${revision}` });
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
