// Where a PersistentVolume's data is. Source: pkg/apis/core/validation ValidatePersistentVolumeSpec,
// kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type {
  CSIPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
} from "../../types.ts";
import { check, checkDnsLabel, checkDnsSubdomain } from "../../validation/fields.ts";
import { validateNoBacksteps } from "../../validation/paths.ts";
import { dnsLabel } from "../../validation/texts.ts";
import * as sources from "../pod/validation/volumeSources.ts";

interface Rule {
  readonly field: keyof PersistentVolumeSpec;
  readonly partsName?: string;
  readonly secondName?: string;
  /** Counted, but never refused for being the second. */
  readonly isAlwaysChecked?: boolean;
  checkSource(spec: PersistentVolumeSpec, path: FieldPath, name: string): FieldError[];
}

function rule<Name extends keyof PersistentVolumeSpec>(
  field: Name,
  checkSource: (
    source: NonNullable<PersistentVolumeSpec[Name]>,
    path: FieldPath,
    name: string,
  ) => FieldError[],
  more: Pick<Rule, "partsName" | "secondName" | "isAlwaysChecked"> = {},
): Rule {
  return {
    field,
    checkSource: (spec, path, name) => {
      const source = spec[field];
      return source ? checkSource(source, path, name) : [];
    },
    ...more,
  };
}

const { requireFields } = sources;

const rules: readonly Rule[] = [
  rule("hostPath", sources.validateHostPath),
  rule("gcePersistentDisk", sources.validateGcePersistentDisk, { partsName: "persistentDisk" }),
  rule("awsElasticBlockStore", sources.validateAwsElasticBlockStore),
  rule("glusterfs", validateGlusterfs),
  rule("flocker", sources.validateFlocker),
  rule("nfs", sources.validateNfs),
  rule("rbd", (rbd, path) => requireFields(rbd, path, "monitors", "image")),
  rule("quobyte", sources.validateQuobyte),
  rule("cephfs", (cephfs, path) => requireFields(cephfs, path, "monitors"), {
    secondName: "cephFS",
  }),
  rule("iscsi", validateIscsi),
  rule("cinder", (cinder, path) => [
    ...requireFields(cinder, path, "volumeID"),
    ...validateSecretName(cinder.secretRef, path.child("secretRef")),
  ]),
  rule("fc", sources.validateFc),
  rule("flexVolume", sources.validateFlexVolume, { isAlwaysChecked: true }),
  rule("azureFile", (file, path) => [
    ...requireFields(file, path, "secretName", "shareName"),
    ...(file.secretNamespace === "" ? [required(path.child("secretNamespace"))] : []),
  ]),
  rule("vsphereVolume", (volume, path) => requireFields(volume, path, "volumePath")),
  rule("photonPersistentDisk", (disk, path) => requireFields(disk, path, "pdID")),
  rule("portworxVolume", (volume, path) => requireFields(volume, path, "volumeID")),
  rule("azureDisk", sources.validateAzureDisk),
  rule("scaleIO", (scale, path) => requireFields(scale, path, "gateway", "system", "volumeName")),
  rule("local", ({ path: directory }, path) =>
    directory ? validateNoBacksteps(directory, path.child("path")) : [required(path.child("path"))],
  ),
  rule("storageos", (storage, path) => [
    ...sources.validateStorageOs(storage, path),
    ...validateSecretName(storage.secretRef, path.child("secretRef")),
  ]),
  rule("csi", validateCsi),
];

/** Exactly one source; a local one only together with the nodes that have it. */
export function validateVolumeSources(
  spec: PersistentVolumeSpec,
  name: string,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const { field, checkSource, partsName, secondName, isAlwaysChecked } of rules) {
    if (!spec[field]) continue;
    if (count > 0 && !isAlwaysChecked) {
      const at = path.child(secondName ?? field);
      errors.push(forbidden(at, "may not specify more than 1 volume type"));
      continue;
    }
    count++;
    errors.push(...checkSource(spec, path.child(partsName ?? field), name));
    if (field === "local" && !spec.nodeAffinity)
      errors.push(required(path.child("nodeAffinity"), "Local volume requires node affinity"));
  }
  return count === 0 ? [required(path, "must specify a volume type")] : errors;
}

function validateGlusterfs(source: GlusterfsPersistentVolumeSource, path: FieldPath): FieldError[] {
  const { endpointsNamespace: namespace } = source;
  const errors = requireFields(source, path, "endpoints", "path");
  const at = path.child("endpointsNamespace");
  if (namespace === "")
    errors.push(
      invalid(at, namespace, "if the endpointnamespace is set, it must be a valid namespace name"),
    );
  else if (namespace !== undefined) errors.push(...check(dnsLabel, namespace, at));
  return errors;
}

function validateIscsi(
  source: ISCSIPersistentVolumeSource,
  path: FieldPath,
  name: string,
): FieldError[] {
  const { secretRef, initiatorName, targetPortal, ...rest } = source;
  const isLong = `${name}:${targetPortal ?? ""}`.length > 64;
  return [
    ...sources.validateIscsi(
      {
        ...rest,
        targetPortal,
        ...(initiatorName === undefined ? {} : { initiatorName }),
        ...(secretRef ? { secretRef: {} } : {}),
      },
      path,
      "must be valid format",
    ),
    ...(initiatorName !== undefined && isLong
      ? [invalid(path.child("targetportal"), targetPortal ?? "", sources.iscsiTooLong)]
      : []),
    ...(secretRef && !secretRef.name ? [required(path.child("secretRef", "name"))] : []),
  ];
}

function validateSecretName(
  secret: { readonly name?: string; readonly namespace?: string } | undefined,
  path: FieldPath,
): FieldError[] {
  return secret ? requireFields(secret, path, "name", "namespace") : [];
}

function validateCsi(source: CSIPersistentVolumeSource, path: FieldPath): FieldError[] {
  const secrets = [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
  ] as const;
  return [
    ...sources.validateCsiDriverName(source.driver, path.child("driver")),
    ...requireFields(source, path, "volumeHandle"),
    ...secrets.flatMap((field) => validateSecret(source[field], path.child(field))),
  ];
}

function validateSecret(secret: SecretReference | undefined, path: FieldPath): FieldError[] {
  if (!secret) return [];
  return [
    ...(secret.name
      ? checkDnsSubdomain(secret.name, path.child("name"))
      : [required(path.child("name"))]),
    ...(secret.namespace
      ? checkDnsLabel(secret.namespace, path.child("namespace"))
      : [required(path.child("namespace"))]),
  ];
}
