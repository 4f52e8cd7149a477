// Names of objects that live in the cluster, as links to their rows in the tree, or to what they are.
import {
  DocumentLink,
  type DocumentLinkProvider,
  languages,
  type TextDocument,
  Uri,
  type Disposable as VsDisposable,
} from "vscode";
import { builtInKinds } from "../api/kinds/index.ts";
import type { Disposable } from "../base/disposable.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterObjects } from "./clusterObjects.ts";
import { type CommandId, commands } from "./commandIds.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { isManifest, manifestSelector } from "./manifestSelector.ts";
import { objectUri } from "./objectDocument.ts";
import { rangeIn } from "./ranges.ts";
import { elementOf, type ObjectName } from "./treeSearch.ts";

export class ManifestLinks implements DocumentLinkProvider, Disposable {
  private readonly registration: VsDisposable;

  constructor(
    private readonly cluster: ClusterObjects,
    private readonly clusters: LiveClusters,
  ) {
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
    return mentions.flatMap(({ kind, namespace, name, range }) => {
      const found = this.cluster.find(kind, namespace, name);
      const target = found && this.target(found);
      if (!target) return [];
      const link = new DocumentLink(rangeIn(document, range), target);
      link.tooltip = l10n.t("Show {0} as it is in the cluster", `${kind} ${name}`);
      return [link];
    });
  }

  private target({ kind: name, ...key }: ObjectName): Uri | undefined {
    const object: ObjectName = { kind: name, namespace: key.namespace, name: key.name };
    const { facts } = this.clusters.live ?? {};
    if (facts && elementOf(object, facts)) return commandUri(commands.showInTree, object);
    const kind = builtInKinds.find(({ gvk, storedAs }) => gvk.kind === name && !storedAs);
    return kind && objectUri(kind, key);
  }
}

function commandUri(command: CommandId, argument: ObjectName): Uri {
  return Uri.from({ scheme: "command", path: command, query: JSON.stringify([argument]) });
}
