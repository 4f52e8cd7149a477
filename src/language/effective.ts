// A manifest as the server would store it: decoded, with defaults.
import type { FieldPath } from "../api/fieldPath.ts";
import { validateNewObject } from "../api/kinds/checks.ts";
import type { KubeObject } from "../api/object.ts";
import { decode } from "../api/schema.ts";
import { type Draft, draft } from "../base/draft.ts";
import type { ManifestDocument } from "./manifest.ts";

/** The object with defaults filled in; undefined for kinds that are not built in, or unreadable texts. */
export function effectiveObject(document: ManifestDocument): KubeObject | undefined {
  const { fields } = document;
  if (!fields) return undefined;
  const decoded = decode(fields, String(fields.apiVersion), String(fields.kind));
  if (!decoded) return undefined;
  const object: Draft<KubeObject> = draft(decoded.object);
  // Defaults are set on the way; what is refused is told elsewhere.
  validateNewObject(object);
  delete object.metadata.uid;
  delete object.metadata.generation;
  return object as KubeObject;
}

/** The value at a path of an object; undefined if the way ends before. */
export function valueAt(object: unknown, { steps }: FieldPath): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null) return undefined;
    const key = typeof step === "object" ? step.key : step;
    return (value as Record<string | number, unknown>)[key];
  }, object);
}
