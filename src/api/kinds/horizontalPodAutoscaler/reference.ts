// What an autoscaler names: the object that it scales, or one that is measured.
// Source: pkg/apis/autoscaling/validation ValidateCrossVersionObjectReference, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { CrossVersionObjectReference } from "../../types.ts";
import { check } from "../../validation/fields.ts";
import { pathSegment } from "../../validation/texts.ts";

/** What is scaled, or measured: a kind and name, and an API group of its own. */
export function validateReference(
  { kind, name, apiVersion = "" }: Partial<CrossVersionObjectReference>,
  at: FieldPath,
): FieldError[] {
  return [
    ...validateSegment(kind, at.child("kind")),
    ...validateSegment(name, at.child("name")),
    ...validateApiVersion(apiVersion, at.child("apiVersion")),
  ];
}

function validateSegment(text: string | undefined, at: FieldPath): FieldError[] {
  return text ? check(pathSegment, text, at) : [required(at)];
}

function validateApiVersion(apiVersion: string, at: FieldPath): FieldError[] {
  const slashes = apiVersion.split("/").length - 1;
  if (slashes > 1)
    return [invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  // Workloads of the core group are named by their version alone.
  const hasGroup = slashes === 1 && !apiVersion.startsWith("/");
  return hasGroup || apiVersion === "v1"
    ? []
    : [invalid(at, apiVersion, "apiVersion must specify API group")];
}
