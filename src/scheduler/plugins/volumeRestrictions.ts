// Keeps Pods off nodes where a disk that they want is in use, and off claims that one Pod owns.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
import type { Volume } from "../../api/types.ts";
import { type Cycle, fits, type Plugin, rejected, skipped } from "../framework.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import type { PodInfo } from "../podInfo.ts";
import { missing } from "../volumes.ts";

const diskInUse = rejected("node(s) had no available disk");
const claimInUse = rejected(
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
);

interface FilterState {
  readonly disks: readonly Volume[];
  /** Names of the Pod's claims that only one Pod may use. */
  readonly exclusiveClaims: ReadonlySet<string>;
  /** How often other Pods use them. */
  conflicts: number;
}

export const volumeRestrictions: Plugin<FilterState> = {
  name: "VolumeRestrictions",
  retryOn: [
    "AssignedPod/Delete",
    "Node/Add",
    "PersistentVolumeClaim/Add",
    "PersistentVolumeClaim/Update",
  ],
  preFilter(cycle) {
    const { pod, snapshot } = cycle;
    const disks = (pod.pod.spec.volumes ?? []).filter(isDisk);
    const exclusiveClaims = new Set<string>();
    for (const name of claimNames(pod)) {
      const claim = snapshot.objects.persistentvolumeclaims.get(`${pod.namespace}/${name}`);
      if (!claim) return { verdict: rejected.forGood(missing("persistentvolumeclaim", name)) };
      if (claim.spec?.accessModes?.includes("ReadWriteOncePod")) exclusiveClaims.add(name);
    }
    const conflicts = countUsed(cycle, exclusiveClaims);
    if (disks.length === 0 && conflicts === 0) return { verdict: skipped };
    return { state: { disks, exclusiveClaims, conflicts } };
  },
  filter(_cycle, node, { disks, conflicts }) {
    if (disks.some((disk) => isInUse(disk, node))) return diskInUse;
    return conflicts > 0 ? claimInUse : fits;
  },
  cloneState: (state) => ({ ...state }),
  addPod: (_cycle, state, pod) => {
    state.conflicts += uses(pod, state.exclusiveClaims);
  },
  removePod: (_cycle, state, pod) => {
    state.conflicts -= uses(pod, state.exclusiveClaims);
  },
};

function claimNames({ pod }: PodInfo): string[] {
  return (pod.spec.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
}

/** How many of the claims any Pod in the cluster uses. */
function countUsed({ pod, snapshot }: Cycle, names: ReadonlySet<string>): number {
  if (names.size === 0) return 0;
  const used = new Set(snapshot.nodes.flatMap(({ pods }) => pods.flatMap(({ claims }) => claims)));
  return [...names].filter((name) => used.has(`${pod.namespace}/${name}`)).length;
}

function uses(pod: PodInfo, names: ReadonlySet<string>): number {
  return names.size === 0 ? 0 : claimNames(pod).filter((name) => names.has(name)).length;
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return (gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi) !== undefined;
}

function isInUse(disk: Volume, { pods }: NodeInfo): boolean {
  return pods.some(({ pod }) => pod.spec.volumes?.some((other) => collide(disk, other)));
}

/** The same disk, unless both only read it; EBS disks can't be shared at all. */
function collide(a: Volume, b: Volume): boolean {
  const areReadOnly = (x: { readOnly?: boolean }, y: { readOnly?: boolean }) =>
    x.readOnly === true && y.readOnly === true;
  if (a.gcePersistentDisk && b.gcePersistentDisk)
    return (
      a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName &&
      !areReadOnly(a.gcePersistentDisk, b.gcePersistentDisk)
    );
  if (a.awsElasticBlockStore && b.awsElasticBlockStore)
    return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID;
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !areReadOnly(a.iscsi, b.iscsi);
  if (!a.rbd || !b.rbd) return false;
  const { monitors, pool, image } = b.rbd;
  return (
    a.rbd.monitors.some((monitor) => monitors.includes(monitor)) &&
    a.rbd.pool === pool &&
    a.rbd.image === image &&
    !areReadOnly(a.rbd, b.rbd)
  );
}
