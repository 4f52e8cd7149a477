// Volumes that are gone or about to go. Source: pkg/api/pod/warnings.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { Volume } from "../../../types.ts";
import { claimSpecWarnings } from "../../persistentVolume/warnings.ts";

const oldSources: readonly (readonly [field: keyof Volume, words: string])[] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
];
/** The server names these by their Go fields. */
const goNames: Readonly<Record<string, string>> = { storageos: "storageOS" };
const specOfClaim = ["ephemeral", "volumeClaimTemplate", "spec"];

export function volumeWarnings(volumes: readonly Volume[], path: FieldPath): readonly string[] {
  return volumes.flatMap((volume, i) => {
    const at = path.index(i);
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    return [
      ...oldSources
        .filter(([field]) => volume[field] !== undefined)
        .map(([field, words]) => `${at.child(goNames[field] ?? field)}: ${words}`),
      ...(claim ? claimSpecWarnings(claim, at.child(...specOfClaim)) : []),
    ];
  });
}
