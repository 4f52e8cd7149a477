// StorageObjectInUseProtection: volumes, claims and their classes cannot go while they are in use.
// Source: plugin/pkg/admission/storage/storageobjectinuseprotection, 1.34.
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { VolumeAttributesClass } from "../../../api/kinds/volumeAttributesClass.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

const finalizers = [
  [PersistentVolume, "kubernetes.io/pv-protection"],
  [PersistentVolumeClaim, "kubernetes.io/pvc-protection"],
  [VolumeAttributesClass, "kubernetes.io/vac-protection"],
] as const;

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  admit(request) {
    const metadata = request.object?.metadata;
    for (const [kind, finalizer] of finalizers)
      if (
        metadata &&
        isWriteOf<never>(kind, request, "CREATE") &&
        !metadata.finalizers?.includes(finalizer)
      )
        metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
