// DefaultStorageClass: a claim that names no class gets the default one.
// Source: plugin/pkg/admission/storage/storageclass/setdefault, 1.34.
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { storageClassAnnotation } from "../../../api/kinds/storageClass/className.ts";
import { StorageClass } from "../../../api/kinds/storageClass.ts";
import type { PersistentVolumeClaim as ClaimObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";
import { newestDefault } from "./newestDefault.ts";

export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  admit(request, { list }) {
    if (!isWriteOf(PersistentVolumeClaim, request, "CREATE")) return;
    const { metadata, spec } = request.object as Draft<ClaimObject>;
    // The empty name is a class too: none.
    if (metadata.annotations?.[storageClassAnnotation] !== undefined || !spec) return;
    if (spec.storageClassName !== undefined) return;
    const found = newestDefault(
      list(StorageClass),
      "storageclass.kubernetes.io/is-default-class",
      "storageclass.beta.kubernetes.io/is-default-class",
    );
    if (found) spec.storageClassName = found.metadata.name;
  },
};
