// ControllerRevisions. Source: pkg/apis/apps/validation ValidateControllerRevision, kubernetes v1.34.
import { type FieldError, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ControllerRevision } from "../../types.ts";
import { checkImmutable, checkNonNegative } from "../../validation/fields.ts";

const path = FieldPath.of("data");

export function validateControllerRevision({ data, revision }: ControllerRevision): FieldError[] {
  return [
    ...(data === undefined || data === null ? [required(path, "data is mandatory")] : []),
    ...checkNonNegative(revision, FieldPath.of("revision")),
  ];
}

export function validateControllerRevisionUpdate(
  revision: ControllerRevision,
  old: ControllerRevision,
): FieldError[] {
  return [
    ...validateControllerRevision(revision),
    ...checkImmutable(revision.data, old.data, path),
  ];
}
