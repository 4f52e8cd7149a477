// Keeps the number of attached volumes within what each CSI driver can attach to a node.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
import { storageClassOf } from "../../api/kinds/persistentVolume/matching.ts";
import type { CSINode, PersistentVolumeClaim, Volume } from "../../api/types.ts";
import {
  type Cycle,
  failed,
  fits,
  type Plugin,
  rejected,
  skipped,
  type Verdict,
} from "../framework.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import { claimNameOf, type PodInfo } from "../podInfo.ts";
import type { Snapshot } from "../snapshot.ts";
import {
  type CsiVolume,
  driverOf,
  isMigrated,
  missing,
  translateToCsi,
  whyNotOwned,
} from "../volumes.ts";

const tooMany = rejected("node(s) exceed max volume count");

/** Drivers by volume: the same volume in two Pods counts once. */
type AttachedVolumes = Map<string, string>;

export const nodeVolumeLimits: Plugin = {
  name: "NodeVolumeLimits",
  retryOn: [
    "CSINode/Update",
    "AssignedPod/Delete",
    "PersistentVolumeClaim/Add",
    "VolumeAttachment/Delete",
  ],
  preFilter: ({ pod }) =>
    pod.pod.spec.volumes?.some(mayBeAttached) ? { state: undefined } : { verdict: skipped },
  filter(cycle, node) {
    const csiNode = cycle.snapshot.objects.csinodes.get(node.name);
    const wanted = volumesOfNewPod(cycle, csiNode);
    if ("code" in wanted) return wanted;
    const limits = limitsOf(csiNode);
    if (wanted.size === 0 || limits.size === 0) return fits;
    const attached = attachedTo(node, csiNode, cycle.snapshot);
    const counts = new Map<string, number>();
    const count = (driver: string) => counts.set(driver, (counts.get(driver) ?? 0) + 1);
    for (const driver of attached.values()) count(driver);
    const added = new Set<string>();
    for (const [volume, driver] of wanted) {
      if (attached.has(volume)) continue;
      count(driver);
      added.add(driver);
    }
    for (const driver of added)
      if ((counts.get(driver) ?? 0) > (limits.get(driver) ?? Number.POSITIVE_INFINITY))
        return tooMany;
    return fits;
  },
};

function mayBeAttached(volume: Volume): boolean {
  return (
    volume.persistentVolumeClaim !== undefined ||
    volume.ephemeral !== undefined ||
    translateToCsi(volume) !== undefined
  );
}

/** A new Pod's claims must be there; those of Pods already placed may be gone. */
function volumesOfNewPod(
  { pod, snapshot }: Cycle,
  csiNode: CSINode | undefined,
): AttachedVolumes | Verdict {
  for (const volume of pod.pod.spec.volumes ?? []) {
    const name = claimNameOf(pod.name, volume);
    if (name === undefined) continue;
    const claim = snapshot.objects.persistentvolumeclaims.get(`${pod.namespace}/${name}`);
    if (!claim) {
      const reason = missing("persistentvolumeclaim", name);
      return rejected.forGood(`looking up PVC ${pod.namespace}/${name}: ${reason}`);
    }
    const stranger = volume.ephemeral && whyNotOwned(pod.pod, claim);
    if (stranger) return failed(stranger);
  }
  const volumes: AttachedVolumes = new Map();
  addVolumes(volumes, pod, { csiNode, snapshot });
  return volumes;
}

interface Lookup {
  readonly csiNode: CSINode | undefined;
  readonly snapshot: Snapshot;
}

function attachedTo(
  { name, pods }: NodeInfo,
  csiNode: CSINode | undefined,
  snapshot: Snapshot,
): AttachedVolumes {
  const volumes: AttachedVolumes = new Map();
  for (const pod of pods) addVolumes(volumes, pod, { csiNode, snapshot });
  for (const { spec } of snapshot.objects.volumeattachments.values()) {
    const source = spec?.source?.persistentVolumeName;
    if (spec?.nodeName !== name || !source) continue;
    const csi = snapshot.objects.persistentvolumes.get(source)?.spec?.csi;
    if (csi) volumes.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
  }
  return volumes;
}

function addVolumes(volumes: AttachedVolumes, pod: PodInfo, lookup: Lookup): void {
  for (const volume of pod.pod.spec.volumes ?? []) {
    const csi = csiVolumeOf(volume, pod, lookup);
    if (csi) volumes.set(`${csi.driver}/${csi.handle}`, csi.driver);
  }
}

/** Volumes of in-tree plugins count where the node is known to have CSI drivers. */
function csiVolumeOf(
  volume: Volume,
  { namespace, name: podName }: PodInfo,
  { csiNode, snapshot }: Lookup,
): CsiVolume | undefined {
  const name = claimNameOf(podName, volume);
  if (name === undefined) return csiNode && translateToCsi(volume);
  const { persistentvolumeclaims, persistentvolumes } = snapshot.objects;
  const claim = persistentvolumeclaims.get(`${namespace}/${name}`);
  if (!claim) return undefined;
  const bound = persistentvolumes.get(claim.spec?.volumeName ?? "")?.spec;
  if (!bound) return volumeToCome(claim, { csiNode, snapshot });
  if (bound.csi) return { driver: bound.csi.driver, handle: bound.csi.volumeHandle };
  return csiNode && translateToCsi(bound);
}

/** A claim without a volume will get one of its class's driver. */
function volumeToCome(
  claim: PersistentVolumeClaim,
  { csiNode, snapshot }: Lookup,
): CsiVolume | undefined {
  const provisioner = snapshot.objects.storageclasses.get(storageClassOf(claim))?.provisioner;
  if (!provisioner || (isMigrated(provisioner) && !csiNode)) return undefined;
  const { namespace, name } = claim.metadata;
  return { driver: driverOf(provisioner), handle: `claim ${namespace}/${name}` };
}

function limitsOf(csiNode: CSINode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec?.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  return limits;
}
