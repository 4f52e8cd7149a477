// Every container of a Pod, with its place. Source: pkg/apis/core/pods VisitContainersWithPath, 1.34.
import type { FieldError } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, EphemeralContainer, PodSpec } from "../../../types.ts";
import { each } from "../../../validation/fields.ts";

export function visitContainers(
  { initContainers, containers, ephemeralContainers }: PodSpec,
  path: FieldPath,
  visit: (container: Container | EphemeralContainer, path: FieldPath) => readonly FieldError[],
): FieldError[] {
  return [
    ...each(initContainers, path.child("initContainers"), visit),
    ...each(containers, path.child("containers"), visit),
    ...each(ephemeralContainers, path.child("ephemeralContainers"), visit),
  ];
}
