// What the running cluster's API server would refuse: admission, and changes of what may not change. Each
// object of an open manifest is tried by a dry run; what the checks without a cluster have told already
// is not told again.
import {
  type ConfigurationChangeEvent,
  Diagnostic,
  DiagnosticSeverity,
  languages,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from "vscode";
import { KindRegistry } from "../api/kind.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import type { Cluster } from "../client/cluster.ts";
import type { PlacedFailure } from "../language/failurePlaces.ts";
import type { ManifestDocument } from "../language/manifest.ts";
import type { Problem } from "../language/problem.ts";
import { settings } from "./commandIds.ts";
import type { Kustomizations } from "./kustomizations.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest } from "./manifestSelector.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";
import { rangeIn } from "./ranges.ts";

/** Longer than the checks without a cluster wait. */
const debounceMs = 600;
/** How long the cluster must be quiet before everything is tried again. */
const followMs = 2_000;
/** More objects than these are not tried: each costs the server a request or two. */
const mostObjects = 100;

const source = "kube-apiserver (dry run)";

export interface DryRunWorld {
  readonly clusters: LiveClusters;
  readonly files: ManifestWorkspace;
  readonly kustomizations: Kustomizations;
  /** What the checks without a cluster found last. */
  problemsOf(uri: Uri): readonly Problem[];
}

export class DryRunDiagnostics implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(
    languages.createDiagnosticCollection("kubernetes dry run"),
  );
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** By the object's text: what the server said of it, until the cluster changes. */
  private readonly answers = new Map<string, Promise<Error | undefined>>();

  constructor(private readonly world: DryRunWorld) {
    const { owned } = this;
    owned.add(workspace.onDidOpenTextDocument((document) => this.trySoon(document, debounceMs)));
    owned.add(
      workspace.onDidChangeTextDocument(({ document }) => this.trySoon(document, debounceMs)),
    );
    owned.add(workspace.onDidCloseTextDocument((document) => this.forget(document)));
    owned.add(window.onDidChangeVisibleTextEditors(() => this.tryAll(debounceMs)));
    owned.add(
      workspace.onDidChangeConfiguration((change: ConfigurationChangeEvent) => {
        if (change.affectsConfiguration(settings.dryRun)) this.tryAll(0);
      }),
    );
    owned.add(
      world.clusters.onChange(() => {
        this.answers.clear();
        this.tryAll(followMs);
      }),
    );
    owned.add(disposable(() => this.timers.forEach(clearTimeout)));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private tryAll(delayMs: number): void {
    for (const { document } of window.visibleTextEditors) this.trySoon(document, delayMs);
  }

  private trySoon(document: TextDocument, delayMs: number): void {
    if (!isManifest(document)) return;
    const id = document.uri.toString();
    clearTimeout(this.timers.get(id));
    this.timers.set(
      id,
      setTimeout(() => {
        this.timers.delete(id);
        void this.tryNow(document);
      }, delayMs),
    );
  }

  private forget({ uri }: TextDocument): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.collection.delete(uri);
  }

  private async tryNow(document: TextDocument): Promise<void> {
    const cluster = this.world.clusters.live?.cluster;
    const isFragment = await this.world.kustomizations.isFragment(document.uri);
    if (!cluster || !isEnabled(document, cluster) || isFragment) {
      this.collection.delete(document.uri);
      return;
    }
    const { version } = document;
    const text = document.getText();
    const { objectsOf, ownDocuments } = await loadLanguage();
    const found: PlacedFailure[] = [];
    for (const object of ownDocuments(text).flatMap(objectsOf).slice(0, mostObjects)) {
      found.push(...(await this.failuresOf(object, document, text, cluster)));
      // Typed on, or another cluster: what was asked is of no interest any more.
      const isStale = document.isClosed || document.version !== version;
      if (isStale || this.world.clusters.live?.cluster !== cluster) return;
    }
    const told = languages
      .getDiagnostics(document.uri)
      .filter((diagnostic) => diagnostic.source !== source);
    const diagnostics = found.map((failure) => diagnosticOf(failure, document));
    this.collection.set(
      document.uri,
      diagnostics.filter((own) => !told.some((other) => isSame(own, other))),
    );
  }

  private async failuresOf(
    object: ManifestDocument,
    { uri }: TextDocument,
    text: string,
    cluster: Cluster,
  ): Promise<readonly PlacedFailure[]> {
    const { range } = object.root ?? {};
    const known = this.world
      .problemsOf(uri)
      .filter(({ start, end }) => range && start <= range.end && end >= range.start);
    if (known.some(({ source }) => source !== "validate")) return [];
    const error = await this.answerFor(object, cluster);
    if (!error || !(await this.isNews(error))) return [];
    const { locateFailure } = await loadLanguage();
    return locateFailure(error, object, text).filter(
      ({ message }) => !known.some((problem) => problem.message === message),
    );
  }

  private answerFor({ fields }: ManifestDocument, cluster: Cluster): Promise<Error | undefined> {
    const key = JSON.stringify(fields);
    const known = this.answers.get(key);
    if (known) return known;
    const answer = refusalOf(fields as unknown as KubeObject, cluster).then((error) => {
      if (!isUnreached(error)) return error;
      this.answers.delete(key);
      return undefined;
    });
    this.answers.set(key, answer);
    return answer;
  }

  /** What the refusal misses may be in the workspace, to be deployed together with the object. */
  private async isNews(error: Error): Promise<boolean> {
    const { missingName } = await loadLanguage();
    const name = missingName(error);
    if (name === undefined) return true;
    const { objects } = await this.world.files.index();
    return ![...objects.everything()].some((other) => other.name === name);
  }
}

/** The server's refusal; undefined if it would take the object, or cannot be asked. */
async function refusalOf(object: KubeObject, { client }: Cluster): Promise<Error | undefined> {
  const { builtInKinds, rehearse } = await loadLanguage();
  const kind = new KindRegistry(builtInKinds).forObject(object.apiVersion, object.kind);
  if (!kind || kind.unstored) return undefined;
  try {
    await rehearse(client, kind, object);
    return undefined;
  } catch (error) {
    return error instanceof ApiError ? error : undefined;
  }
}

/** While kube-apiserver doesn't answer, nothing is known of the object. */
function isUnreached(error: Error | undefined): boolean {
  return error instanceof ApiError && error.reason === "ServiceUnavailable";
}

/** A remote cluster is asked only by those who want it: others may watch what it is asked. */
function isEnabled({ uri }: TextDocument, { simulator }: Cluster): boolean {
  const choice = workspace
    .getConfiguration(undefined, uri)
    .get<string>(settings.dryRun, "simulated");
  return choice === "always" || (choice === "simulated" && simulator !== undefined);
}

/** A deployment, too, marks what the server refused. */
function isSame(own: Diagnostic, other: Diagnostic): boolean {
  return other.message.startsWith(own.message) && other.range.intersection(own.range) !== undefined;
}

function diagnosticOf({ message, range }: PlacedFailure, document: TextDocument): Diagnostic {
  const diagnostic = new Diagnostic(rangeIn(document, range), message, DiagnosticSeverity.Error);
  diagnostic.source = source;
  diagnostic.code = "dryRun";
  return diagnostic;
}
