// persistentvolume-binder: a volume's side. What it is good for now that its claim came or went.
// Source: pkg/controller/volume/persistentvolume/pv_controller.go syncVolume, kubernetes v1.34.
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import type { PersistentVolume as Volume } from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { boundByController, claimKeyOf, provisionedBy } from "./claims.ts";

type Phase = "Available" | "Bound" | "Released";

export function syncVolume(volume: Volume, context: ControllerContext): void {
  const { claimRef } = volume.spec;
  if (!claimRef?.uid) {
    setPhase(volume, "Available", context);
    return;
  }
  const found = context.cache(PersistentVolumeClaim).get(claimKeyOf(volume));
  const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
  if (!claim) {
    setPhase(volume, "Released", context);
    return;
  }
  const { volumeName } = claim.spec;
  if (volumeName === volume.metadata.name) setPhase(volume, "Bound", context);
  else if (volumeName) release(volume, context);
}

/** The claim has taken another volume: this one is free again, unless it was made for it. */
function release(volume: Volume, context: ControllerContext): void {
  const { annotations = {} } = volume.metadata;
  const isMadeForIt = annotations[provisionedBy] !== undefined;
  if (isMadeForIt && volume.spec.persistentVolumeReclaimPolicy === "Delete") {
    setPhase(volume, "Released", context);
    return;
  }
  if (annotations[boundByController] === undefined) return;
  const { [boundByController]: _, ...rest } = annotations;
  const { claimRef: __, ...spec } = volume.spec;
  const free = context.client.update(PersistentVolume, {
    ...volume,
    metadata: { ...volume.metadata, annotations: rest },
    spec,
  });
  setPhase(free, "Available", context);
}

function setPhase(volume: Volume, phase: Phase, { client }: ControllerContext): void {
  if (volume.status?.phase === phase) return;
  client.updateStatus(PersistentVolume, { ...volume, status: { ...volume.status, phase } });
}
