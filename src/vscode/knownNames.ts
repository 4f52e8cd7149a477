// What completion may offer: names of the workspace and the cluster, images, taints.
import type { KnownNames } from "../language/completion/question.ts";
import type { ClusterNames } from "./clusterNames.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { loadLanguage } from "./loadLanguage.ts";
import type { ManifestChecks } from "./manifestChecks.ts";
import type { ManifestWorkspace } from "./manifestWorkspace.ts";

export interface KnownNamesWorld {
  readonly files: ManifestWorkspace;
  readonly cluster: ClusterNames;
  readonly clusters: LiveClusters;
  readonly checks: ManifestChecks;
  /** Those that the cluster's registries serve. */
  readonly images: () => Promise<readonly string[]>;
}

export async function knownNames(world: KnownNamesWorld): Promise<KnownNames> {
  const { KindStructures, mentionsOfAll } = await loadLanguage();
  const [{ names }, live, catalogue] = await Promise.all([
    world.files.index(),
    world.cluster.names(),
    world.images(),
  ]);
  const nodes = [...(world.clusters.live?.facts.nodes.values() ?? [])];
  const pulled = nodes.flatMap(({ status }) =>
    (status?.images ?? []).flatMap(({ names: own }) => own ?? []),
  );
  return {
    structures: new KindStructures(world.checks.custom),
    names: live ? mentionsOfAll(names, live) : names,
    images: [...new Set([...catalogue, ...pulled.map(shortImage).filter(isTagged).sort()])],
    taints: nodes.flatMap(({ spec }) => spec?.taints ?? []),
  };
}

function isTagged(image: string): boolean {
  return !image.includes("@");
}

/** As people write it: without the registry that is meant anyway. */
function shortImage(image: string): string {
  return image.replace(/^docker\.io\/(library\/)?/, "");
}
