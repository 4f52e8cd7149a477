// What makes an access review a question. Source: pkg/apis/authorization/validation, 1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  ReviewedPath,
  ReviewedResource,
  SelectorAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
} from "../../reviewTypes.ts";
import type { ObjectMeta } from "../../types.ts";
import { each } from "../../validation/fields.ts";
import { validateLabelRequirement } from "../../validation/labels.ts";

const spec = FieldPath.of("spec");

export function validateSelfSubjectAccessReview(review: SelfSubjectAccessReview): FieldError[] {
  return [...validateQuestion(review), ...validateMeta(review.metadata, "must be empty")];
}

export function validateSubjectAccessReview(review: SubjectAccessReview): FieldError[] {
  return [
    ...validateQuestion(review),
    ...validateSubject(review),
    ...validateMeta(review.metadata, "must be empty"),
  ];
}

export function validateLocalSubjectAccessReview(review: SubjectAccessReview): FieldError[] {
  const { namespace = "", ...metadata } = review.metadata;
  const { resourceAttributes: resource, nonResourceAttributes: path } = review.spec;
  const asked = resource?.namespace ?? "";
  return [
    ...validateQuestion(review),
    ...validateSubject(review),
    ...validateMeta(metadata, "must be empty except for namespace"),
    ...(resource && asked !== namespace
      ? [
          invalid(
            spec.child("resourceAttributes", "namespace"),
            asked,
            "must match metadata.namespace",
          ),
        ]
      : []),
    ...(path
      ? [
          invalid(
            spec.child("nonResourceAttributes"),
            goPath(path),
            "disallowed on this kind of request",
          ),
        ]
      : []),
  ];
}

function validateQuestion({ spec: asked }: SelfSubjectAccessReview): FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = asked;
  const errors: FieldError[] = [];
  if (resource && path)
    errors.push(
      invalid(
        spec.child("nonResourceAttributes"),
        goPath(path),
        "cannot be specified in combination with resourceAttributes",
      ),
    );
  if (!resource && !path)
    errors.push(
      invalid(
        spec.child("resourceAttributes"),
        null,
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    );
  return [...errors, ...(resource ? validateSelectors(resource) : [])];
}

function validateSubject({ spec: { user = "", groups = [] } }: SubjectAccessReview): FieldError[] {
  return user === "" && groups.length === 0
    ? [invalid(spec.child("user"), user, "at least one of user or group must be specified")]
    : [];
}

function validateSelectors({ fieldSelector, labelSelector }: ReviewedResource): FieldError[] {
  const at = spec.child("resourceAttributes");
  return [
    ...validateSelector(fieldSelector, at.child("fieldSelector"), validateFieldRequirement),
    ...validateSelector(labelSelector, at.child("labelSelector"), (each, path) =>
      validateLabelRequirement(each, path, {}),
    ),
  ];
}

function validateSelector<Requirement>(
  selector: SelectorAttributes<Requirement> | undefined,
  path: FieldPath,
  validate: (requirement: Requirement, path: FieldPath) => readonly FieldError[],
): FieldError[] {
  if (!selector) return [];
  const { rawSelector: raw = "", requirements = [] } = selector;
  const errors: FieldError[] = [];
  if (raw !== "" && requirements.length > 0)
    errors.push(
      invalid(path.child("rawSelector"), raw, "may not specified at the same time as requirements"),
    );
  if (raw === "" && requirements.length === 0)
    errors.push(
      required(
        path.child("requirements"),
        `when ${path} is specified, requirements or rawSelector is required`,
      ),
    );
  return [...errors, ...each(requirements, path.child("requirements"), validate)];
}

/** Operators that this version does not know are left to the authorizer. */
function validateFieldRequirement(
  { key, operator, values = [] }: { key: string; operator: string; values?: readonly string[] },
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if ((operator === "In" || operator === "NotIn") && values.length === 0)
    errors.push(
      required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"),
    );
  if (key === "") errors.push(required(path.child("key"), "must be specified"));
  return errors;
}

function validateMeta(metadata: Partial<ObjectMeta>, complaint: string): FieldError[] {
  const { managedFields: _, name, ...rest } = metadata;
  const stated = name ? { name, ...rest } : rest;
  return Object.keys(stated).length === 0
    ? []
    : [invalid(FieldPath.of("metadata"), stated, complaint)];
}

/** The internal type has no JSON names. */
function goPath({ path = "", verb = "" }: ReviewedPath): object {
  return { Path: path, Verb: verb };
}
