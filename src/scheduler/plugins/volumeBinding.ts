// Chooses volumes for the Pod's claims together with its node: bound volumes must be reachable, the
// other claims must find a volume or a class that can provide one there.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go
import { storageClassOf } from "../../api/kinds/persistentVolume/matching.ts";
import type { PersistentVolumeClaim } from "../../api/types.ts";
import {
  type BindingStep,
  type Cycle,
  failed,
  fits,
  type Plugin,
  rejected,
  skipped,
  type Verdict,
} from "../framework.ts";
import { claimNameOf } from "../podInfo.ts";
import type { Snapshot } from "../snapshot.ts";
import { findVolumes, type PodVolumes } from "../volumeFinder.ts";
import { missing, whyNotOwned } from "../volumes.ts";

const unbound = rejected.forGood("pod has unbound immediate PersistentVolumeClaims");
const bindCompleted = "pv.kubernetes.io/bind-completed";

interface FilterState {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Claims that wait for their first consumer. */
  readonly waiting: readonly PersistentVolumeClaim[];
  /** What was found, by node. */
  readonly found: Map<string, PodVolumes>;
}

export const volumeBinding: Plugin<FilterState> = {
  name: "VolumeBinding",
  retryOn: [
    "StorageClass/Add",
    "StorageClass/Update",
    "PersistentVolumeClaim/Add",
    "PersistentVolumeClaim/Update",
    "PersistentVolume/Add",
    "PersistentVolume/Update",
    "Node/Add",
    "Node/UpdateLabel",
    "CSINode/Add",
    "CSINode/Update",
    "CSIDriver/Update",
    "CSIStorageCapacity/Add",
    "CSIStorageCapacity/Update",
  ],
  preFilter(cycle) {
    const claims = claimsOf(cycle);
    if ("code" in claims) return { verdict: claims };
    if (claims.length === 0) return { verdict: skipped };
    return sortOut(claims, cycle.snapshot);
  },
  filter({ snapshot }, node, { bound, waiting, found }) {
    const volumes = findVolumes(node, { bound, waiting, objects: snapshot.objects });
    if ("error" in volumes) return failed(volumes.error);
    if ("reasons" in volumes) return rejected.forGood(...volumes.reasons);
    found.set(node.name, volumes);
    return fits;
  },
  // Scoring by capacity is behind the feature gate StorageCapacityScoring, which is off.
  preScore: () => ({ verdict: skipped }),
  score: () => 0,
  reserve(_cycle, node, state): readonly BindingStep[] {
    const volumes = state?.found.get(node.name);
    if (!volumes) return [];
    const { bindings, provisions } = volumes;
    return [
      ...bindings.map(({ claim, volume }) => ({
        type: "bindVolume" as const,
        claim: keyOfClaim(claim),
        volume: volume.metadata.name,
      })),
      ...provisions.map((claim) => ({
        type: "provisionVolume" as const,
        claim: keyOfClaim(claim),
        node: node.name,
      })),
    ];
  },
};

function keyOfClaim({ metadata }: PersistentVolumeClaim): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** The Pod's claims, or why one of them makes the Pod wait. */
function claimsOf({ pod, snapshot }: Cycle): readonly PersistentVolumeClaim[] | Verdict {
  const claims: PersistentVolumeClaim[] = [];
  for (const volume of pod.pod.spec.volumes ?? []) {
    const name = claimNameOf(pod.name, volume);
    if (name === undefined) continue;
    const isEphemeral = volume.ephemeral !== undefined;
    const claim = snapshot.objects.persistentvolumeclaims.get(`${pod.namespace}/${name}`);
    const quoted = JSON.stringify(name);
    if (!claim)
      return rejected.forGood(
        isEphemeral
          ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
          : missing("persistentvolumeclaim", name),
      );
    if (claim.status?.phase === "Lost") {
      const volumeName = JSON.stringify(claim.spec?.volumeName ?? "");
      return rejected.forGood(
        `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volumeName}`,
      );
    }
    if (claim.metadata.deletionTimestamp !== undefined)
      return rejected.forGood(`persistentvolumeclaim ${quoted} is being deleted`);
    const stranger = isEphemeral && whyNotOwned(pod.pod, claim);
    if (stranger) return rejected.forGood(stranger);
    claims.push(claim);
  }
  return claims;
}

function sortOut(claims: readonly PersistentVolumeClaim[], { objects }: Snapshot) {
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    const volume = claim.spec?.volumeName ?? "";
    if (volume !== "" && claim.metadata.annotations?.[bindCompleted] !== undefined) {
      bound.push(claim);
      continue;
    }
    const className = storageClassOf(claim);
    const storageClass = objects.storageclasses.get(className);
    if (storageClass && storageClass.volumeBindingMode === undefined) {
      const quoted = JSON.stringify(className);
      return { verdict: failed(`VolumeBindingMode not set for StorageClass ${quoted}`) };
    }
    const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
    if (!waits || volume !== "") return { verdict: unbound };
    waiting.push(claim);
  }
  return { state: { bound, waiting, found: new Map<string, PodVolumes>() } };
}
