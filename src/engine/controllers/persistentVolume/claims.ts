// What controllers of volumes share: annotations, and how claims and classes relate.
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../api/types.ts";

/** Source: component-helpers storage/volume/pv_helpers.go, kubernetes v1.34. */
export const bindCompleted = "pv.kubernetes.io/bind-completed";
export const boundByController = "pv.kubernetes.io/bound-by-controller";
export const provisionedBy = "pv.kubernetes.io/provisioned-by";
export const selectedNode = "volume.kubernetes.io/selected-node";
export const storageProvisioner = "volume.kubernetes.io/storage-provisioner";
export const betaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner";
export const noProvisioner = "kubernetes.io/no-provisioner";

export function waitsForConsumer(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer";
}

/** The claim that a volume is bound to, or meant for, by its key. */
export function claimKeyOf({ spec }: PersistentVolume) {
  const { namespace = "", name = "" } = spec.claimRef ?? {};
  return { namespace, name };
}

export function isBoundTo(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = volume.spec.claimRef;
  return (
    reference?.name === claim.metadata.name &&
    reference.namespace === claim.metadata.namespace &&
    reference.uid === claim.metadata.uid
  );
}
