// All the checks that an object passes before it is stored.
import type { FieldError } from "../../api/fieldError.ts";
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
  const meta = validateMeta(kind, object, old);
  if (subresource === "status")
    return [...meta, ...(kind.validateStatusUpdate?.(object, old) ?? [])];
  if (subresource !== undefined)
    return [...meta, ...(kind.validateSubresourceUpdate?.(subresource, object, old) ?? [])];
  const own = kind.validateUpdate
    ? kind.validateUpdate(object, old)
    : (kind.validate?.(object) ?? []);
  return [...meta, ...own];
}

/** The server checks the metadata of every kind, and each kind's strategy does again: all is said twice. */
function validateMeta(
  { checksFinalizerNames = true }: Kind,
  { metadata }: KubeObject,
  old: KubeObject,
): readonly FieldError[] {
  return [false, checksFinalizerNames].flatMap((checks) =>
    validateObjectMetaUpdate(metadata, old.metadata, { checksFinalizerNames: checks }),
  );
}
