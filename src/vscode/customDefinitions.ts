// Follows the CustomResourceDefinitions of the workspace and of the running cluster.
import { type TextDocument, workspace } from "vscode";
import { CustomResourceDefinition } from "../api/kinds/customResourceDefinition.ts";
import type { CustomResourceDefinition as Definition } from "../api/types.ts";
import { type Disposable, DisposableStore, disposable } from "../base/disposable.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import { isManifest } from "./manifestSelector.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";

const debounceMs = 500;

export interface DefinitionsWorld {
  readonly clusters: LiveClusters;
  readonly files: ManifestWorkspace;
  readonly checks: ManifestChecks;
}

export class CustomDefinitions implements Disposable {
  private readonly owned = new DisposableStore();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private known = "[]";

  constructor(private readonly world: DefinitionsWorld) {
    const { owned } = this;
    const soon = (): void => this.readSoon();
    const soonFor = (document: TextDocument): void => {
      if (isManifest(document)) soon();
    };
    owned.add(workspace.onDidOpenTextDocument(soonFor));
    owned.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.getText().includes("CustomResourceDefinition")) soon();
      }),
    );
    owned.add(world.files.onDidChange(soon));
    owned.add(world.clusters.onChange(soon));
    owned.add(disposable(() => clearTimeout(this.timer)));
    workspace.textDocuments.forEach(soonFor);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private readSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), debounceMs);
  }

  private async read(): Promise<void> {
    // Without a manifest nobody asks.
    if (!workspace.textDocuments.some(isManifest)) return;
    const { files, checks } = this.world;
    const [{ definitions }, inCluster] = await Promise.all([files.index(), this.listed()]);
    const all = [...[...definitions.values()].flat(), ...inCluster];
    const text = JSON.stringify(all.map(({ spec }) => spec));
    if (text === this.known) return;
    this.known = text;
    const { customKindsOf } = await loadLanguage();
    checks.custom = all.length === 0 ? undefined : customKindsOf(all);
  }

  private async listed(): Promise<readonly Definition[]> {
    const client = this.world.clusters.live?.cluster.client;
    if (!client) return [];
    try {
      return (await client.list(CustomResourceDefinition)).items;
    } catch {
      // The cluster has just gone.
      return [];
    }
  }
}
