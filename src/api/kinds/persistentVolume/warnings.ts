// What the server warns of in PersistentVolumes and claims.
// Source: pkg/api/{persistentvolume,persistentvolumeclaim}/util.go, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
} from "../../types.ts";
import { nodeSelectorTermWarnings } from "../node/warnings.ts";
import { fractionalByteWarnings } from "../pod/warnings/quantities.ts";
import { storageClassAnnotation } from "../storageClass/className.ts";

const annotations = FieldPath.of("metadata", "annotations");
const spec = FieldPath.of("spec");

export function persistentVolumeWarnings(volume: PersistentVolume): readonly string[] {
  const { persistentVolumeReclaimPolicy: policy, nodeAffinity } = volume.spec;
  const terms = spec.child("nodeAffinity", "required", "nodeSelectorTerms");
  return [
    ...annotationWarnings(volume),
    ...(policy === "Recycle"
      ? [
          `${spec.child("persistentVolumeReclaimPolicy")}: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.`,
        ]
      : []),
    ...(nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeSelectorTermWarnings(term, terms.index(i)),
    ),
    ...oldSourceWarnings(volume),
  ];
}

export function claimWarnings(claim: PersistentVolumeClaim): readonly string[] {
  return [...annotationWarnings(claim), ...claimSpecWarnings(claim.spec, spec)];
}

/** Storage comes in whole bytes. */
export function claimSpecWarnings(
  { resources }: PersistentVolumeClaimSpec,
  path: FieldPath,
): readonly string[] {
  return (["requests", "limits"] as const).flatMap((field) =>
    fractionalByteWarnings(resources?.[field], path.child("resources", field), ["storage"]),
  );
}

function annotationWarnings({
  metadata,
}: PersistentVolume | PersistentVolumeClaim): readonly string[] {
  return metadata.annotations?.[storageClassAnnotation] === undefined
    ? []
    : [
        `${annotations.key(storageClassAnnotation)}: deprecated since v1.8; use "storageClassName" attribute instead`,
      ];
}

/** In the server's order; the last part of the path is its Go field's name. */
const oldSources = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
] as const;

function oldSourceWarnings(volume: PersistentVolume): readonly string[] {
  return oldSources
    .filter(([source]) => volume.spec[source] !== undefined)
    .map(([, name, words]) => `${spec.child(name)}: ${words}`);
}
