// A Pod's volumes. Source: pkg/apis/core/validation ValidateVolumes, kubernetes v1.34.
import { duplicate, type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import { amountOf, signOf } from "../../../quantity.ts";
import type { ObjectMeta, Volume } from "../../../types.ts";
import { checkDnsLabel, each } from "../../../validation/fields.ts";
import { validateLocalDescendingPath } from "../../../validation/paths.ts";
import { dnsSubdomain } from "../../../validation/texts.ts";
import { validateClaimTemplate } from "../../persistentVolumeClaim/spec.ts";
import { validateDownwardApiVolume } from "./downwardApi.ts";
import { validateProjected } from "./projectedVolume.ts";
import * as sources from "./volumeSources.ts";

/** The volumes that are sound, by name: what mounts may refer to. */
export type VolumesByName = ReadonlyMap<string, Volume>;

/** `meta` is that of a real Pod; templates have none. */
export function validateVolumes(
  volumes: readonly Volume[],
  meta: ObjectMeta | undefined,
  path: FieldPath,
): { readonly byName: VolumesByName; readonly errors: FieldError[] } {
  const byName = new Map<string, Volume>();
  const created = createdClaims(volumes, meta);
  const errors = each(volumes, path, (volume, at) => {
    const own = validateVolume(volume, meta, at);
    if (byName.has(volume.name)) own.push(duplicate(at.child("name"), volume.name));
    if (own.length === 0) byName.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim;
    if (claim && created.has(claim.claimName))
      own.push(
        invalid(
          at.child("persistentVolumeClaim").child("claimName"),
          claim.claimName,
          "must not reference a PVC that gets created for an ephemeral volume",
        ),
      );
    return own;
  });
  return { byName, errors };
}

/** Claims that ephemeral volumes of this Pod bring about. */
function createdClaims(volumes: readonly Volume[], meta: ObjectMeta | undefined): Set<string> {
  const names = volumes.filter(({ ephemeral }) => meta?.name && ephemeral);
  return new Set(names.map(({ name }) => `${meta?.name}-${name}`));
}

function validateVolume(
  volume: Volume,
  meta: ObjectMeta | undefined,
  path: FieldPath,
): FieldError[] {
  return [
    ...validateSource(volume, meta, path),
    ...(volume.name
      ? checkDnsLabel(volume.name, path.child("name"))
      : [required(path.child("name"))]),
  ];
}

type SourceCheck = (volume: Volume, path: FieldPath) => FieldError[];
type SourceName = Exclude<keyof Volume, "name">;

interface SourceRule {
  readonly field: SourceName;
  readonly checkSource: SourceCheck;
  /** Where the server calls the field otherwise: in errors about a second source, about its parts. */
  readonly secondName?: string;
  readonly partsName?: string;
}

function source<Name extends SourceName>(
  field: Name,
  checkSource: (source: NonNullable<Volume[Name]>, path: FieldPath) => FieldError[],
  names: Pick<SourceRule, "secondName" | "partsName"> = {},
): SourceRule {
  return {
    field,
    checkSource: (volume, path) => {
      const value = volume[field];
      return value ? checkSource(value, path) : [];
    },
    ...names,
  };
}

/** In the server's order: the first one found is checked, every further one is refused. */
const sourceRules: readonly SourceRule[] = [
  source("emptyDir", ({ sizeLimit }, path) =>
    sizeLimit !== undefined && signOf(amountOf(sizeLimit)) < 0
      ? [forbidden(path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity")]
      : [],
  ),
  source("hostPath", sources.validateHostPath),
  source("gitRepo", (repo, path) => [
    ...sources.requireFields(repo, path, "repository"),
    ...validateLocalDescendingPath(repo.directory ?? "", path.child("directory")),
  ]),
  source("gcePersistentDisk", sources.validateGcePersistentDisk, { partsName: "persistentDisk" }),
  source("awsElasticBlockStore", sources.validateAwsElasticBlockStore),
  source("secret", (secret, path) => [
    ...sources.requireFields(secret, path, "secretName"),
    ...sources.validateFileMode(secret.defaultMode, path.child("defaultMode")),
    ...each(secret.items, path.child("items"), sources.validateKeyToPath),
  ]),
  source("nfs", sources.validateNfs),
  source("iscsi", (iscsi, path) => sources.validateIscsi(iscsi, path)),
  source("glusterfs", (glusterfs, path) =>
    sources.requireFields(glusterfs, path, "endpoints", "path"),
  ),
  source("flocker", sources.validateFlocker),
  source("persistentVolumeClaim", (claim, path) => sources.requireFields(claim, path, "claimName")),
  source("rbd", (rbd, path) => sources.requireFields(rbd, path, "monitors", "image")),
  source("cinder", (cinder, path) => [
    ...sources.requireFields(cinder, path, "volumeID"),
    ...(cinder.secretRef && !cinder.secretRef.name
      ? [required(path.child("secretRef", "name"))]
      : []),
  ]),
  source("cephfs", (cephfs, path) => sources.requireFields(cephfs, path, "monitors"), {
    secondName: "cephFS",
  }),
  source("quobyte", sources.validateQuobyte),
  source("downwardAPI", validateDownwardApiVolume, { secondName: "downwarAPI" }),
  source("fc", sources.validateFc),
  source("flexVolume", sources.validateFlexVolume),
  source("configMap", (configMap, path) => [
    ...sources.requireFields(configMap, path, "name"),
    ...sources.validateFileMode(configMap.defaultMode, path.child("defaultMode")),
    ...each(configMap.items, path.child("items"), sources.validateKeyToPath),
  ]),
  source("azureFile", (file, path) => sources.requireFields(file, path, "secretName", "shareName")),
  source("vsphereVolume", (volume, path) => sources.requireFields(volume, path, "volumePath")),
  source("photonPersistentDisk", (disk, path) => sources.requireFields(disk, path, "pdID")),
  source("portworxVolume", (volume, path) => sources.requireFields(volume, path, "volumeID")),
  source("azureDisk", sources.validateAzureDisk),
  source("storageos", (storage, path) => [
    ...sources.validateStorageOs(storage, path),
    ...(storage.secretRef && !storage.secretRef.name
      ? [required(path.child("secretRef", "name"))]
      : []),
  ]),
  source("projected", validateProjected),
  source("scaleIO", (scale, path) =>
    sources.requireFields(scale, path, "gateway", "system", "volumeName"),
  ),
  source("csi", sources.validateCsi),
  source("ephemeral", ({ volumeClaimTemplate }, path) =>
    volumeClaimTemplate
      ? validateClaimTemplate(volumeClaimTemplate, path.child("volumeClaimTemplate"))
      : [required(path.child("volumeClaimTemplate"))],
  ),
];

function validateSource(
  volume: Volume,
  meta: ObjectMeta | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  let isFirst = true;
  for (const { field, checkSource, secondName, partsName } of sourceRules) {
    if (!volume[field]) continue;
    if (isFirst) errors.push(...checkSource(volume, path.child(partsName ?? field)));
    else
      errors.push(
        forbidden(path.child(secondName ?? field), "may not specify more than 1 volume type"),
      );
    if (field === "iscsi") errors.push(...validatePortalLength(volume, path));
    if (field === "ephemeral" && isFirst) errors.push(...validateClaimName(volume, meta, path));
    isFirst = false;
  }
  return isFirst ? [required(path, "must specify a volume type")] : errors;
}

function validatePortalLength({ name, iscsi }: Volume, path: FieldPath): FieldError[] {
  const isLong = `${name ?? ""}:${iscsi?.targetPortal ?? ""}`.length > 64;
  return isLong && iscsi?.initiatorName !== undefined
    ? [invalid(path.child("name"), name ?? "", sources.iscsiTooLong)]
    : [];
}

/** The claim of an ephemeral volume is named after Pod and volume. */
function validateClaimName(
  { name }: Volume,
  meta: ObjectMeta | undefined,
  path: FieldPath,
): FieldError[] {
  if (!meta?.name || !name) return [];
  const claim = `${meta.name}-${name}`;
  return dnsSubdomain(claim).map((words) =>
    invalid(path.child("name"), name, `PVC name ${JSON.stringify(claim)}: ${words}`),
  );
}
