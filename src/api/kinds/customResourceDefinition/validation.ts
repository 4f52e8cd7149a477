// Rules for definitions of custom resources. Source: apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation.go, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "../../types.ts";
import { checkImmutable, checkRequiredChoice } from "../../validation/fields.ts";
import { dns1035Label, dnsSubdomain } from "../../validation/texts.ts";
import { approvalErrors } from "./approval.ts";
import { isConditionTrue } from "./conditions.ts";
import { conversionErrors } from "./conversion.ts";
import { type InternalSpec, internalSpec, versionsValue } from "./internalForm.ts";
import { validateSchema } from "./schema.ts";
import { columnErrors, selectableFieldErrors, subresourceErrors } from "./versionParts.ts";

const spec = FieldPath.of("spec");
const status = FieldPath.of("status");
const metadata = FieldPath.of("metadata");

export function validateCustomResourceDefinition(crd: CustomResourceDefinition): FieldError[] {
  return [
    ...nameErrors(crd),
    ...specErrors(crd.spec, undefined),
    ...statusErrors(crd),
    ...storedVersionErrors(crd),
    ...approvalErrors(crd, undefined),
    ...preserveErrors(crd, undefined),
  ];
}

export function validateCustomResourceDefinitionUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const names = spec.child("names");
  const fixed = isConditionTrue(old, "Established")
    ? [
        ...checkImmutable(crd.spec.scope, old.spec.scope, spec.child("scope")),
        ...checkImmutable(crd.spec.names.kind, old.spec.names.kind, names.child("kind")),
      ]
    : [];
  return [
    ...specErrors(crd.spec, old),
    ...fixed,
    ...checkImmutable(crd.spec.group, old.spec.group, spec.child("group")),
    ...checkImmutable(crd.spec.names.plural, old.spec.names.plural, names.child("plural")),
    ...statusErrors(crd),
    ...storedVersionErrors(crd),
    ...approvalErrors(crd, old),
    ...preserveErrors(crd, old),
  ];
}

export function validateCustomResourceDefinitionStatusUpdate(
  crd: CustomResourceDefinition,
): FieldError[] {
  return statusErrors(crd);
}

function nameErrors({ metadata: { name }, spec: { names, group } }: CustomResourceDefinition) {
  return name && name !== `${names.plural}.${group}`
    ? [invalid(metadata.child("name"), name, 'must be spec.names.plural+"."+spec.group')]
    : [];
}

function specErrors(
  whole: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  const form = internalSpec(whole);
  const errors = [
    ...groupErrors(whole.group, spec.child("group")),
    ...checkRequiredChoice(whole.scope, ["Cluster", "Namespaced"], spec.child("scope")),
    ...missingSchemaErrors(form),
    ...versionErrors(form, whole, old),
    ...requiredNameErrors(whole.names, spec.child("names")),
    ...nameTextErrors(whole.names, spec.child("names")),
    ...validateSchema(form.validation, spec.child("validation"), {
      hasStatus: whole.versions.some(({ subresources }) => subresources?.status !== undefined),
      isUnchanged: isUnchanged(form.version, whole, old),
    }),
    ...subresourceErrors(form.subresources, spec.child("subresources")),
    ...columnErrors(form.additionalPrinterColumns, spec.child("additionalPrinterColumns")),
    ...sharedSelectableErrors(form),
    ...conversionErrors(whole, old?.spec),
  ];
  return errors;
}

function groupErrors(group: string, path: FieldPath): FieldError[] {
  if (!group) return [required(path)];
  const problems = dnsSubdomain(group);
  if (problems.length > 0) return [invalid(path, group, problems.join(","))];
  return group.includes(".")
    ? []
    : [invalid(path, group, "should be a domain with at least one dot")];
}

function missingSchemaErrors({ validation, versions }: InternalSpec): FieldError[] {
  if (validation?.openAPIV3Schema) return [];
  return versions.flatMap(({ schema }, i) =>
    schema?.openAPIV3Schema
      ? []
      : [required(spec.child("versions").index(i).child("schema", "openAPIV3Schema"))],
  );
}

function versionErrors(
  form: InternalSpec,
  whole: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  const path = spec.child("versions");
  const errors = form.versions.flatMap((version, i) => {
    const at = path.index(i);
    const { name = "" } = version;
    const problems = dns1035Label(name);
    const hasStatus = whole.versions[i]?.subresources?.status !== undefined;
    return [
      ...(problems.length > 0 ? [invalid(at.child("name"), name, problems.join(","))] : []),
      ...deprecationErrors(version, at.child("deprecationWarning")),
      ...validateSchema(version.schema, at.child("schema"), {
        hasStatus,
        isUnchanged: isUnchanged(version.name, whole, old),
      }),
      ...subresourceErrors(version.subresources, at.child("subresources")),
      ...columnErrors(version.additionalPrinterColumns, at.child("additionalPrinterColumns")),
      ...versionSelectableErrors(version, at.child("selectableFields")),
    ];
  });
  const names = form.versions.map(({ name }) => name);
  const value = () => versionsValue(form.versions);
  if (new Set(names).size < names.length)
    errors.push(invalid(path, value(), "must contain unique version names"));
  if (form.versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid(path, value(), "must have exactly one version marked as storage version"));
  return errors;
}

function isUnchanged(
  version: string,
  whole: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
): boolean {
  const schemaIn = ({ versions }: CustomResourceDefinitionSpec) =>
    versions.find(({ name }) => name === version)?.schema;
  return old !== undefined && dequal(schemaIn(whole), schemaIn(old.spec));
}

function deprecationErrors(
  { deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
  path: FieldPath,
): FieldError[] {
  if (deprecationWarning === undefined) return [];
  const problems: string[] = [];
  if (!deprecated) problems.push("can only be set for deprecated versions");
  else {
    if (deprecationWarning.length > 256) problems.push("must be <= 256 characters long");
    if (deprecationWarning === "") problems.push("must not be an empty string");
    const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.exec(deprecationWarning);
    if (unprintable)
      problems.push(
        `must only contain printable UTF-8 characters; non-printable character found at index ${unprintable.index}`,
      );
  }
  return problems.map((problem) => invalid(path, deprecationWarning, problem));
}

function versionSelectableErrors(
  { schema, selectableFields = [] }: CustomResourceDefinitionVersion,
  path: FieldPath,
): FieldError[] {
  if (selectableFields.length === 0) return [];
  return schema?.openAPIV3Schema
    ? selectableFieldErrors(selectableFields, schema.openAPIV3Schema, path)
    : [
        invalid(
          path,
          "",
          "selectableFields may only be set when version.schema.openAPIV3Schema is not included",
        ),
      ];
}

function sharedSelectableErrors({ validation, selectableFields = [] }: InternalSpec): FieldError[] {
  if (selectableFields.length === 0) return [];
  const path = spec.child("selectableFields");
  return validation?.openAPIV3Schema
    ? selectableFieldErrors(selectableFields, validation.openAPIV3Schema, path)
    : [invalid(path, "", "selectableFields may only be set when validations.schema is included")];
}

function requiredNameErrors(names: CustomResourceDefinitionNames, path: FieldPath): FieldError[] {
  return (["plural", "singular", "kind", "listKind"] as const).flatMap((name) =>
    names[name] ? [] : [required(path.child(name))],
  );
}

function nameTextErrors(names: CustomResourceDefinitionNames, path: FieldPath): FieldError[] {
  const { kind, listKind } = names;
  const lower = (name: "plural" | "singular") => labelErrors(names[name], path.child(name));
  const list = (name: "shortNames" | "categories") =>
    (names[name] ?? []).flatMap((text, i) => {
      const problems = dns1035Label(text);
      return problems.length > 0
        ? [invalid(path.child(name).index(i), text, problems.join(","))]
        : [];
    });
  return [
    ...lower("plural"),
    ...lower("singular"),
    ...mixedCaseErrors(kind, path.child("kind")),
    ...mixedCaseErrors(listKind, path.child("listKind")),
    ...list("shortNames"),
    ...(kind && kind === listKind
      ? [invalid(path.child("listKind"), listKind, "kind and listKind may not be the same")]
      : []),
    ...list("categories"),
  ];
}

function labelErrors(text: string | undefined, path: FieldPath): FieldError[] {
  const problems = text ? dns1035Label(text) : [];
  return problems.length > 0 ? [invalid(path, text, problems.join(","))] : [];
}

function mixedCaseErrors(text: string | undefined, path: FieldPath): FieldError[] {
  const problems = text ? dns1035Label(text.toLowerCase()) : [];
  const words = "may have mixed case, but should otherwise match: ";
  return problems.length > 0 ? [invalid(path, text, words + problems.join(","))] : [];
}

function statusErrors({ status: found }: CustomResourceDefinition): FieldError[] {
  const names = found?.acceptedNames;
  return names ? nameTextErrors(names, status.child("acceptedNames")) : [];
}

function storedVersionErrors({ spec: { versions }, status: found }: CustomResourceDefinition) {
  const path = status.child("storedVersions");
  const stored = found?.storedVersions ?? [];
  if (stored.length === 0)
    return [invalid(path, found?.storedVersions ?? null, "must have at least one stored version")];
  const errors: FieldError[] = versions
    .filter(({ name, storage }) => storage && !stored.includes(name))
    .map(({ name }) => invalid(path, stored, `must have the storage version ${name}`));
  for (const [i, name] of stored.entries())
    if (!versions.some((version) => version.name === name))
      errors.push(
        invalid(
          path.index(i),
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        ),
      );
  return errors;
}

function preserveErrors(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (old?.spec.preserveUnknownFields || !crd.spec.preserveUnknownFields) return [];
  return [
    invalid(
      spec.child("preserveUnknownFields"),
      true,
      "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
    ),
  ];
}
