// persistentvolume-binder: brings claims and volumes together, as far as a claim's side goes.
// Source: pkg/controller/volume/persistentvolume/pv_controller.go, kubernetes v1.34.
import { dequal } from "dequal";
import {
  findMatchingVolume,
  storageClassOf,
} from "../../../api/kinds/persistentVolume/matching.ts";
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { StorageClass } from "../../../api/kinds/storageClass.ts";
import type {
  PersistentVolumeClaim as Claim,
  ObjectMeta,
  PersistentVolume as Volume,
} from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import {
  betaStorageProvisioner,
  bindCompleted,
  boundByController,
  isBoundTo,
  noProvisioner,
  selectedNode,
  storageProvisioner,
  waitsForConsumer,
} from "./claims.ts";

export function syncClaim(claim: Claim, context: ControllerContext): void {
  if (claim.metadata.annotations?.[bindCompleted] === undefined) syncUnbound(claim, context);
  else syncBound(claim, context);
}

function syncUnbound(claim: Claim, context: ControllerContext): void {
  const { cache } = context;
  const name = claim.spec.volumeName;
  if (name) {
    const volume = cache(PersistentVolume).get({ namespace: "", name });
    const isFree = volume && (!volume.spec.claimRef || isFor(volume, claim));
    if (volume && isFree) bind(claim, volume, context);
    else setPhase(claim, "Pending", context);
    return;
  }
  const className = storageClassOf(claim);
  const storageClass = cache(StorageClass).get({ namespace: "", name: className });
  const isChosen = claim.metadata.annotations?.[selectedNode] !== undefined;
  const waits = waitsForConsumer(storageClass) && !isChosen;
  const volumes = cache(PersistentVolume)
    .list()
    .filter((volume) => storageClassOf(volume) === className)
    .filter((volume) => !waitsForConsumer(storageClass) || isFor(volume, claim));
  const found = findMatchingVolume(claim, volumes);
  if (found) {
    bind(claim, found, context);
    return;
  }
  if (waits)
    context.events.record(
      claim,
      "Normal",
      "WaitForFirstConsumer",
      "waiting for first consumer to be created before binding",
    );
  else if (className !== "") askForVolume(claim, className, context);
  else
    context.events.record(
      claim,
      "Normal",
      "FailedBinding",
      "no persistent volumes available for this claim and no storage class is set",
    );
  setPhase(claim, "Pending", context);
}

/** The volume names the claim, with or without its uid. */
function isFor({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  return (
    claimRef?.name === metadata.name &&
    claimRef.namespace === metadata.namespace &&
    (!claimRef.uid || claimRef.uid === metadata.uid)
  );
}

/** Provisioners are programs of their own: they are told by an annotation. */
function askForVolume(claim: Claim, className: string, context: ControllerContext): void {
  const { cache, client, events } = context;
  const storageClass = cache(StorageClass).get({ namespace: "", name: className });
  if (!storageClass) {
    const missing = `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`;
    events.record(claim, "Warning", "ProvisioningFailed", missing);
    return;
  }
  const { provisioner } = storageClass;
  if (provisioner === noProvisioner) return;
  const annotations = { [storageProvisioner]: provisioner, [betaStorageProvisioner]: provisioner };
  if (claim.metadata.annotations?.[storageProvisioner] !== provisioner)
    client.update(PersistentVolumeClaim, {
      ...claim,
      metadata: withAnnotations(claim.metadata, annotations),
    });
  events.record(
    claim,
    "Normal",
    "ExternalProvisioning",
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}

function syncBound(claim: Claim, context: ControllerContext): void {
  const { events, cache } = context;
  const name = claim.spec.volumeName ?? "";
  const volume = name === "" ? undefined : cache(PersistentVolume).get({ namespace: "", name });
  if (name === "") {
    const text = "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!";
    setPhase(claim, "Lost", context, () => events.record(claim, "Warning", "ClaimLost", text));
  } else if (!volume) {
    const text = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
    setPhase(claim, "Lost", context, () => events.record(claim, "Warning", "ClaimLost", text));
  } else if (!volume.spec.claimRef || isBoundTo(volume, claim)) bind(claim, volume, context);
  else {
    const text = "Two claims are bound to the same volume, this one is bound incorrectly";
    setPhase(claim, "Lost", context, () => events.record(claim, "Warning", "ClaimMisbound", text));
  }
}

/** Four writes, each as far as it is still to be made: a failure in between is mended next time. */
function bind(claim: Claim, volume: Volume, context: ControllerContext): void {
  const { client } = context;
  const bound = bindVolume(volume, claim, context);
  if (bound.status?.phase !== "Bound")
    client.updateStatus(PersistentVolume, {
      ...bound,
      status: { ...bound.status, phase: "Bound" },
    });
  const { annotations = {} } = claim.metadata;
  const isComplete = claim.spec.volumeName && annotations[bindCompleted] !== undefined;
  const named = isComplete
    ? claim
    : client.update(PersistentVolumeClaim, {
        ...claim,
        metadata: withAnnotations(claim.metadata, {
          [bindCompleted]: "yes",
          ...(claim.spec.volumeName ? {} : { [boundByController]: "yes" }),
        }),
        spec: { ...claim.spec, volumeName: volume.metadata.name },
      });
  const { accessModes, capacity } = volume.spec;
  const status = {
    ...named.status,
    phase: "Bound" as const,
    ...(accessModes ? { accessModes } : {}),
    ...(capacity ? { capacity } : {}),
  };
  if (!dequal(status, named.status))
    client.updateStatus(PersistentVolumeClaim, { ...named, status });
}

function bindVolume(volume: Volume, claim: Claim, { client }: ControllerContext): Volume {
  if (isBoundTo(volume, claim)) return volume;
  const { namespace = "", name, uid = "", resourceVersion = "" } = claim.metadata;
  const claimRef = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace,
    name,
    uid,
    resourceVersion,
  };
  return client.update(PersistentVolume, {
    ...volume,
    metadata: volume.spec.claimRef
      ? volume.metadata
      : withAnnotations(volume.metadata, { [boundByController]: "yes" }),
    spec: { ...volume.spec, claimRef },
  });
}

function withAnnotations(
  metadata: ObjectMeta,
  annotations: Readonly<Record<string, string>>,
): ObjectMeta {
  return { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
}

function setPhase(
  claim: Claim,
  phase: "Pending" | "Lost",
  { client }: ControllerContext,
  tell?: () => void,
): void {
  if (claim.status?.phase === phase) return;
  client.updateStatus(PersistentVolumeClaim, { ...claim, status: { phase } });
  tell?.();
}
