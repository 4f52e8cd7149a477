// What is kept under a key, as an object of the kind that was asked for.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { freeze } from "../../base/draft.ts";

/** Converted objects by what is kept: the same value gives the same object. */
const converted = new WeakMap<Kind, WeakMap<KubeObject, KubeObject>>();

export function storedValue(kind: Kind, value: KubeObject): KubeObject {
  const { storedAs } = kind;
  if (!storedAs) return value;
  if (storedAs.isAsked) return freeze(storedAs.fromStored(value));
  const known = converted.get(kind) ?? new WeakMap<KubeObject, KubeObject>();
  converted.set(kind, known);
  const before = known.get(value);
  if (before) return before;
  const object = freeze(storedAs.fromStored(value));
  known.set(value, object);
  return object;
}
