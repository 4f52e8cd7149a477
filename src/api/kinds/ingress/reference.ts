// References from networking objects to others. Source: pkg/apis/networking/validation, 1.34.
import { type FieldError, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import { check, checkDnsSubdomain } from "../../validation/fields.ts";
import { pathSegment } from "../../validation/texts.ts";

export interface TypedReference {
  readonly apiGroup?: string;
  readonly kind?: string;
  readonly name?: string;
}

export function validateTypedReference(
  { apiGroup, kind, name }: TypedReference,
  path: FieldPath,
): FieldError[] {
  return [
    ...(apiGroup === undefined ? [] : checkDnsSubdomain(apiGroup, path.child("apiGroup"))),
    ...(kind ? check(pathSegment, kind, path.child("kind")) : [required(path.child("kind"))]),
    ...(name ? check(pathSegment, name, path.child("name")) : [required(path.child("name"))]),
  ];
}
