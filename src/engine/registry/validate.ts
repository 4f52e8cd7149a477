// All the checks that an object passes before it is stored.
import type { FieldError } from "../../api/fieldError.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";

export function validateCreate(kind: Kind, object: KubeObject): readonly FieldError[] {
  return kind.validate?.(object) ?? [];
}

export function validateUpdate(
  kind: Kind,
  object: KubeObject,
  old: KubeObject,
  subresource: string | undefined,
): readonly FieldError[] {
  if (subresource === "status") return kind.validateStatusUpdate?.(object, old) ?? [];
  if (subresource !== undefined) return [];
  return kind.validateUpdate?.(object, old) ?? kind.validate?.(object) ?? [];
}
