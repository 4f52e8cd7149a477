// A draft of a stored object that shares its managed fields: they are large, and nobody changes them in place.
import type { KubeObject } from "../../api/object.ts";
import { type Draft, draft } from "../../base/draft.ts";

export function draftOf<T extends KubeObject>(object: T): Draft<T> {
  const { managedFields, ...metadata } = object.metadata;
  const copy = draft({ ...object, metadata });
  if (managedFields) Object.assign(copy.metadata, { managedFields });
  return copy as Draft<T>;
}
