// Names that a manifest may refer to: of objects in the running cluster, a few seconds old at most.
import { builtInKinds } from "../api/kinds/index.ts";
import type { KnownNames } from "../language/completion.ts";
import type { LiveClusters } from "./liveCluster.ts";

const freshMs = 3_000;

interface Named {
  readonly at: number;
  /** "namespace/name", or "/name" for cluster-scoped kinds. */
  readonly keys: readonly string[];
}

export class ClusterNames {
  private readonly known = new Map<string, Named>();

  constructor(private readonly clusters: LiveClusters) {}

  /** What is known of those kinds now; asks the cluster where that is old. Never fails. */
  async of(kindNames: readonly string[]): Promise<KnownNames> {
    await Promise.all(kindNames.map((kind) => this.refresh(kind)));
    return {
      names: (kind, namespace) => this.namesOf(kind, namespace),
      images: () => this.images(),
    };
  }

  private namesOf(kind: string, namespace: string): readonly string[] {
    return (this.known.get(kind)?.keys ?? []).flatMap((key) => {
      const slash = key.indexOf("/");
      const place = key.slice(0, slash);
      return place === "" || place === namespace ? [key.slice(slash + 1)] : [];
    });
  }

  private images(): readonly string[] {
    const { facts } = this.clusters.live ?? {};
    const names = [...(facts?.nodes.values() ?? [])].flatMap(({ status }) =>
      (status?.images ?? []).flatMap(({ names: own }) => own ?? []),
    );
    return [...new Set(names.filter((name) => !name.includes("@")))].sort();
  }

  private async refresh(name: string): Promise<void> {
    const { cluster } = this.clusters.live ?? {};
    const kind = builtInKinds.find(({ gvk }) => gvk.kind === name);
    const now = performance.now();
    if (!cluster || !kind || now - (this.known.get(name)?.at ?? -freshMs) < freshMs) return;
    try {
      const { items } = await cluster.client.list(kind);
      const keys = items.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`);
      this.known.set(name, { at: now, keys });
    } catch {
      // The cluster has just gone, or does not serve the kind: nothing is offered.
      this.known.delete(name);
    }
  }
}
