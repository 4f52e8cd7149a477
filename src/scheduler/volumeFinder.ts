// Which volumes a Pod's claims would get on one node.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/volumebinding/binder.go and
// component-helpers storage/volume/pv_helpers.go
import {
  findMatchingVolume,
  sizeOf,
  storageClassOf,
} from "../api/kinds/persistentVolume/matching.ts";
import { amountOf, compareAmounts, wholeValueOf } from "../api/quantity.ts";
import { type Labels, labelSelectorOf } from "../api/selector.ts";
import type {
  CSIStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from "../api/types.ts";
import { type ClusterObjects, groupBy } from "./clusterObjects.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import { isReachable } from "./volumes.ts";

export interface VolumeBindingPair {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

/** What the claims that are not bound yet would get. */
export interface PodVolumes {
  readonly bindings: readonly VolumeBindingPair[];
  /** Claims for which a volume is to be made. */
  readonly provisions: readonly PersistentVolumeClaim[];
}

interface ClaimsToPlace {
  readonly bound: readonly PersistentVolumeClaim[];
  readonly waiting: readonly PersistentVolumeClaim[];
  readonly objects: ClusterObjects;
}

const outOfReach = "node(s) didn't match PersistentVolume's node affinity";
const noVolume = "node(s) didn't find available persistent volumes to bind";
const noSpace = "node(s) did not have enough free storage";
const volumeGone = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
const selectedNode = "volume.kubernetes.io/selected-node";
const noProvisioner = "kubernetes.io/no-provisioner";

/** @returns the volumes, or the reasons against the node, or the error that ends the attempt */
export function findVolumes(
  node: NodeInfo,
  { bound, waiting, objects }: ClaimsToPlace,
): PodVolumes | { readonly reasons: readonly string[] } | { readonly error: string } {
  const boundProblem = checkBound(bound, node, objects);
  const placed = placeWaiting(waiting, node, objects);
  if ("error" in placed) return placed;
  // The original names a missing volume last.
  const reasons = [
    ...(boundProblem === outOfReach ? [outOfReach] : []),
    ...("reason" in placed ? [placed.reason] : []),
    ...(boundProblem === volumeGone ? [volumeGone] : []),
  ];
  return reasons.length > 0 || "reason" in placed ? { reasons } : placed;
}

/** The first bound claim whose volume is missing or out of the node's reach decides. */
function checkBound(
  claims: readonly PersistentVolumeClaim[],
  { labels }: NodeInfo,
  { persistentvolumes }: ClusterObjects,
): string | undefined {
  for (const { spec } of claims) {
    const volume = persistentvolumes.get(spec?.volumeName ?? "");
    if (!volume) return volumeGone;
    if (!isReachable(volume, labels)) return outOfReach;
  }
  return undefined;
}

type Placed = PodVolumes | { readonly reason: string } | { readonly error: string };

function placeWaiting(
  claims: readonly PersistentVolumeClaim[],
  node: NodeInfo,
  objects: ClusterObjects,
): Placed {
  const toProvision: PersistentVolumeClaim[] = [];
  const toMatch: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    const chosen = claim.metadata.annotations?.[selectedNode];
    if (chosen !== undefined && chosen !== node.name) return { reason: noVolume };
    (chosen === undefined ? toMatch : toProvision).push(claim);
  }
  const bindings: VolumeBindingPair[] = [];
  const taken = new Set<string>();
  // The smallest claims choose first, so that each gets the smallest volume that will do.
  for (const claim of toMatch.sort((a, b) => compareAmounts(sizeOf(a), sizeOf(b)))) {
    const volume = findVolume(claim, node, { objects, taken });
    if (volume) {
      taken.add(volume.metadata.name);
      bindings.push({ claim, volume });
    } else toProvision.push(claim);
  }
  for (const claim of toProvision) {
    const problem = whyNotProvisioned(claim, node, objects);
    if (problem) return problem;
  }
  return { bindings, provisions: toProvision };
}

interface VolumeSearch {
  readonly objects: ClusterObjects;
  readonly taken: ReadonlySet<string>;
}

function findVolume(
  claim: PersistentVolumeClaim,
  { labels }: NodeInfo,
  { objects, taken }: VolumeSearch,
): PersistentVolume | undefined {
  const volumes = volumesOfClass(storageClassOf(claim), objects);
  const free = volumes.filter(({ metadata }) => !taken.has(metadata.name));
  return findMatchingVolume(claim, free, (volume) => isReachable(volume, labels));
}

const byClass = new WeakMap<object, ReadonlyMap<string, readonly PersistentVolume[]>>();

function volumesOfClass(
  className: string,
  { persistentvolumes }: ClusterObjects,
): readonly PersistentVolume[] {
  let index = byClass.get(persistentvolumes);
  if (!index) {
    index = groupBy(persistentvolumes.values(), storageClassOf);
    byClass.set(persistentvolumes, index);
  }
  return index.get(className) ?? [];
}

/** Why the claim's class can't make a volume for this node. */
function whyNotProvisioned(
  claim: PersistentVolumeClaim,
  node: NodeInfo,
  objects: ClusterObjects,
): { readonly reason: string } | { readonly error: string } | undefined {
  const className = storageClassOf(claim);
  const { namespace, name } = claim.metadata;
  if (className === "") return { error: `no class for claim "${namespace}/${name}"` };
  const storageClass = objects.storageclasses.get(className);
  if (!storageClass) return { error: `failed to find storage class ${JSON.stringify(className)}` };
  const { provisioner } = storageClass;
  if (!provisioner || provisioner === noProvisioner) return { reason: noVolume };
  if (!allowsTopology(storageClass, node.labels)) return { reason: noVolume };
  return hasCapacity(claim, storageClass, { node, objects }) ? undefined : { reason: noSpace };
}

function allowsTopology({ allowedTopologies = [] }: StorageClass, labels: Labels): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) => {
    const isMet = matchLabelExpressions.every(({ key, values }) =>
      values.includes(labels[key] ?? ""),
    );
    return matchLabelExpressions.length > 0 && isMet;
  });
}

/** Only drivers that publish their capacity are asked for it. */
function hasCapacity(
  claim: PersistentVolumeClaim,
  { metadata, provisioner }: StorageClass,
  { node, objects }: { node: NodeInfo; objects: ClusterObjects },
): boolean {
  if (claim.spec?.resources?.requests?.storage === undefined) return true;
  if (!objects.csidrivers.get(provisioner)?.spec.storageCapacity) return true;
  const bytes = wholeValueOf(sizeOf(claim));
  for (const capacity of objects.csistoragecapacities.values())
    if (capacity.storageClassName === metadata.name && offers(capacity, bytes, node)) return true;
  return false;
}

function offers(capacity: CSIStorageCapacity, bytes: number, { labels }: NodeInfo): boolean {
  const limit = capacity.maximumVolumeSize ?? capacity.capacity;
  if (limit === undefined || wholeValueOf(amountOf(limit)) < bytes) return false;
  return labelSelectorOf(capacity.nodeTopology).matches(labels);
}
