// PersistentVolumeClaimResize: claims grow only if their class says that volumes can.
// Source: plugin/pkg/admission/storage/persistentvolume/resize, 1.34.
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { storageClassNameOf } from "../../../api/kinds/storageClass/className.ts";
import { StorageClass } from "../../../api/kinds/storageClass.ts";
import { amountOf, compareAmounts, wholeAmount } from "../../../api/quantity.ts";
import type { PersistentVolumeClaim as Claim } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionContext, type AdmissionPlugin, admissionError } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  validate(request, context) {
    if (!isWriteOf(PersistentVolumeClaim, request, "UPDATE")) return;
    const claim = request.object as Draft<Claim>;
    const old = request.old as Claim;
    if (compareAmounts(requestOf(claim), requestOf(old)) <= 0) return;
    if (old.status?.phase !== "Bound")
      throw admissionError(request, "Only bound persistent volume claims can be expanded");
    if (!canGrow(claim, old, context))
      throw admissionError(
        request,
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
  },
};

function requestOf({ spec }: Claim) {
  const request = spec?.resources?.requests?.storage;
  return request === undefined ? wholeAmount(0) : amountOf(request);
}

function canGrow(claim: Claim, old: Claim, { find }: AdmissionContext): boolean {
  const name = classOf(claim);
  if (name === "" || name !== classOf(old)) return false;
  return find(StorageClass, { namespace: "", name })?.allowVolumeExpansion ?? false;
}

function classOf({ metadata, spec = {} }: Claim): string {
  return storageClassNameOf({ metadata, spec });
}
