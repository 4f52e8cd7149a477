// What the server would take, but its author hardly means: rules across the workspace's manifests and
// the cluster, each with a severity of the user's choice.
import {
  type ConfigurationChangeEvent,
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import { ObjectIndex, together } from "../language/objectIndex.ts";
import type { RuleProblem } from "../language/rules/index.ts";
import type { RuleSeverity } from "../language/rules/rule.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { settings } from "./commandIds.ts";
import { ruleText } from "./hintText.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest } from "./manifestSelector.ts";
import { looksLikeManifest } from "./manifestSniff.ts";

const debounceMs = 400;
const manifestFiles = "**/*.{yaml,yml,json}";
const passedOver = "**/{node_modules,.git,vendor,dist,out}/**";
/** More files than these are not read: a workspace of that size is no workspace of manifests. */
const mostFiles = 1_000;
const largestFile = 1_000_000;

/** What rules ask the cluster for. */
const readKinds = [
  "ConfigMap",
  "Secret",
  "Service",
  "ServiceAccount",
  "PersistentVolumeClaim",
  "PriorityClass",
  "StorageClass",
  "Pod",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
];

export class ManifestRules implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(
    languages.createDiagnosticCollection("kubernetes rules"),
  );
  private readonly index = new ObjectIndex();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading: Promise<void> | undefined;

  constructor(private readonly cluster: ClusterObjects) {
    const { owned } = this;
    const soon = (): void => this.checkSoon();
    owned.add(workspace.onDidOpenTextDocument(soon));
    owned.add(workspace.onDidChangeTextDocument(soon));
    owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.collection.delete(uri);
        soon();
      }),
    );
    owned.add(
      workspace.onDidChangeConfiguration((change: ConfigurationChangeEvent) => {
        if (change.affectsConfiguration(settings.rules)) soon();
      }),
    );
    this.watchFiles();
    owned.add(disposable(() => clearTimeout(this.timer)));
    soon();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** The cluster has changed, or another one is shown. */
  checkSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), debounceMs);
  }

  private watchFiles(): void {
    const watcher = this.owned.add(workspace.createFileSystemWatcher(manifestFiles));
    const read = (uri: Uri): void => void this.read(uri).then(() => this.checkSoon());
    this.owned.add(watcher.onDidCreate(read));
    this.owned.add(watcher.onDidChange(read));
    this.owned.add(
      watcher.onDidDelete((uri) => {
        this.index.delete(uri.toString());
        this.checkSoon();
      }),
    );
  }

  private async check(): Promise<void> {
    const open = workspace.textDocuments.filter(isManifest);
    if (open.length === 0) return;
    this.reading ??= this.readAll();
    await Promise.all([this.reading, this.cluster.refresh(readKinds)]);
    const { checkRules } = await loadLanguage();
    for (const document of open) this.index.set(document.uri.toString(), document.getText());
    const known = together(this.cluster, this.index);
    for (const document of open) {
      const severities = workspace
        .getConfiguration(undefined, document.uri)
        .get<Readonly<Record<string, RuleSeverity>>>(settings.rules, {});
      const problems = checkRules(document.getText(), known, severities);
      this.collection.set(
        document.uri,
        problems.map((problem) => diagnosticOf(problem, document)),
      );
    }
  }

  private async readAll(): Promise<void> {
    const files = await workspace.findFiles(manifestFiles, passedOver, mostFiles);
    for (const file of files) await this.read(file);
  }

  private async read(uri: Uri): Promise<void> {
    try {
      const { size } = await workspace.fs.stat(uri);
      if (size > largestFile) return;
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
      if (looksLikeManifest(text)) this.index.set(uri.toString(), text);
    } catch {
      // Gone in between: then nothing refers to it either.
      this.index.delete(uri.toString());
    }
  }
}

const severityOf = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

function diagnosticOf(problem: RuleProblem, document: TextDocument): Diagnostic {
  const range = new Range(document.positionAt(problem.start), document.positionAt(problem.end));
  const { severity, message, rule, link } = problem;
  const diagnostic = new Diagnostic(range, ruleText(message), severityOf[severity]);
  diagnostic.source = "kubernetes";
  diagnostic.code = { value: rule, target: Uri.parse(link) };
  return diagnostic;
}
