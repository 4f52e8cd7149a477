// A manifest as the server would store it, and beside what the cluster has: documents to look at only.
import {
  commands as editor,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { type Kind, KindRegistry } from "../api/kind.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { Rehearsal } from "../client/rehearse.ts";
import type { ManifestDocument } from "../language/manifest.ts";
import { manifestViewScheme } from "./commandIds.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";

/** What became of one object of a manifest. */
type Answer =
  | { readonly type: "stored"; readonly rehearsal: Rehearsal }
  | { readonly type: "refused"; readonly message: string }
  /** No cluster runs, or it does not have the kind. */
  | { readonly type: "unasked" };

export class ManifestViews implements TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly texts = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly clusters: LiveClusters,
    private readonly checks: ManifestChecks,
  ) {
    this.owned.add(workspace.registerTextDocumentContentProvider(manifestViewScheme, this));
    this.owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** After defaulting and admission, as a dry run tells; by defaults alone where no cluster runs. */
  async showEffective(clicked: Uri | undefined): Promise<void> {
    const { effectiveObject, yamlWithoutServerFields } = await loadLanguage();
    const { uri, objects } = await manifestAt(clicked);
    const texts: string[] = [];
    for (const object of objects) {
      const answer = await this.ask(object);
      const known = effectiveObject(object, this.checks.custom) ?? fieldsOf(object);
      if (answer.type === "stored") texts.push(yamlWithoutServerFields(answer.rehearsal.stored));
      else if (answer.type === "unasked")
        texts.push(
          `${comment(l10n.t("With defaults only: no cluster was asked."))}${yamlWithoutServerFields(known)}`,
        );
      else texts.push(`${comment(answer.message)}${yamlWithoutServerFields(known)}`);
    }
    await this.show(`${l10n.t("{0} (effective)", nameOf(uri))}.yaml`, texts.join("---\n"));
  }

  /** Opens a text beside what is being edited. */
  async show(title: string, text: string): Promise<void> {
    const document = await workspace.openTextDocument(this.viewOf(title, text));
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
  }

  /** What deploying would change: the live objects on the left, what they would become on the right. */
  async compare(clicked: Uri | undefined): Promise<void> {
    const { yamlWithoutServerFields } = await loadLanguage();
    const { uri, objects } = await manifestAt(clicked);
    if (!this.clusters.live)
      throw new Error(l10n.t("No cluster runs that could be compared with."));
    const before: string[] = [];
    const after: string[] = [];
    for (const object of objects) {
      const answer = await this.ask(object);
      const live = answer.type === "stored" ? answer.rehearsal.live : await this.liveObject(object);
      before.push(
        live
          ? yamlWithoutServerFields(live)
          : comment(l10n.t("{0} is not in the cluster.", refText(object))),
      );
      after.push(
        answer.type === "stored"
          ? yamlWithoutServerFields(answer.rehearsal.stored)
          : `${answer.type === "refused" ? comment(answer.message) : ""}${yamlWithoutServerFields(fieldsOf(object))}`,
      );
    }
    await editor.executeCommand(
      "vscode.diff",
      this.viewOf(`${l10n.t("{0} (in the cluster)", nameOf(uri))}.yaml`, before.join("---\n")),
      this.viewOf(`${l10n.t("{0} (deployed)", nameOf(uri))}.yaml`, after.join("---\n")),
      l10n.t("{0}: cluster ↔ file", nameOf(uri)),
    );
  }

  private viewOf(title: string, text: string): Uri {
    const path = `/${++this.count}/${title.replaceAll("/", "∕")}`;
    const uri = Uri.from({ scheme: manifestViewScheme, path });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  private async ask(object: ManifestDocument): Promise<Answer> {
    const cluster = this.clusters.live?.cluster;
    const kind = await kindOf(object);
    if (!cluster || !kind) return { type: "unasked" };
    const { failureText, rehearse } = await loadLanguage();
    try {
      const rehearsal = await rehearse(cluster.client, kind, fieldsOf(object));
      return { type: "stored", rehearsal };
    } catch (error) {
      if (error instanceof ApiError) return { type: "refused", message: failureText(error) };
      throw error;
    }
  }

  private async liveObject(object: ManifestDocument): Promise<KubeObject | undefined> {
    const cluster = this.clusters.live?.cluster;
    const kind = await kindOf(object);
    if (!cluster || !kind) return undefined;
    const { getIfExists } = await loadLanguage();
    return getIfExists(cluster.client, kind, fieldsOf(object));
  }
}

interface ManifestObjects {
  readonly uri: Uri;
  readonly objects: readonly ManifestDocument[];
}

/** @throws Error in the user's language if there is no manifest to look at */
async function manifestAt(clicked: Uri | undefined): Promise<ManifestObjects> {
  const uri = clicked ?? window.activeTextEditor?.document.uri;
  if (!uri) throw new Error(l10n.t("Open a manifest, or choose one in the Explorer."));
  const { objectsOf, ownDocuments } = await loadLanguage();
  const document = await workspace.openTextDocument(uri);
  const objects = ownDocuments(document.getText()).flatMap(objectsOf);
  if (objects.length === 0)
    throw new Error(l10n.t("{0} holds no Kubernetes objects that can be read.", nameOf(uri)));
  return { uri, objects };
}

async function kindOf({ fields }: ManifestDocument): Promise<Kind | undefined> {
  const { builtInKinds } = await loadLanguage();
  return new KindRegistry(builtInKinds).forObject(String(fields?.apiVersion), String(fields?.kind));
}

function fieldsOf({ fields }: ManifestDocument): KubeObject {
  return fields as unknown as KubeObject;
}

function refText({ fields }: ManifestDocument): string {
  const { name } = (fields?.metadata ?? {}) as { readonly name?: unknown };
  return `${String(fields?.kind)} ${String(name)}`;
}

function comment(text: string): string {
  return text.replace(/^/gm, "# ").concat("\n");
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
