// Secrets that a node needs to mount a volume.
// Source: pkg/api/v1/persistentvolume VisitPVSecretNames, kubernetes v1.34.
import type { ObjectKey } from "../../object.ts";
import type { PersistentVolume, SecretReference } from "../../types.ts";

/** A reference without a namespace means that of the volume's claim. */
export function volumeSecrets({ spec }: PersistentVolume): readonly ObjectKey[] {
  if (!spec) return [];
  const { azureFile, csi } = spec;
  const references: readonly (SecretReference | undefined)[] = [
    azureFile && {
      name: azureFile.secretName,
      ...(azureFile.secretNamespace ? { namespace: azureFile.secretNamespace } : {}),
    },
    spec.cephfs?.secretRef,
    spec.cinder?.secretRef,
    spec.flexVolume?.secretRef,
    spec.rbd?.secretRef,
    spec.scaleIO?.secretRef,
    spec.iscsi?.secretRef,
    spec.storageos?.secretRef,
    // What controllers use is none of the node's business.
    csi?.nodePublishSecretRef,
    csi?.nodeStageSecretRef,
    csi?.nodeExpandSecretRef,
  ];
  const ownNamespace = spec.claimRef?.namespace ?? "";
  return references.flatMap((reference) =>
    reference?.name
      ? [{ namespace: reference.namespace || ownNamespace, name: reference.name }]
      : [],
  );
}
