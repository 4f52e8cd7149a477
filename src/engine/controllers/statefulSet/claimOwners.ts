// Whether claims go with their set or their Pod: by owner references, which the garbage collector minds.
// Source: pkg/controller/statefulset/stateful_set_utils.go isClaimOwnerUpToDate and
// updateClaimOwnerRefForSetAndPod, kubernetes v1.34.
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { StatefulSet } from "../../../api/kinds/statefulSet.ts";
import { controllerOf, controllerRef, type KubeObject } from "../../../api/object.ts";
import type {
  OwnerReference,
  PersistentVolumeClaim,
  Pod as PodObject,
  StatefulSet as StatefulSetObject,
} from "../../../api/types.ts";
import { isInRange } from "./ordinals.ts";

/** The owners that the retention policy gives a claim of the Pod. */
function wantedOwners(
  set: StatefulSetObject,
  pod: PodObject,
): { readonly set: boolean; readonly pod: boolean } {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const isSurplus = whenScaled === "Delete" && !isInRange(set, pod);
  return { set: whenDeleted === "Delete" && !isSurplus, pod: isSurplus };
}

/** Whether the claim has the owners that it should have. Another's claim should have none of them. */
export function ownersMatch(
  claim: PersistentVolumeClaim,
  set: StatefulSetObject,
  pod: PodObject,
): boolean {
  const wanted = isOfAnother(claim, set, pod) ? noOwners : wantedOwners(set, pod);
  return isOwned(claim, set) === wanted.set && isOwned(claim, pod) === wanted.pod;
}

/** The claim with the owners that it should have; others stay. */
export function withOwners(
  claim: PersistentVolumeClaim,
  set: StatefulSetObject,
  pod: PodObject,
): PersistentVolumeClaim {
  const wanted = isOfAnother(claim, set, pod) ? noOwners : wantedOwners(set, pod);
  const others = (claim.metadata.ownerReferences ?? []).filter(
    (reference) => !names(reference, StatefulSet, set) && !names(reference, Pod, pod),
  );
  const owners: OwnerReference[] = [
    ...others,
    ...(wanted.set ? [controllerRef(asKind(set, StatefulSet))] : []),
    ...(wanted.pod ? [controllerRef(asKind(pod, Pod))] : []),
  ];
  return { ...claim, metadata: { ...claim.metadata, ownerReferences: owners } };
}

const noOwners = { set: false, pod: false };

/** Source: hasUnexpectedController. */
function isOfAnother(
  claim: PersistentVolumeClaim,
  set: StatefulSetObject,
  pod: PodObject,
): boolean {
  const controller = controllerOf(claim);
  return (
    controller !== undefined && !names(controller, StatefulSet, set) && !names(controller, Pod, pod)
  );
}

function names(
  { apiVersion, kind, name }: OwnerReference,
  owner: OwnerKind,
  { metadata }: KubeObject,
): boolean {
  return apiVersion === owner.apiVersion && kind === owner.gvk.kind && name === metadata.name;
}

/** True if the claim still belongs to an earlier Pod of the name, and will go with it. */
export function isStale(claim: PersistentVolumeClaim, pod: PodObject): boolean {
  return (claim.metadata.ownerReferences ?? []).some(
    ({ kind, name, uid }) =>
      kind === Pod.gvk.kind && name === pod.metadata.name && uid !== pod.metadata.uid,
  );
}

function isOwned({ metadata }: PersistentVolumeClaim, owner: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

interface OwnerKind {
  readonly apiVersion: string;
  readonly gvk: { readonly kind: string };
}

function asKind({ metadata }: KubeObject, { apiVersion, gvk }: OwnerKind): KubeObject {
  return { apiVersion, kind: gvk.kind, metadata };
}
