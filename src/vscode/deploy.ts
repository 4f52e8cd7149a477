// Deploy to Cluster and Delete from Cluster: from what was clicked to a summary, with each failure at
// its line. What apply means is in client/apply.ts.
import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  type LogOutputChannel,
  languages,
  Position,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import { KindRegistry } from "../api/kind.ts";
import type { KubeObject } from "../api/object.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Result } from "../client/apply.ts";
import type { Cluster } from "../client/cluster.ts";
import { contextKeys } from "./commandIds.ts";
import type { PlannedObject } from "./deployPlan.ts";
import { deleteText, deployText, summaryText, tally } from "./deployReport.ts";
import { readSources, type Source, SourceError } from "./deploySources.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { offsetToPosition } from "./offsetToPosition.ts";
import { withProgress } from "./progress.ts";
import { refusalText } from "./refusalText.ts";
import { type Session, StartFailure } from "./session.ts";
import { stopReasonText } from "./sessionTexts.ts";
import { timeLimit } from "./timeLimit.ts";

/** How long a deployment waits for a cluster that starts. */
const startLimitMs = 30_000;

/** An object, and where it was written. */
interface Item extends PlannedObject {
  readonly source: Source;
}

interface Plan {
  readonly items: readonly Item[];
  /** Of documents that no server is asked about, in words for the summary. */
  readonly refusals: readonly string[];
}

type Action = "deploy" | "delete";

export interface DeployOptions {
  readonly session: Session;
  readonly log: LogOutputChannel;
  /** Something was deployed. */
  readonly onDeployed: () => void;
  readonly showTimeline: () => void;
}

export class Deployments implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly failures = this.owned.add(
    languages.createDiagnosticCollection("kubernetes deploy"),
  );
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DeployOptions) {
    this.owned.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.failures.delete(document.uri);
      }),
    );
  }

  /** Runs after what was asked for before: two at once would only conflict. */
  run(action: Action, clicked: Uri | undefined, selected: readonly Uri[] | undefined) {
    const next = this.last.then(() => this.runSafely(action, clicked, selected));
    this.last = next;
    return next;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async runSafely(
    action: Action,
    clicked: Uri | undefined,
    selected: readonly Uri[] | undefined,
  ): Promise<void> {
    try {
      await this.runNow(action, targets(clicked, selected));
    } catch (error) {
      const message = messageFor(error);
      this.options.log.error(message);
      if (!(error instanceof SourceError)) this.options.log.debug(String(error));
      window.showErrorMessage(message);
    }
  }

  private async runNow(action: Action, uris: readonly Uri[]): Promise<void> {
    const { session, log } = this.options;
    const sources = await readSources(uris);
    for (const { uri } of sources) this.failures.delete(uri);
    const plan = await this.plan(sources, action);
    if (plan.items.length === 0 && plan.refusals.length === 0)
      throw new SourceError(l10n.t("The folder holds no manifests."));
    const title =
      action === "deploy"
        ? l10n.t("Deploying to the cluster")
        : l10n.t("Deleting from the cluster");
    log.info(`${title}: ${sources.map(({ name }) => name).join(", ")}`);
    await withProgress(title, async (signal, report) => {
      const cluster = await timeLimit(session.start(), startLimitMs, signal);
      if (!cluster) return;
      const step = 100 / Math.max(1, plan.items.length);
      const onResult = (result: Result<string>): void => report(result.name, step);
      if (action === "deploy") await this.deploy(plan, cluster, { signal, onResult });
      else await this.remove(plan, cluster, { signal, onResult });
    });
  }

  private async deploy(plan: Plan, { client }: Cluster, options: RunOptions): Promise<void> {
    const { applyAll, builtInKinds } = await loadLanguage();
    const kinds = new KindRegistry(builtInKinds);
    const results = await applyAll(client, kinds, plan.items.map(objectOf), options);
    const failures = [...plan.refusals, ...(await this.report(plan.items, results))];
    const counts = {
      created: tally(results, "created"),
      configured: tally(results, "configured"),
      unchanged: tally(results, "unchanged"),
      failed: failures.length,
    };
    const isAnyDone = results.length > tally(results, "failed");
    if (isAnyDone) {
      commands.executeCommand("setContext", contextKeys.hasDeployed, true);
      this.options.onDeployed();
    }
    this.announce(deployText(counts), failures, isAnyDone);
  }

  private async remove(plan: Plan, { client }: Cluster, options: RunOptions): Promise<void> {
    const { deleteAll, builtInKinds } = await loadLanguage();
    const kinds = new KindRegistry(builtInKinds);
    const items = [...plan.items].reverse();
    const results = await deleteAll(client, kinds, items.map(objectOf), options);
    const failures = [...plan.refusals, ...(await this.report(items, results))];
    const counts = {
      deleted: tally(results, "deleted"),
      notFound: tally(results, "notFound"),
      failed: failures.length,
    };
    this.announce(deleteText(counts), failures, counts.deleted > 0);
  }

  /** Reads all texts before anything is sent; what cannot be sent becomes a diagnostic. */
  private async plan(sources: readonly Source[], action: Action): Promise<Plan> {
    const { planDeployment } = await loadLanguage();
    const items: Item[] = [];
    const refusals: string[] = [];
    for (const source of sources) {
      const planned = planDeployment(source.text);
      if (typeof planned === "string") {
        const message = refusalText(planned, source.name);
        if (!source.isFound) throw new SourceError(message);
        this.options.log.info(l10n.t("Skipped: {0}", message));
        continue;
      }
      for (const { message, range } of planned.bad) {
        this.options.log.error(`${source.name}: ${message}`);
        if (action === "deploy") this.addFailure(source, message, range);
      }
      refusals.push(...planned.bad.map(({ message }) => `${source.name}: ${message}`));
      items.push(...planned.objects.map((object) => ({ ...object, source })));
    }
    return { items, refusals };
  }

  /** Logs every result and marks the failures. @returns the failures, in words for the summary */
  private async report(
    items: readonly Item[],
    results: readonly Result<string>[],
  ): Promise<readonly string[]> {
    const { failureText, locateFailure } = await loadLanguage();
    const failures: string[] = [];
    for (const [index, { name, outcome, error }] of results.entries()) {
      const item = items[index];
      if (!error || !item) {
        this.options.log.info(`${name} ${outcome}`);
        continue;
      }
      const text = failureText(error);
      failures.push(`${name}: ${text}`);
      this.options.log.error(`${name} (${item.source.name}): ${text}`);
      for (const { message, range } of locateFailure(error, item.document, item.source.text))
        this.addFailure(item.source, message, range);
    }
    return failures;
  }

  private addFailure(
    { uri, text }: Source,
    message: string,
    { start, end }: { readonly start: number; readonly end: number },
  ): void {
    const range = new Range(
      new Position(...offsetToPosition(text, start)),
      new Position(...offsetToPosition(text, end)),
    );
    // The problem was seen while typing: once is enough.
    const isKnown = languages
      .getDiagnostics(uri)
      .some((other) => other.message.startsWith(message) && other.range.intersection(range));
    if (isKnown) return;
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Error);
    diagnostic.source = "kubernetes";
    diagnostic.code = "deploy";
    this.failures.set(uri, [...(this.failures.get(uri) ?? []), diagnostic]);
  }

  private announce(summary: string, failures: readonly string[], isAnyDone: boolean): void {
    const failed = failures.length;
    const message = summaryText(summary, failures);
    this.options.log.info(summary);
    const timeline = l10n.t("Show Timeline");
    const details = l10n.t("Show Details");
    const actions = [...(isAnyDone ? [timeline] : []), ...(failed > 0 ? [details] : [])];
    const shown =
      failed > 0
        ? window.showErrorMessage(message, ...actions)
        : window.showInformationMessage(message, ...actions);
    shown.then((chosen) => {
      if (chosen === timeline) this.options.showTimeline();
      else if (chosen === details) this.options.log.show(true);
    });
  }
}

interface RunOptions {
  readonly signal: AbortSignal;
  readonly onResult: (result: Result<string>) => void;
}

function objectOf({ object }: Item): KubeObject {
  return object;
}

/** What was clicked or selected; the active editor for a call from the palette. */
function targets(clicked: Uri | undefined, selected: readonly Uri[] | undefined): readonly Uri[] {
  const uris = selected?.filter((uri) => uri instanceof Uri) ?? [];
  if (clicked && uris.some((uri) => uri.toString() === clicked.toString())) return uris;
  if (clicked instanceof Uri) return [clicked];
  const document: TextDocument | undefined = window.activeTextEditor?.document;
  if (document) return [document.uri];
  throw new SourceError(l10n.t("Open a manifest, or choose one in the Explorer."));
}

function messageFor(error: unknown): string {
  if (error instanceof StartFailure) return stopReasonText(error.reason);
  return error instanceof Error ? error.message : String(error);
}
