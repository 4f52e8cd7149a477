// PersistentVolumes. Source: pkg/apis/core/validation ValidatePersistentVolumeSpec, kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { internalValue } from "../../openapi/internalJson.ts";
import type { PersistentVolume, PersistentVolumeSpec } from "../../types.ts";
import { check, checkChoice, sortedEntries } from "../../validation/fields.ts";
import { internalDiff } from "../../validation/internalDiff.ts";
import { checkBasicQuantity, checkPositiveQuantity } from "../../validation/quantities.ts";
import { dnsSubdomain } from "../../validation/texts.ts";
import { withField } from "../../validation/withField.ts";
import { validateAccessModes, volumeModes } from "../persistentVolumeClaim/spec.ts";
import { validateNodeSelector } from "../pod/validation/nodeSelector.ts";
import { validateVolumeSources } from "./sources.ts";

const path = FieldPath.of("spec");
const reclaimPolicies = ["Delete", "Recycle", "Retain"];

export function setPersistentVolumeDefaults({ spec, ...volume }: Draft<PersistentVolume>): void {
  volume.status ??= {};
  volume.status.phase ||= "Pending";
  spec.persistentVolumeReclaimPolicy ||= "Retain";
  spec.volumeMode ??= "Filesystem";
  if (spec.hostPath) spec.hostPath.type ??= "";
}

export function validatePersistentVolume({ spec, metadata }: PersistentVolume): FieldError[] {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, storageClassName } = spec;
  const modesPath = path.child("accessModes");
  const policyPath = path.child("persistentVolumeReclaimPolicy");
  return [
    ...(accessModes.length === 0 ? [required(modesPath)] : []),
    ...validateAccessModes(accessModes, modesPath),
    ...validateCapacity(spec),
    ...(policy ? checkChoice(policy, reclaimPolicies, policyPath) : []),
    ...validateNodeAffinity(spec),
    ...validateVolumeSources(spec, metadata.name ?? "", path),
    ...(isRoot(spec.hostPath?.path) && policy === "Recycle"
      ? [forbidden(policyPath, "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...(storageClassName
      ? check(dnsSubdomain, storageClassName, path.child("storageClassName"))
      : []),
    ...(spec.volumeMode === undefined
      ? []
      : checkChoice(spec.volumeMode, volumeModes, path.child("volumeMode"))),
    ...validateAttributesClass(spec),
  ];
}

function validateCapacity({ capacity }: PersistentVolumeSpec): FieldError[] {
  const at = path.child("capacity");
  const names = Object.keys(capacity ?? {});
  const isStorageAlone = names.length === 1 && names[0] === "storage";
  return [
    ...(names.length === 0 ? [required(at)] : []),
    ...(isStorageAlone ? [] : [notSupported(at, capacity ?? null, ["storage"])]),
    ...sortedEntries(capacity).flatMap(([name, quantity]) => [
      ...checkBasicQuantity(quantity, at.key(name)),
      ...checkPositiveQuantity(quantity, at.key(name)),
    ]),
  ];
}

function validateNodeAffinity({ nodeAffinity }: PersistentVolumeSpec): FieldError[] {
  if (!nodeAffinity) return [];
  const at = path.child("nodeAffinity", "required");
  return nodeAffinity.required
    ? validateNodeSelector(nodeAffinity.required, at)
    : [required(at, "must specify required node constraints")];
}

/** True for every spelling of the root directory. */
function isRoot(directory: string | undefined): boolean {
  return directory !== undefined && /^\/[./]*$/.test(directory);
}

function validateAttributesClass(spec: PersistentVolumeSpec): FieldError[] {
  const { volumeAttributesClassName: name, csi } = spec;
  if (name === undefined) return [];
  const at = path.child("volumeAttributesClassName");
  return [
    ...(name === ""
      ? [required(at, "an empty string is disallowed")]
      : check(dnsSubdomain, name, at)),
    ...(csi
      ? []
      : [required(path.child("csi"), "has to be specified when using volumeAttributesClassName")]),
  ];
}

const sourceFields = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
] as const;

/** The source of a volume stays what it was. */
export function validatePersistentVolumeUpdate(
  volume: PersistentVolume,
  old: PersistentVolume,
): FieldError[] {
  const { nodeAffinity } = old.spec;
  return [
    ...validatePersistentVolume(volume),
    ...validateSourceUpdate(sourceOf(withoutLateSecret(volume.spec, old.spec)), sourceOf(old.spec)),
    ...(volume.spec.volumeMode === old.spec.volumeMode
      ? []
      : [
          invalid(
            FieldPath.of("volumeMode"),
            volume.spec.volumeMode ?? "null",
            "field is immutable",
          ),
        ]),
    ...(nodeAffinity === undefined || dequal(nodeAffinity, volume.spec.nodeAffinity)
      ? []
      : [
          invalid(
            FieldPath.of("nodeAffinity"),
            volume.spec.nodeAffinity
              ? internalValue("core.v1.VolumeNodeAffinity", volume.spec.nodeAffinity)
              : "null",
            "field is immutable",
          ),
        ]),
  ];
}

type Source = Pick<PersistentVolumeSpec, (typeof sourceFields)[number]>;

function sourceOf(spec: PersistentVolumeSpec): Source {
  return Object.fromEntries(
    sourceFields.flatMap((field) => (spec[field] ? [[field, spec[field]]] : [])),
  );
}

/** The secret that a driver grows the volume with may be named later. */
function withoutLateSecret(
  spec: PersistentVolumeSpec,
  { csi: old }: PersistentVolumeSpec,
): PersistentVolumeSpec {
  return spec.csi && old && old.controllerExpandSecretRef === undefined
    ? { ...spec, csi: withField(spec.csi, "controllerExpandSecretRef", undefined) }
    : spec;
}

function validateSourceUpdate(now: Source, old: Source): FieldError[] {
  if (dequal(now, old)) return [];
  const diff = internalDiff("core.v1.PersistentVolumeSource", old, now);
  return [
    forbidden(
      path.child("persistentvolumesource"),
      `spec.persistentvolumesource is immutable after creation\n${diff}`,
    ),
  ];
}
