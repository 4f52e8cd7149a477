// What a claim asks for, alone or as a template. Source: pkg/apis/core/validation
// ValidatePersistentVolumeClaimSpec, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type {
  ObjectMeta,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedObjectReference,
} from "../../types.ts";
import { check, checkChoice, checkDnsLabel, checkDnsSubdomain } from "../../validation/fields.ts";
import {
  validateAnnotations,
  validateLabelSelector,
  validateLabels,
} from "../../validation/labels.ts";
import { checkPositiveQuantity, checkResourceQuantity } from "../../validation/quantities.ts";
import { dnsSubdomain } from "../../validation/texts.ts";

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes = ["Block", "Filesystem"];

/** Every mode must be known, and ReadWriteOncePod goes with no other. */
export function validateAccessModes(modes: readonly string[], path: FieldPath): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(path, mode, accessModes));
  const known = modes.filter((mode) => accessModes.includes(mode));
  if (known.includes("ReadWriteOncePod") && known.some((mode) => mode !== "ReadWriteOncePod"))
    errors.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  return errors;
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const { accessModes: modes = [], storageClassName, volumeMode, volumeAttributesClassName } = spec;
  const modesPath = path.child("accessModes");
  return [
    ...(modes.length === 0 ? [required(modesPath, "at least 1 access mode is required")] : []),
    ...validateLabelSelector(spec.selector, path.child("selector")),
    ...validateAccessModes(modes, modesPath),
    ...validateStorage(spec, path.child("resources").key("storage")),
    ...(storageClassName
      ? check(dnsSubdomain, storageClassName, path.child("storageClassName"))
      : []),
    ...(volumeMode === undefined
      ? []
      : checkChoice(volumeMode, volumeModes, path.child("volumeMode"))),
    ...validateDataSources(spec, path),
    ...(volumeAttributesClassName
      ? check(dnsSubdomain, volumeAttributesClassName, path.child("volumeAttributesClassName"))
      : []),
  ];
}

function validateStorage({ resources }: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const storage = resources?.requests?.storage;
  if (storage === undefined) return [required(path)];
  const errors = checkPositiveQuantity(storage, path);
  return errors.length > 0 ? errors : checkResourceQuantity("storage", storage, path);
}

function validateDataSources(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  const errors: FieldError[] = [];
  if (dataSource) errors.push(...validateDataSource(dataSource, path.child("dataSource")));
  if (dataSourceRef) {
    const at = path.child("dataSourceRef");
    errors.push(...validateDataSource(dataSourceRef, at));
    if (dataSourceRef.namespace)
      errors.push(...checkDnsLabel(dataSourceRef.namespace, at.child("namespace")));
  }
  if (!dataSource || !dataSourceRef) return errors;
  // The server shows a Go value without public parts here.
  const shown = {};
  if (dataSourceRef.namespace)
    errors.push(
      invalid(path, shown, "may not be specified when dataSourceRef.namespace is specified"),
    );
  else if (
    (["apiGroup", "kind", "name"] as const).some(
      (field) => dataSource[field] !== dataSourceRef[field],
    )
  )
    errors.push(invalid(path, shown, "must match dataSourceRef"));
  return errors;
}

function validateDataSource(
  { name, kind, apiGroup }: Pick<TypedObjectReference, "name" | "kind" | "apiGroup">,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(path.child("name")));
  if (!kind) errors.push(required(path.child("kind")));
  if (!apiGroup && kind !== "PersistentVolumeClaim")
    errors.push(
      invalid(
        path,
        kind ?? "",
        "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
      ),
    );
  if (apiGroup) errors.push(...checkDnsSubdomain(apiGroup, path.child("apiGroup")));
  return errors;
}

/** A template may carry labels and annotations, and no other metadata. */
export function validateClaimTemplate(
  { metadata, spec }: PersistentVolumeClaimTemplate,
  path: FieldPath,
): FieldError[] {
  const at = path.child("metadata");
  return [
    ...validateAnnotations(metadata?.annotations, at.child("annotations")),
    ...validateLabels(metadata?.labels, at.child("labels")),
    ...otherMetadata
      .filter((field) => metadata?.[field])
      .map((field) => forbidden(at.child(field === "uid" ? "uID" : field), "cannot be set")),
    ...validateClaimSpec(spec, path.child("spec")),
  ];
}

const otherMetadata = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const satisfies readonly (keyof ObjectMeta)[];
