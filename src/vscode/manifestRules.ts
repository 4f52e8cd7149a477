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
import { ruleText } from "../language/hintText.ts";
import type { RuleProblem } from "../language/rules/index.ts";
import type { RuleSeverity } from "../language/rules/rule.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { settings } from "./commandIds.ts";
import type { Kustomizations } from "./kustomizations.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import { isManifest } from "./manifestSelector.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";

const debounceMs = 400;
export interface RulesWorld {
  readonly checks: ManifestChecks;
  readonly cluster: ClusterObjects;
  readonly files: ManifestWorkspace;
  readonly kustomizations: Kustomizations;
}

export class ManifestRules implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(
    languages.createDiagnosticCollection("kubernetes rules"),
  );
  private readonly problems = new Map<string, readonly RuleProblem[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly world: RulesWorld) {
    const { owned } = this;
    const soon = (): void => this.checkSoon();
    owned.add(workspace.onDidOpenTextDocument(soon));
    owned.add(workspace.onDidChangeTextDocument(soon));
    owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.collection.delete(uri);
        this.problems.delete(uri.toString());
        soon();
      }),
    );
    owned.add(
      workspace.onDidChangeConfiguration((change: ConfigurationChangeEvent) => {
        if (change.affectsConfiguration(settings.rules)) soon();
      }),
    );
    owned.add(world.files.onDidChange(soon));
    owned.add(disposable(() => clearTimeout(this.timer)));
    soon();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** What was found last in a document that is open. */
  problemsOf(uri: Uri): readonly RuleProblem[] {
    return this.problems.get(uri.toString()) ?? [];
  }

  /** The cluster has changed, or another one is shown. */
  checkSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), debounceMs);
  }

  private async check(): Promise<void> {
    const open = workspace.textDocuments.filter(isManifest);
    if (open.length === 0) return;
    const { ObjectIndex, ruleKinds, together } = await loadLanguage();
    const [{ objects }, checker] = await Promise.all([
      this.world.files.index(),
      this.world.checks.checker(),
      this.world.cluster.refresh(ruleKinds),
    ]);
    for (const document of open) {
      const { uri } = document;
      const { kustomizations } = this.world;
      const generated = new ObjectIndex();
      generated.put("", await kustomizations.generatedFor(uri));
      const isFragment = await kustomizations.isFragment(uri);
      const severities = workspace
        .getConfiguration(undefined, uri)
        .get<Readonly<Record<string, RuleSeverity>>>(settings.rules, {});
      const known = together(this.world.cluster, objects, generated);
      const problems = isFragment ? [] : checker.checkRules(document.getText(), known, severities);
      this.problems.set(document.uri.toString(), problems);
      this.collection.set(
        document.uri,
        problems.map((problem) => diagnosticOf(problem, document)),
      );
    }
  }
}

const severityOf = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

function diagnosticOf(problem: RuleProblem, document: TextDocument): Diagnostic {
  const range = new Range(document.positionAt(problem.start), document.positionAt(problem.end));
  const { severity, message, rule, link } = problem;
  const diagnostic = new Diagnostic(range, ruleText(message), severityOf[severity]);
  diagnostic.source = "kubernetes";
  diagnostic.code = { value: rule, target: Uri.parse(link) };
  return diagnostic;
}
