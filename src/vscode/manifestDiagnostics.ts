// Problems of manifests while one types: what the server would say, and a hint of ours.
import {
  type ConfigurationChangeEvent,
  commands,
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import { hintText } from "../language/hintText.ts";
import type { Problem } from "../language/problem.ts";
import { shows } from "../language/yamlNeighbour.ts";
import { assistFor, neighbourFor } from "./assistChoice.ts";
import { contextKeys, objectScheme, settings } from "./commandIds.ts";
import type { Kustomizations } from "./kustomizations.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import { looksLikeManifest } from "./manifestSniff.ts";

const debounceMs = 150;
const languageIds = ["yaml", "json", "jsonc", "dockercompose", "helm"];

export class ManifestDiagnostics implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(languages.createDiagnosticCollection("kubernetes"));
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Paths of open documents that hold Kubernetes objects, as `resourcePath` names them. */
  private readonly manifests = new Map<string, string>();
  private readonly problems = new Map<string, readonly Problem[]>();

  constructor(
    private readonly checks: ManifestChecks,
    private readonly kustomizations: Kustomizations,
  ) {
    this.owned.add(workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)));
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, debounceMs)),
    );
    this.owned.add(workspace.onDidCloseTextDocument((document) => this.forget(document)));
    this.owned.add(workspace.onDidChangeConfiguration((change) => this.configure(change)));
    this.owned.add(checks.onDidChange(() => this.scheduleAll()));
    this.owned.add(disposable(() => this.timers.forEach(clearTimeout)));
    this.scheduleAll();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** What was found last in a document that is open. */
  problemsOf(uri: Uri): readonly Problem[] {
    return this.problems.get(uri.toString()) ?? [];
  }

  private configure(change: ConfigurationChangeEvent): void {
    const read = [settings.validationEnabled, settings.assist, "yaml"];
    if (read.some((setting) => change.affectsConfiguration(setting))) this.scheduleAll();
  }

  private scheduleAll(): void {
    for (const document of workspace.textDocuments) this.schedule(document, 0);
  }

  private schedule(document: TextDocument, delayMs: number): void {
    if (!languageIds.includes(document.languageId) || document.uri.scheme === objectScheme) return;
    const id = document.uri.toString();
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => {
        this.timers.delete(id);
        this.look(document);
      }, delayMs),
    );
  }

  private look(document: TextDocument): void {
    if (document.isClosed) return;
    const text = document.getText();
    const isManifest = looksLikeManifest(text);
    this.remember(document.uri, isManifest);
    if (isManifest && isEnabled(document)) void this.check(document, text);
    else this.collection.delete(document.uri);
  }

  private async check(document: TextDocument, text: string): Promise<void> {
    const { version } = document;
    const [checker, isFragment] = await Promise.all([
      this.checks.checker(),
      this.kustomizations.isFragment(document.uri),
    ]);
    const isStale = (): boolean => document.isClosed || document.version !== version;
    // A large file that is new is looked at bit by bit: others wait for this thread too.
    while (!isStale() && !isFragment && !checker.prepare(text)) await nextTask();
    if (isStale() || !isEnabled(document)) return;
    const problems = isFragment ? [] : checker.check(text);
    this.problems.set(document.uri.toString(), problems);
    const assist = assistFor(document);
    const neighbour = neighbourFor(document);
    this.collection.set(
      document.uri,
      problems
        .filter(({ source }) => shows(source, assist, neighbour))
        .map((problem) => diagnosticOf(problem, document)),
    );
  }

  private forget(document: TextDocument): void {
    const id = document.uri.toString();
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.problems.delete(id);
    this.collection.delete(document.uri);
    this.remember(document.uri, false);
  }

  private remember(uri: Uri, isManifest: boolean): void {
    const id = uri.toString();
    if (this.manifests.has(id) === isManifest) return;
    if (isManifest) this.manifests.set(id, resourcePath(uri));
    else this.manifests.delete(id);
    commands.executeCommand("setContext", contextKeys.manifests, [...this.manifests.values()]);
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function isEnabled({ uri }: TextDocument): boolean {
  return workspace.getConfiguration(undefined, uri).get(settings.validationEnabled, true);
}

/** As VS Code fills the context key `resourcePath`. */
function resourcePath(uri: Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.path;
}

function diagnosticOf(problem: Problem, document: TextDocument): Diagnostic {
  const hint = problem.hint && hintText(problem.hint);
  const message = hint === undefined ? problem.message : `${problem.message}\n${hint}`;
  const range = new Range(document.positionAt(problem.start), document.positionAt(problem.end));
  const severity =
    problem.severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  const diagnostic = new Diagnostic(range, message, severity);
  diagnostic.source = "kubernetes";
  diagnostic.code = problem.code;
  return diagnostic;
}
