// What the control plane's components have written, as read-only documents.
import { EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";
import type { ComponentName } from "../api/clusterStatus.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { Simulator } from "../client/cluster.ts";
import { logScheme } from "./commandIds.ts";

export class ComponentLogs implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<Uri>());
  readonly onDidChange = this.changes.event;

  constructor(private readonly ready: () => Promise<Simulator>) {
    this.owned.add(workspace.registerTextDocumentContentProvider(logScheme, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Reads it anew each time. */
  async open(component: ComponentName): Promise<void> {
    const uri = Uri.from({ scheme: logScheme, path: `/${component}.log` });
    const document = await workspace.openTextDocument(uri);
    this.changes.fire(uri);
    await window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent({ path }: Uri): Promise<string> {
    const component = path.replace(/^\/|\.log$/g, "") as ComponentName;
    const lines = await (await this.ready()).componentLog(component);
    return lines.map((line) => `${line}\n`).join("");
  }
}
