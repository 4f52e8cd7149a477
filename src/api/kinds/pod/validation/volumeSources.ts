// Sources of volumes that need no look at the rest of the Pod, many of them shared with
// PersistentVolumes. Source: pkg/apis/core/validation/validation.go, kubernetes v1.34.
import { type FieldError, invalid, notSupported, required, tooLong } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type {
  AzureDiskVolumeSource,
  CSIVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  KeyToPath,
  NFSVolumeSource,
  QuobyteVolumeSource,
} from "../../../types.ts";
import {
  check,
  checkChoice,
  checkDnsLabel,
  checkRange,
  sortedEntries,
} from "../../../validation/fields.ts";
import { validateLocalNonReservedPath, validateNoBacksteps } from "../../../validation/paths.ts";
import { byteLength, dnsSubdomain, inclusiveRangeError } from "../../../validation/texts.ts";

const fileModeWords = "must be a number between 0 and 0777 (octal), both inclusive";

export function validateFileMode(mode: number | undefined, path: FieldPath): FieldError[] {
  return mode !== undefined && (mode > 0o777 || mode < 0)
    ? [invalid(path, mode, fileModeWords)]
    : [];
}

/** An error for each of the fields that is missing or empty. */
export function requireFields<T extends object>(
  object: T,
  path: FieldPath,
  ...fields: (keyof T & string)[]
): FieldError[] {
  return fields
    .filter((field) => !isFilled(object[field]))
    .map((field) => required(path.child(field)));
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

export function validateHostPath(source: HostPathVolumeSource, path: FieldPath): FieldError[] {
  if (!source.path) return [required(path.child("path"))];
  return [
    ...validateNoBacksteps(source.path, path.child("path")),
    ...(source.type === undefined
      ? []
      : checkChoice(source.type, hostPathTypes, path.child("type"))),
  ];
}

export function validateGcePersistentDisk(
  source: GCEPersistentDiskVolumeSource,
  path: FieldPath,
): FieldError[] {
  return [...requireFields(source, path, "pdName"), ...validatePartition(source.partition, path)];
}

export function validateAwsElasticBlockStore(
  source: { readonly volumeID: string; readonly partition?: number },
  path: FieldPath,
): FieldError[] {
  return [...requireFields(source, path, "volumeID"), ...validatePartition(source.partition, path)];
}

/** 0 stands for none, although the words leave it out. */
function validatePartition(partition = 0, path: FieldPath): FieldError[] {
  return partition < 0 || partition > 255
    ? [invalid(path.child("partition"), partition, inclusiveRangeError(1, 255))]
    : [];
}

export function validateNfs(source: NFSVolumeSource, path: FieldPath): FieldError[] {
  return [
    ...requireFields(source, path, "server", "path"),
    ...(source.path?.startsWith("/")
      ? []
      : [invalid(path.child("path"), source.path ?? "", "must be an absolute path")]),
  ];
}

const initiatorForms: readonly (readonly [prefix: string, form: RegExp])[] = [
  ["iqn", /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/],
  ["eui", /^eui.[A-Za-z0-9]{16}$/],
  ["naa", /^naa.[A-Za-z0-9]{32}$/],
];

/** The complaint about an iSCSI name, worded by the caller for an unknown prefix. */
function initiatorErrors(name: string, path: FieldPath, unknownWords: string): FieldError[] {
  const form = initiatorForms.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (!form) return [invalid(path, name, unknownWords)];
  return form.test(name) ? [] : [invalid(path, name, "must be valid format")];
}

const unknownPrefix = "must be valid format starting with iqn, eui, or naa";

/** `volumeName` is the volume's, or the PersistentVolume's own, whose words differ. */
export function validateIscsi(
  source: ISCSIVolumeSource,
  path: FieldPath,
  unknownWords = unknownPrefix,
): FieldError[] {
  const { iqn, lun = 0, chapAuthDiscovery, chapAuthSession, secretRef, initiatorName } = source;
  return [
    ...requireFields(source, path, "targetPortal", "iqn"),
    ...(iqn ? initiatorErrors(iqn, path.child("iqn"), unknownWords) : []),
    ...checkRange(lun, 0, 255, path.child("lun")),
    ...((chapAuthDiscovery || chapAuthSession) && !secretRef
      ? [required(path.child("secretRef"))]
      : []),
    ...(initiatorName === undefined
      ? []
      : initiatorErrors(initiatorName, path.child("initiatorname"), unknownWords)),
  ];
}

export const iscsiTooLong =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

export function validateFc(
  { targetWWNs = [], wwids = [], lun }: FCVolumeSource,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = path.child("targetWWNs");
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(required(names, "must specify either targetWWNs or wwids, but not both"));
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(
      invalid(names, targetWWNs, "targetWWNs and wwids can not be specified simultaneously"),
    );
  if (targetWWNs.length > 0)
    errors.push(
      ...(lun === undefined
        ? [required(path.child("lun"), "lun is required if targetWWNs is specified")]
        : checkRange(lun, 0, 255, path.child("lun"))),
    );
  return errors;
}

export function validateFlocker(
  { datasetName, datasetUUID }: FlockerVolumeSource,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!datasetName && !datasetUUID)
    errors.push(required(path, "one of datasetName and datasetUUID is required"));
  if (datasetName && datasetUUID)
    errors.push(
      invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"),
    );
  if (datasetName?.includes("/"))
    errors.push(invalid(path.child("datasetName"), datasetName, "must not contain '/'"));
  return errors;
}

export function validateQuobyte(source: QuobyteVolumeSource, path: FieldPath): FieldError[] {
  const { registry, tenant, volume } = source;
  const words = "must be a host:port pair or multiple pairs separated by commas";
  const errors: FieldError[] = [];
  if (!registry) errors.push(required(path.child("registry"), words));
  else if (byteLength(tenant ?? "") >= 65)
    errors.push(
      required(path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters"),
    );
  else
    for (const pair of registry.split(","))
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair))
        errors.push(invalid(path.child("registry"), registry, words));
  if (!volume) errors.push(required(path.child("volume")));
  return errors;
}

/** Options may not use the names that Kubernetes reserves. */
export function validateFlexVolume(
  source: { readonly driver: string; readonly options?: Readonly<Record<string, string>> },
  path: FieldPath,
): FieldError[] {
  const errors = requireFields(source, path, "driver");
  for (const [key] of sortedEntries(source.options)) {
    const namespace = `.${(key.split("/", 2).length === 2 ? key.slice(0, key.indexOf("/")) : key).toLowerCase()}`;
    if (namespace.endsWith(".kubernetes.io") || namespace.endsWith(".k8s.io"))
      errors.push(
        invalid(
          path.child("options").key(key),
          key,
          "kubernetes.io and k8s.io namespaces are reserved",
        ),
      );
  }
  return errors;
}

const managedDisk =
  "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const blobDisk = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

export function validateAzureDisk(source: AzureDiskVolumeSource, path: FieldPath): FieldError[] {
  const { diskURI = "", cachingMode, kind } = source;
  const errors = requireFields(source, path, "diskName", "diskURI");
  if (cachingMode !== undefined)
    errors.push(
      ...checkChoice(cachingMode, ["None", "ReadOnly", "ReadWrite"], path.child("cachingMode")),
    );
  if (kind !== undefined)
    errors.push(...checkChoice(kind, ["Dedicated", "Managed", "Shared"], path.child("kind")));
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/"))
    errors.push(notSupported(path.child("diskURI"), diskURI, [managedDisk]));
  if (kind !== undefined && kind !== "Managed" && !diskURI.startsWith("https://"))
    errors.push(notSupported(path.child("diskURI"), diskURI, [blobDisk]));
  return errors;
}

export function validateStorageOs(
  source: { readonly volumeName?: string; readonly volumeNamespace?: string },
  path: FieldPath,
): FieldError[] {
  const { volumeName, volumeNamespace } = source;
  return [
    ...(volumeName
      ? checkDnsLabel(volumeName, path.child("volumeName"))
      : [required(path.child("volumeName"))]),
    ...(volumeNamespace ? checkDnsLabel(volumeNamespace, path.child("volumeNamespace")) : []),
  ];
}

export function validateCsiDriverName(driver: string | undefined, path: FieldPath): FieldError[] {
  const name = driver ?? "";
  return [
    ...(name === "" ? [required(path)] : []),
    ...(byteLength(name) > 63 ? [tooLong(path, 63)] : []),
    ...dnsSubdomain(name.toLowerCase()).map((detail) => invalid(path, name, detail)),
  ];
}

export function validateCsi(
  { driver, nodePublishSecretRef }: CSIVolumeSource,
  path: FieldPath,
): FieldError[] {
  const errors = validateCsiDriverName(driver, path.child("driver"));
  if (!nodePublishSecretRef) return errors;
  const { name } = nodePublishSecretRef;
  return [
    ...errors,
    ...(name
      ? check(dnsSubdomain, name, path.child("name"))
      : [required(path.child("nodePublishSecretRef", "name"))]),
  ];
}

export function validateKeyToPath(item: KeyToPath, path: FieldPath): FieldError[] {
  return [
    ...requireFields(item, path, "key", "path"),
    ...validateLocalNonReservedPath(item.path ?? "", path.child("path")),
    ...validateFileMode(item.mode, path.child("mode")),
  ];
}
