// The names in the objects that live in the cluster, a few seconds old at most. Their texts are those
// of the documents that show them, so that a place in one is a place in the other.
import { type KubeObject, keyOf } from "../api/object.ts";
import type { MentionIndex } from "../language/names/mentionIndex.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { objectUri } from "./objectDocument.ts";

const freshMs = 3_000;
/** Of each kind; more are not looked through. */
const mostObjects = 300;

export class ClusterNames {
  private cluster: unknown;
  private index: MentionIndex | undefined;
  private readAt = -freshMs;
  private known = new Map<string, string | undefined>();

  constructor(private readonly clusters: LiveClusters) {}

  /** Undefined while no cluster runs. Never fails. */
  async names(): Promise<MentionIndex | undefined> {
    const { cluster } = this.clusters.live ?? {};
    if (cluster !== this.cluster) this.forget();
    this.cluster = cluster;
    if (!cluster) return undefined;
    const { MentionIndex, namingKinds, yamlOf } = await loadLanguage();
    const index = this.index ?? new MentionIndex();
    this.index = index;
    if (performance.now() - this.readAt < freshMs) return index;
    this.readAt = performance.now();
    const found = new Map<string, string | undefined>();
    await Promise.all(
      namingKinds.map(async (kind) => {
        try {
          const { items } = await cluster.client.list(kind, { limit: mostObjects });
          for (const object of items) {
            if (isMade(object)) continue;
            const uri = objectUri(kind, keyOf(object)).toString();
            const { resourceVersion } = object.metadata;
            found.set(uri, resourceVersion);
            if (this.known.get(uri) !== resourceVersion) index.set(uri, yamlOf(object));
          }
        } catch {
          // The cluster has just gone, or does not serve the kind: nothing of it is known.
        }
      }),
    );
    for (const uri of this.known.keys()) if (!found.has(uri)) index.delete(uri);
    this.known = found;
    return index;
  }

  private forget(): void {
    this.index = undefined;
    this.known = new Map();
    this.readAt = -freshMs;
  }
}

/** True for what a controller made of another object: its names are the other's. */
function isMade({ metadata: { ownerReferences = [] } }: KubeObject): boolean {
  return ownerReferences.some(({ controller }) => controller === true);
}
