// Paths inside volumes. Source: pkg/apis/core/validation/validation.go, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";

export function validateNoBacksteps(target: string, path: FieldPath): FieldError[] {
  return target.split("/").includes("..") ? [invalid(path, target, "must not contain '..'")] : [];
}

/** Relative, and never upwards. */
export function validateLocalDescendingPath(target: string, path: FieldPath): FieldError[] {
  return [
    ...(target.startsWith("/") ? [invalid(path, target, "must be a relative path")] : []),
    ...validateNoBacksteps(target, path),
  ];
}

/** Names that begin with ".." belong to the kubelet. */
export function validateLocalNonReservedPath(target: string, path: FieldPath): FieldError[] {
  const isReserved = target.startsWith("..") && !target.startsWith("../");
  return [
    ...validateLocalDescendingPath(target, path),
    ...(isReserved ? [invalid(path, target, "must not start with '..'")] : []),
  ];
}
