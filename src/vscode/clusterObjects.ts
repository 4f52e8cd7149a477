// What of the running cluster a manifest may refer to, a few seconds old at most.
import { builtInKinds } from "../api/kinds/index.ts";
import type { IndexedObject } from "../language/indexedObject.ts";
import type { KnownObjects } from "../language/objectIndex.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";

const freshMs = 3_000;

interface Listed {
  readonly at: number;
  readonly objects: readonly IndexedObject[];
}

export class ClusterObjects implements KnownObjects {
  private readonly listed = new Map<string, Listed>();

  constructor(private readonly clusters: LiveClusters) {}

  /** Asks the cluster for these kinds where what is known is old. Never fails. */
  async refresh(kinds: readonly string[]): Promise<void> {
    await Promise.all(kinds.map((kind) => this.list(kind)));
  }

  knows(kind: string): boolean {
    return this.clusters.live !== undefined && this.listed.has(kind);
  }

  find(kind: string, namespace: string, name: string): IndexedObject | undefined {
    const place = namespace === "" ? "default" : namespace;
    return this.listed
      .get(kind)
      ?.objects.find((object) => object.name === name && ["", place].includes(object.namespace));
  }

  all(kind: string): Iterable<IndexedObject> {
    return this.listed.get(kind)?.objects ?? [];
  }

  private async list(name: string): Promise<void> {
    const { cluster } = this.clusters.live ?? {};
    const kind = builtInKinds.find(({ gvk, storedAs }) => gvk.kind === name && !storedAs);
    const now = performance.now();
    if (!cluster || !kind || now - (this.listed.get(name)?.at ?? -freshMs) < freshMs) return;
    try {
      const { indexedLive } = await loadLanguage();
      const { items } = await cluster.client.list(kind);
      const objects = items.map((object) => indexedLive(object, name));
      this.listed.set(name, { at: now, objects });
    } catch {
      // The cluster has just gone, or does not serve the kind: nothing is known.
      this.listed.delete(name);
    }
  }
}
