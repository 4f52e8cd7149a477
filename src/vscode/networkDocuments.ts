// What the cluster's network says, as read-only documents: the way of a request, a node's rules.
import {
  commands,
  EventEmitter,
  languages,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import type { ProxyRuleForm } from "../api/proxyRuleForm.ts";
import type { TraceRequest } from "../api/requestTrace.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import type { Simulator } from "../client/cluster.ts";
import { networkScheme } from "./commandIds.ts";
import { traceText, traceTitle } from "./traceText.ts";

/** What a document shows; read anew each time it is opened. */
type Subject =
  | { readonly type: "trace"; readonly request: TraceRequest }
  | { readonly type: "rules"; readonly node: string; readonly form: ProxyRuleForm };

export class NetworkDocuments implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<Uri>());
  readonly onDidChange = this.changes.event;

  constructor(private readonly ready: () => Promise<Simulator>) {
    this.owned.add(workspace.registerTextDocumentContentProvider(networkScheme, this));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Shows the way as a page, as VS Code renders Markdown. */
  async trace(request: TraceRequest): Promise<void> {
    const uri = await this.load(
      `${traceTitle(request)}.md`,
      { type: "trace", request },
      "markdown",
    );
    await commands.executeCommand("markdown.showPreview", uri);
  }

  async rules(node: string, form: ProxyRuleForm): Promise<void> {
    const uri = await this.load(`${node} ${form}.txt`, { type: "rules", node, form }, "plaintext");
    await window.showTextDocument(uri, { preview: true });
  }

  async provideTextDocumentContent({ query }: Uri): Promise<string> {
    const subject = JSON.parse(query) as Subject;
    const { network } = await this.ready();
    if (subject.type === "rules") return network.rules(subject.node, subject.form);
    return traceText(subject.request, await network.trace(subject.request));
  }

  private async load(name: string, subject: Subject, language: string): Promise<Uri> {
    const path = `/${name.replaceAll("/", "∕")}`;
    const uri = Uri.from({ scheme: networkScheme, path, query: JSON.stringify(subject) });
    const document = await workspace.openTextDocument(uri);
    this.changes.fire(uri);
    await languages.setTextDocumentLanguage(document, language);
    return uri;
  }
}
