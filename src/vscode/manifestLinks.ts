// Names of objects that live in the cluster, as links to what they are there.
import {
  DocumentLink,
  type DocumentLinkProvider,
  languages,
  type TextDocument,
  type Disposable as VsDisposable,
} from "vscode";
import { builtInKinds } from "../api/kinds/index.ts";
import type { Disposable } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import { objectUri } from "./objectDocument.ts";
import { rangeIn } from "./ranges.ts";

export class ManifestLinks implements DocumentLinkProvider, Disposable {
  private readonly registration: VsDisposable;

  constructor(private readonly cluster: ClusterObjects) {
    this.registration = languages.registerDocumentLinkProvider(manifestSelector, this);
  }

  dispose(): void {
    this.registration.dispose();
  }

  async provideDocumentLinks(document: TextDocument): Promise<DocumentLink[]> {
    if (!isManifest(document)) return [];
    const { MentionIndex } = await loadLanguage();
    const names = new MentionIndex();
    const id = document.uri.toString();
    names.set(id, document.getText());
    const mentions = names.in(id).filter(({ sort }) => sort === "object");
    await this.cluster.refresh([...new Set(mentions.map(({ kind }) => kind))]);
    return mentions.flatMap(({ kind: name, namespace, name: object, range }) => {
      const found = this.cluster.find(name, namespace, object);
      const kind = builtInKinds.find(({ gvk, storedAs }) => gvk.kind === name && !storedAs);
      if (!found || !kind) return [];
      const link = new DocumentLink(rangeIn(document, range), objectUri(kind, found));
      link.tooltip = l10n.t("Show {0} as it is in the cluster", `${name} ${object}`);
      return [link];
    });
  }
}
