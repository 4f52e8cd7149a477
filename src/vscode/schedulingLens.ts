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
  private listening: Disposable | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastRefresh = 0;

  constructor(private readonly views: ClusterViews) {
    this.owned.add(languages.registerCodeLensProvider(manifestSelector, this));
    this.owned.add(window.onDidChangeVisibleTextEditors(() => this.refreshSoon()));
    this.owned.add(workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)));
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
      this.collection.delete(document.uri);
      return [];
    }
    const { forecast, parseManifest } = await loadLanguage();
    if (document.version !== version) return [];
    const text = document.getText();
    const found = parseManifest(text).flatMap((each) => forecast(each, text, view));
    this.collection.set(
      document.uri,
      found.flatMap((each) => diagnosticsOf(each, document)),
    );
    return found.flatMap((each) => lensesOf(each, document));
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

function lensesOf({ range, fits, nodes, top }: SchedulingForecast, document: TextDocument) {
  const at = rangeOf(range, document);
  const title =
    fits === 0
      ? l10n.t("$(warning) fits none of {0} nodes", nodes)
      : l10n.t("$(check) fits {0} of {1} nodes · would go to {2}", fits, nodes, top.join(", "));
  return [
    new CodeLens(at, { title, command: commands.openTimeline }),
    new CodeLens(at, {
      title: l10n.t("Deploy"),
      command: commands.deploy,
      arguments: [document.uri],
    }),
  ];
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
