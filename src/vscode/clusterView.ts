// What kube-scheduler reads of the running cluster, for the questions that the editor asks of it.
import { builtInKinds } from "../api/kinds/index.ts";
import type { KubeObject } from "../api/object.ts";
import type { PriorityClass } from "../api/types.ts";
import type { ClusterView } from "../language/scheduling.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";

const freshMs = 2_000;

/** Beside Nodes and Pods, which the tree follows anyway. */
const listed: ReadonlySet<string> = new Set([
  "namespaces",
  "services",
  "replicationcontrollers",
  "replicasets",
  "statefulsets",
  "persistentvolumes",
  "persistentvolumeclaims",
  "storageclasses",
  "csinodes",
  "priorityclasses",
]);

type Lists = Readonly<Record<string, readonly KubeObject[]>>;

export class ClusterViews {
  private lists: Lists = {};
  private listedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly clusters: LiveClusters) {}

  /** The cluster now; undefined while none runs. */
  async current(): Promise<ClusterView | undefined> {
    const { live } = this.clusters;
    if (!live) return undefined;
    try {
      const [profiles] = await Promise.all([this.profiles(), this.refresh()]);
      const nodes = [...live.facts.nodes.values()];
      const pods = ["", ...nodes.map(({ metadata }) => metadata.name)].flatMap((node) => [
        ...live.facts.podsOn(node),
      ]);
      return {
        objects: { ...this.lists, nodes, pods },
        priorityClasses: (this.lists.priorityclasses ?? []) as readonly PriorityClass[],
        profiles,
      };
    } catch {
      // The cluster has gone in between.
      return undefined;
    }
  }

  private async profiles(): Promise<ClusterView["profiles"]> {
    const { defaultProfile, loadConfiguration, parseManifest } = await loadLanguage();
    const text = await this.clusters.live?.cluster.simulator.schedulerConfiguration();
    const [document] = parseManifest(text ?? "");
    const loaded = loadConfiguration(document?.value);
    return "profiles" in loaded ? loaded.profiles : [defaultProfile];
  }

  private async refresh(): Promise<void> {
    const client = this.clusters.live?.cluster.client;
    const now = performance.now();
    if (!client || now - this.listedAt < freshMs) return;
    this.listedAt = now;
    const kinds = builtInKinds.filter(({ plural, storedAs }) => listed.has(plural) && !storedAs);
    const entries = await Promise.all(
      kinds.map(async (kind) => [kind.plural, (await client.list(kind)).items] as const),
    );
    this.lists = Object.fromEntries(entries);
  }
}
