// Over each Pod template: how many nodes could take it, and where it would go; where none could, the
// field to blame is marked. It follows the cluster as it changes.
import {
  CodeLens,
  type CodeLensProvider,
  Diagnostic,
  DiagnosticSeverity,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from "vscode";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Range as Offsets } from "../base/yaml/yamlTree.ts";
import type { SchedulingForecast } from "../language/scheduling.ts";
import { remedySentence } from "../tutor/schedulingSentences.ts";
import type { ClusterViews } from "./clusterView.ts";
import { commands, settings } from "./commandIds.ts";
import type { LiveCluster } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";

/** How long the cluster must be quiet before the lenses follow it. */
const followMs = 1_000;
/** A cluster that is never quiet is followed at least so often. */
const followAtLeastMs = 5_000;

export class SchedulingLens implements CodeLensProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changes.event;
  private readonly collection = this.owned.add(
    languages.createDiagnosticCollection("kubernetes scheduling"),
  );
  private readonly found = new Map<string, readonly SchedulingForecast[]>();
  private listening: Disposable | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastRefresh = 0;

  constructor(private readonly views: ClusterViews) {
    this.owned.add(languages.registerCodeLensProvider(manifestSelector, this));
    this.owned.add(window.onDidChangeVisibleTextEditors(() => this.refreshSoon()));
    this.owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.owned.add(disposable(() => clearTimeout(this.timer)));
  }

  dispose(): void {
    this.listening?.dispose();
    this.owned.dispose();
  }

  /** Another cluster, or none. */
  follow(live: LiveCluster | undefined): void {
    this.listening?.dispose();
    this.listening = live?.facts.onChange(({ nodes, pods }) => {
      if (nodes.size + pods.length > 0) this.refreshSoon();
    });
    this.collection.clear();
    this.refreshSoon();
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!isManifest(document) || !isEnabled(document)) return [];
    const { version } = document;
    const view = await this.views.current();
    if (!view) {
      this.forget(document.uri);
      return [];
    }
    const { forecast, parseManifest } = await loadLanguage();
    if (document.version !== version) return [];
    const text = document.getText();
    const found = parseManifest(text).flatMap((each) => forecast(each, text, view));
    this.found.set(document.uri.toString(), found);
    this.collection.set(
      document.uri,
      found.flatMap((each) => diagnosticsOf(each, document)),
    );
    return found.flatMap((each) => lensesOf(each, document));
  }

  /** What was found last in a document that is open. */
  forecastsOf(uri: Uri): readonly SchedulingForecast[] {
    return this.found.get(uri.toString()) ?? [];
  }

  private forget(uri: Uri): void {
    this.found.delete(uri.toString());
    this.collection.delete(uri);
  }

  private refreshSoon(): void {
    if (!window.visibleTextEditors.some(({ document }) => isManifest(document))) return;
    const now = performance.now();
    if (this.timer && now - this.lastRefresh > followAtLeastMs) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lastRefresh = performance.now();
      this.changes.fire();
    }, followMs);
  }
}

function isEnabled({ uri }: TextDocument): boolean {
  return workspace.getConfiguration(undefined, uri).get(settings.schedulingLens, true);
}

function lensesOf(forecast: SchedulingForecast, document: TextDocument): readonly CodeLens[] {
  const at = rangeOf(forecast.range, document);
  const lens = (title: string, command: string, argument: unknown): CodeLens =>
    new CodeLens(at, { title, command, arguments: [argument] });
  return [
    lens(titleOf(forecast), commands.explainForecast, forecast),
    lens(l10n.t("Deploy"), commands.deploy, document.uri),
    lens(l10n.t("Explain"), commands.explainForecast, forecast),
  ];
}

function titleOf({ fits, nodes, areWorkers, top }: SchedulingForecast): string {
  const where = top.join(", ");
  if (fits === 0)
    return areWorkers
      ? l10n.t("$(warning) fits none of {0} workers", nodes)
      : l10n.t("$(warning) fits none of {0} nodes", nodes);
  return areWorkers
    ? l10n.t("$(check) fits {0} of {1} workers · would go to {2}", fits, nodes, where)
    : l10n.t("$(check) fits {0} of {1} nodes · would go to {2}", fits, nodes, where);
}

function diagnosticsOf(
  { message, blame, remedies }: SchedulingForecast,
  document: TextDocument,
): Diagnostic[] {
  if (message === undefined || !blame) return [];
  const help = remedies.map((remedy) => `• ${remedySentence(remedy)}`);
  const diagnostic = new Diagnostic(
    rangeOf(blame, document),
    [message, ...help].join("\n"),
    DiagnosticSeverity.Warning,
  );
  diagnostic.source = "kube-scheduler";
  diagnostic.code = "unschedulable";
  return [diagnostic];
}

function rangeOf({ start, end }: Offsets, document: TextDocument): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
