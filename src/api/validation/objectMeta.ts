// Metadata of all kinds. Source: apimachinery pkg/api/validation/objectmeta.go, 1.34.
import { type FieldError, forbidden, invalid, required } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import type { KindDefinition } from "../kind.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../types.ts";
import { check, checkImmutable, checkNonNegative, checkQualifiedName, each } from "./fields.ts";
import { validateAnnotations, validateLabels } from "./labels.ts";
import {
  byteLength,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  pathSegment,
  prefixRule,
  type TextRule,
} from "./texts.ts";

export type NameRule = NonNullable<KindDefinition<never>["nameRule"]>;

const nameRules: Readonly<Record<Exclude<NameRule, TextRule>, TextRule>> = {
  dnsSubdomain,
  dnsLabel,
  dns1035Label,
  pathSegment,
};

export interface ObjectMetaRules {
  readonly namespaced: boolean;
  /** Default: "dnsSubdomain". */
  readonly nameRule?: NameRule;
  /** Kinds outside the core group's helper don't check finalizers for being fully qualified. */
  readonly checksFinalizerNames?: boolean;
}

const metadata = FieldPath.of("metadata");
const standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

/** Checks the metadata of a new object whose name has been generated and whose namespace is filled in. */
export function validateObjectMeta(
  meta: ObjectMeta,
  { namespaced, nameRule = "dnsSubdomain", checksFinalizerNames = true }: ObjectMetaRules,
  path: FieldPath = metadata,
): FieldError[] {
  const rule = textRule(nameRule);
  const generatePath = path.child("generateName");
  return [
    ...(meta.generateName ? check(generateRule(nameRule), meta.generateName, generatePath) : []),
    ...(meta.name
      ? check(rule, meta.name, path.child("name"))
      : [required(path.child("name"), "name or generateName is required")]),
    ...validateNamespace(meta.namespace, namespaced, path.child("namespace")),
    ...checkNonNegative(meta.generation, path.child("generation")),
    ...validateCommon(meta, path),
    ...(checksFinalizerNames ? validateFinalizerNames(meta.finalizers, path) : []),
  ];
}

/** Checks the metadata of a changed object. Namespaced or not, it has to stay where it is. */
export function validateObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  { checksFinalizerNames = true }: Pick<ObjectMetaRules, "checksFinalizerNames"> = {},
): FieldError[] {
  const path = metadata;
  const errors: FieldError[] = [];
  if (old.deletionTimestamp)
    errors.push(...validateNoNewFinalizers(meta.finalizers, old.finalizers, path));
  if (!meta.resourceVersion)
    errors.push(invalid(path.child("resourceVersion"), "", "must be specified for an update"));
  if ((meta.generation ?? 0) < (old.generation ?? 0))
    errors.push(invalid(path.child("generation"), meta.generation ?? 0, "must not be decremented"));
  for (const field of ["name", "namespace", "uid"] as const)
    errors.push(...checkImmutable(meta[field] ?? "", old[field] ?? "", path.child(field)));
  for (const field of ["deletionTimestamp", "deletionGracePeriodSeconds"] as const)
    errors.push(...checkImmutable(meta[field] ?? "null", old[field] ?? "null", path.child(field)));
  errors.push(...validateCommon(meta, path));
  if (checksFinalizerNames) errors.push(...validateFinalizerNames(meta.finalizers, path));
  return errors;
}

function textRule(nameRule: NameRule): TextRule {
  return typeof nameRule === "string" ? nameRules[nameRule] : nameRule;
}

function generateRule(nameRule: NameRule): TextRule {
  if (nameRule === "pathSegment")
    return (value) =>
      ["/", "%"].filter((c) => value.includes(c)).map((c) => `may not contain '${c}'`);
  return typeof nameRule === "string" ? prefixRule(nameRules[nameRule]) : nameRule;
}

function validateNamespace(
  namespace: string | undefined,
  namespaced: boolean,
  path: FieldPath,
): FieldError[] {
  if (!namespaced) return namespace ? [forbidden(path, "not allowed on this type")] : [];
  return namespace ? check(dnsLabel, namespace, path) : [required(path)];
}

function validateCommon(meta: ObjectMeta, path: FieldPath): FieldError[] {
  return [
    ...validateLabels(meta.labels, path.child("labels")),
    ...validateAnnotations(meta.annotations, path.child("annotations")),
    ...validateOwnerReferences(meta.ownerReferences ?? [], path.child("ownerReferences")),
    ...validateFinalizers(meta.finalizers ?? [], path.child("finalizers")),
    ...each(meta.managedFields, path.child("managedFields"), validateManagedFields),
  ];
}

function validateOwnerReferences(
  references: readonly OwnerReference[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path));
    if (!reference.controller) continue;
    const named = `${reference.kind}/${reference.name}`;
    if (controller !== undefined)
      errors.push(
        invalid(
          path,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${named}`,
        ),
      );
    else controller = named;
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const version = versionOf(reference.apiVersion ?? "");
  if (version === "")
    errors.push(
      invalid(path.child("apiVersion"), reference.apiVersion ?? "", "version must not be empty"),
    );
  for (const field of ["kind", "name", "uid"] as const)
    if (!reference[field]) errors.push(invalid(path.child(field), "", "must not be empty"));
  if (reference.apiVersion === "v1" && reference.kind === "Event")
    errors.push(invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
  return errors;
}

/** The version of "group/version" or "version"; "" if the text is neither. */
function versionOf(apiVersion: string): string {
  const parts = apiVersion.split("/");
  if (parts.length === 1) return apiVersion;
  return parts.length === 2 ? (parts[1] ?? "") : "";
}

function validateFinalizers(finalizers: readonly string[], path: FieldPath): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => checkQualifiedName(finalizer, path));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    errors.push(
      invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"),
    );
  return errors;
}

function validateFinalizerNames(
  finalizers: readonly string[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(finalizers, path.child("finalizers"), validateKubernetesFinalizer);
}

/** Only Kubernetes' own finalizers may go without a prefix. */
export function validateKubernetesFinalizer(finalizer: string, path: FieldPath): FieldError[] {
  if (finalizer.includes("/") || standardFinalizers.includes(finalizer)) return [];
  return [
    invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified"),
  ];
}

function validateNoNewFinalizers(
  finalizers: readonly string[] = [],
  old: readonly string[] = [],
  path: FieldPath,
): FieldError[] {
  const added = finalizers.filter((finalizer) => !old.includes(finalizer)).sort();
  if (added.length === 0) return [];
  const listed = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  return [
    forbidden(
      path.child("finalizers"),
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}`,
    ),
  ];
}

function validateManagedFields(entry: ManagedFieldsEntry, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (entry.operation !== "Apply" && entry.operation !== "Update")
    errors.push(
      invalid(path.child("operation"), entry.operation ?? "", "must be `Apply` or `Update`"),
    );
  if (entry.fieldsType && entry.fieldsType !== "FieldsV1")
    errors.push(invalid(path.child("fieldsType"), entry.fieldsType, "must be `FieldsV1`"));
  if (byteLength(entry.manager ?? "") > 128)
    errors.push(invalid(path.child("manager"), entry.manager, "must be no more than 128 bytes"));
  return errors;
}
