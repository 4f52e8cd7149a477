// The class of a volume or claim. Source: pkg/apis/core/helper GetPersistentVolumeClass, 1.34.
import type { ObjectMeta } from "../../types.ts";

/** Where the class stood before it had a field. Source: BetaStorageClassAnnotation. */
export const storageClassAnnotation = "volume.beta.kubernetes.io/storage-class";

/** The annotation counts before the field; "" without a class. */
export function storageClassNameOf({
  metadata,
  spec,
}: {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly storageClassName?: string };
}): string {
  return metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? "";
}
