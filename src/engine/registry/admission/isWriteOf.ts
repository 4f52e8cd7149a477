// Whether a request writes objects of one kind themselves, not a subresource of theirs.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { AdmissionRequest } from "./admission.ts";

export function isWriteOf<T extends KubeObject>(
  { resource }: Kind<T>,
  { kind, operation, subresource }: AdmissionRequest,
  ...operations: readonly AdmissionRequest["operation"][]
): boolean {
  return subresource === undefined && operations.includes(operation) && kind.resource === resource;
}
