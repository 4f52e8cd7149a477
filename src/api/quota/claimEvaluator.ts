// PersistentVolumeClaims: how many there are and how much they ask for, in all and by StorageClass.
// Source: pkg/quota/v1/evaluator/core/persistent_volume_claims.go, 1.34.
import { PersistentVolumeClaim } from "../kinds/persistentVolumeClaim.ts";
import { type Amount, amountOf, compareAmounts, exactValue, wholeAmount } from "../quantity.ts";
import type { PersistentVolumeClaim as ClaimObject, Quantity } from "../types.ts";
import { countName, type QuotaEvaluator } from "./evaluator.ts";
import { meetsScope } from "./scopes.ts";
import { one } from "./usage.ts";

const count = countName(PersistentVolumeClaim);
const names = ["persistentvolumeclaims", "requests.storage"];
const classInfix = ".storageclass.storage.k8s.io/";
const classAnnotation = "volume.beta.kubernetes.io/storage-class";

export const claimEvaluator: QuotaEvaluator = {
  handles({ subresource, object, old }) {
    if (subresource === undefined) return true;
    return (
      subresource === "status" &&
      old !== undefined &&
      needsRecount(object as ClaimObject, old as ClaimObject)
    );
  },
  matchingResources: (asked) =>
    asked.filter(
      (name) =>
        name === count ||
        names.includes(name) ||
        names.some((each) => name.endsWith(`${classInfix}${each}`)),
    ),
  matchesScope: (scope, object) =>
    scope.scopeName === "VolumeAttributesClass" &&
    meetsScope(scope, attributesClasses(object as ClaimObject)),
  usage(object) {
    const claim = object as ClaimObject;
    const { annotations } = claim.metadata;
    const storageClass = annotations?.[classAnnotation] ?? claim.spec.storageClassName ?? "";
    const storage = storageOf(claim);
    const counted: [string, Amount][] = [
      ["persistentvolumeclaims", one],
      ...(storage ? [["requests.storage", storage] as [string, Amount]] : []),
    ];
    const byClass = counted.map(
      ([name, amount]) => [storageClass + classInfix + name, amount] as const,
    );
    return new Map([[count, one], ...counted, ...(storageClass === "" ? [] : byClass)]);
  },
};

/** What the driver has set aside already counts, if it is more. */
function storageOf({ spec, status }: ClaimObject): Amount | undefined {
  const asked = spec.resources?.requests?.storage;
  const allocated = status?.allocatedResources?.storage;
  if (asked === undefined) return undefined;
  const request = wholeBytes(asked);
  if (allocated === undefined || compareAmounts(amountOf(allocated), request) <= 0) return request;
  return wholeBytes(allocated);
}

function wholeBytes(quantity: Quantity): Amount {
  const amount = amountOf(quantity);
  return amount.scale < 0 ? wholeAmount(exactValue(amount), amount.format) : amount;
}

/** Whether a new status changes what quotas count. */
export function needsRecount(claim: ClaimObject, old: ClaimObject): boolean {
  const storage = ({ status }: ClaimObject) => status?.allocatedResources?.storage;
  if (storage(claim) !== storage(old)) return true;
  return attributesClasses(claim).join() !== attributesClasses(old).join();
}

function attributesClasses({ spec, status }: ClaimObject): readonly string[] {
  const classes = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(classes.filter((name) => name !== undefined && name !== ""))] as string[];
}
