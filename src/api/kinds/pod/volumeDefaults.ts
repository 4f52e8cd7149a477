// Defaults of a Pod's volumes. Source: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go,
// kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { DownwardAPIVolumeFile, Volume } from "../../types.ts";

const readableByAll = 0o644;
const tokenLifetimeSeconds = 3600;

/** Sets a volume's defaults, in place; one without a source becomes an emptyDir. */
export function setVolumeDefaults(volume: Draft<Volume>): void {
  const hasSource = Object.keys(volume).some((field) => field !== "name");
  if (!hasSource) volume.emptyDir = {};
  if (volume.secret) volume.secret.defaultMode ??= readableByAll;
  if (volume.configMap) volume.configMap.defaultMode ??= readableByAll;
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= readableByAll;
    setItemDefaults(volume.downwardAPI.items);
  }
  setProjectedDefaults(volume.projected);
  setDiskDefaults(volume);
  const claim = volume.ephemeral?.volumeClaimTemplate;
  if (claim) claim.spec.volumeMode ??= "Filesystem";
}

function setProjectedDefaults(projected: Draft<Volume>["projected"]): void {
  if (!projected) return;
  projected.defaultMode ??= readableByAll;
  for (const { downwardAPI, serviceAccountToken } of projected.sources ?? []) {
    setItemDefaults(downwardAPI?.items);
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= tokenLifetimeSeconds;
  }
}

function setItemDefaults(items: Draft<DownwardAPIVolumeFile>[] | undefined): void {
  for (const { fieldRef } of items ?? []) if (fieldRef) fieldRef.apiVersion ||= "v1";
}

function setDiskDefaults({ iscsi, rbd, azureDisk, scaleIO }: Draft<Volume>): void {
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}
