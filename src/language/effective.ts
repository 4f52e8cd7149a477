// A manifest as the server would store it: decoded, with defaults.
import type { FieldPath } from "../api/fieldPath.ts";
import type { KubeObject } from "../api/object.ts";
import type { CustomKinds } from "./customKinds.ts";
import { judge } from "./judge.ts";
import type { ManifestDocument } from "./manifest.ts";

/**
 * The object with defaults filled in, whatever else is wrong with it; undefined for kinds of which
 * nothing is known, and for unreadable texts.
 */
export function effectiveObject(
  document: ManifestDocument,
  custom?: CustomKinds,
): KubeObject | undefined {
  const object = judge(document, custom)?.object;
  if (!object) return undefined;
  const { uid: _uid, generation: _generation, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The value at a path of an object; undefined if the way ends before. */
export function valueAt(object: unknown, { steps }: FieldPath): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null) return undefined;
    const key = typeof step === "object" ? step.key : step;
    return (value as Record<string | number, unknown>)[key];
  }, object);
}
