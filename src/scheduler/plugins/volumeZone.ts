// Keeps Pods in the zones and regions that the labels of their volumes name.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/volumezone/volume_zone.go
import { storageClassOf } from "../../api/kinds/persistentVolume/matching.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";
import { fits, type Plugin, rejected, skipped, type Verdict } from "../framework.ts";
import type { Snapshot } from "../snapshot.ts";
import { missing } from "../volumes.ts";

const wrongZone = rejected.forGood("node(s) had no available volume zone");

/** The topology labels, and what the oldest are called now. */
const currentLabels: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region": "topology.kubernetes.io/region",
};

interface VolumeTopology {
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

export const volumeZone: Plugin<readonly VolumeTopology[]> = {
  name: "VolumeZone",
  retryOn: [
    "StorageClass/Add",
    "Node/Add",
    "Node/UpdateLabel",
    "PersistentVolumeClaim/Add",
    "PersistentVolumeClaim/Update",
    "PersistentVolume/Add",
    "PersistentVolume/Update",
  ],
  preFilter({ pod, snapshot }) {
    const topologies: VolumeTopology[] = [];
    for (const { persistentVolumeClaim } of pod.pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const { claimName } = persistentVolumeClaim;
      const claim = snapshot.objects.persistentvolumeclaims.get(`${pod.namespace}/${claimName}`);
      if (!claim) return { verdict: rejected.forGood(missing("persistentvolumeclaim", claimName)) };
      const found = topologiesOf(claim, snapshot);
      if ("code" in found) return { verdict: found };
      topologies.push(...found);
    }
    return topologies.length === 0 ? { verdict: skipped } : { state: topologies };
  },
  filter(_cycle, { labels }, topologies) {
    // A cluster with a single zone need not label its nodes.
    if (!Object.keys(currentLabels).some((key) => labels[key] !== undefined)) return fits;
    for (const { key, values } of topologies) {
      const value = labels[key] ?? labels[currentLabels[key] ?? key];
      if (value === undefined || !values.has(value)) return wrongZone;
    }
    return fits;
  },
};

function topologiesOf(
  claim: PersistentVolumeClaim,
  { objects }: Snapshot,
): readonly VolumeTopology[] | Verdict {
  const name = claim.spec?.volumeName;
  if (!name) return whyUnbound(claim, objects) ?? [];
  const volume = objects.persistentvolumes.get(name);
  return volume ? labelsOf(volume) : rejected.forGood(missing("persistentvolume", name));
}

/** Claims that wait for their first consumer may be unbound. */
function whyUnbound(
  claim: PersistentVolumeClaim,
  { storageclasses }: Snapshot["objects"],
): Verdict | undefined {
  const name = storageClassOf(claim);
  if (name === "")
    return rejected.forGood("PersistentVolumeClaim had no pv name and storageClass name");
  const storageClass = storageclasses.get(name);
  if (!storageClass) return rejected.forGood(missing("storageclass.storage.k8s.io", name));
  const mode = storageClass.volumeBindingMode;
  if (mode === undefined)
    return rejected.forGood(`VolumeBindingMode not set for StorageClass ${JSON.stringify(name)}`);
  return mode === "WaitForFirstConsumer"
    ? undefined
    : rejected.forGood("PersistentVolume had no name");
}

/** A label may name several zones, joined by "__". Malformed labels are ignored. */
function labelsOf({ metadata }: PersistentVolume): VolumeTopology[] {
  return Object.keys(currentLabels).flatMap((key) => {
    const value = metadata.labels?.[key];
    const values = value?.split("__").map((zone) => zone.trim());
    return values && !values.includes("") ? [{ key, values: new Set(values) }] : [];
  });
}
