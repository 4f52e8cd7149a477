// All the checks that an object passes before it is stored.
import type { FieldError } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import type { Kind, Subresource } from "../../api/kind.ts";
import { validateNew } from "../../api/kinds/validateNew.ts";
import type { KubeObject } from "../../api/object.ts";
import { validateObjectMetaUpdate } from "../../api/validation/objectMeta.ts";

export function validateCreate(kind: Kind, object: KubeObject): readonly FieldError[] {
  return validateNew(object, kind);
}

export function validateUpdate(
  kind: Kind,
  object: KubeObject,
  old: KubeObject,
  subresource: Subresource | undefined,
): readonly FieldError[] {
  const { checksFinalizerNames = true } = kind;
  const path = FieldPath.of("metadata");
  const rules = { checksFinalizerNames };
  const problems = validateObjectMetaUpdate(object.metadata, old.metadata, path, rules);
  // The server checks the metadata of every kind, and each kind's strategy does again: all is said twice.
  const meta = [...problems, ...problems];
  if (subresource === "status")
    return [...meta, ...(kind.validateStatusUpdate?.(object, old) ?? [])];
  if (subresource !== undefined)
    return [...meta, ...(kind.validateSubresourceUpdate?.(subresource, object, old) ?? [])];
  const own = kind.validateUpdate
    ? kind.validateUpdate(object, old)
    : (kind.validate?.(object) ?? []);
  return [...meta, ...own];
}
