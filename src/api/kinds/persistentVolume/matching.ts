// Which volume a claim gets: the one that is meant for it, else the smallest that will do.
// Source: kubernetes v1.34 component-helpers storage/volume/pv_helpers.go FindMatchingVolume
import { amountOf, compareAmounts, wholeAmount } from "../../quantity.ts";
import { labelSelectorOf } from "../../selector.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../types.ts";

const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/** The name of the claim's or volume's storage class; "" if it has none. */
export function storageClassOf({
  metadata,
  spec,
}: Pick<PersistentVolumeClaim | PersistentVolume, "metadata" | "spec">): string {
  return metadata.annotations?.[classAnnotation] ?? spec?.storageClassName ?? "";
}

/**
 * @param volumes of the claim's class
 * @param isReachable whether the volume can be used where it is wanted
 */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  isReachable: (volume: PersistentVolume) => boolean = () => true,
): PersistentVolume | undefined {
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    const isMeant = isMeantFor(volume, claim);
    if ((volume.spec?.claimRef && !isMeant) || !isSuitable(volume, claim)) continue;
    if (isMeant) return isReachable(volume) ? volume : undefined;
    if (!isFree(volume, claim) || !isReachable(volume)) continue;
    if (!smallest || compareAmounts(capacityOf(volume), capacityOf(smallest)) < 0)
      smallest = volume;
  }
  return smallest;
}

/** True if the volume names the claim, as its author or a controller wrote it. */
export function isMeantFor(
  { spec }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  const reference = spec?.claimRef;
  if (reference?.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

export function sizeOf({ spec }: PersistentVolumeClaim) {
  const size = spec?.resources?.requests?.storage;
  return size === undefined ? wholeAmount(0) : amountOf(size);
}

function isSuitable(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const mode = (spec: { readonly volumeMode?: string } | undefined) =>
    spec?.volumeMode ?? "Filesystem";
  const attributes = (spec: { readonly volumeAttributesClassName?: string } | undefined) =>
    spec?.volumeAttributesClassName ?? "";
  return (
    compareAmounts(capacityOf(volume), sizeOf(claim)) >= 0 &&
    mode(volume.spec) === mode(claim.spec) &&
    attributes(volume.spec) === attributes(claim.spec) &&
    volume.metadata.deletionTimestamp === undefined
  );
}

function isFree(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  if (volume.status?.phase !== "Available") return false;
  if (spec?.selector && !labelSelectorOf(spec.selector).matches(volume.metadata.labels))
    return false;
  const offered: readonly string[] = volume.spec?.accessModes ?? [];
  return (spec?.accessModes ?? []).every((mode) => offered.includes(mode));
}

function capacityOf({ spec }: PersistentVolume) {
  const size = spec?.capacity?.storage;
  return size === undefined ? wholeAmount(0) : amountOf(size);
}
