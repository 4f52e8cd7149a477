// The rules that a new object of any kind passes: its metadata and its own, in the server's order.
import type { FieldError } from "../fieldError.ts";
import type { KindDefinition } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import { validateObjectMeta } from "../validation/objectMeta.ts";

/** The part of a kind that says what its objects must be like. */
export type KindRules = Pick<
  KindDefinition<KubeObject>,
  "namespaced" | "nameRule" | "checksFinalizerNames" | "checksMetadataLast" | "validate"
>;

/** @param object with defaults, namespace and name filled in */
export function validateNew(object: KubeObject, rules: KindRules): readonly FieldError[] {
  const { namespaced, nameRule, checksFinalizerNames = true, checksMetadataLast = false } = rules;
  const own = rules.validate?.(object) ?? [];
  if (checksMetadataLast && own.length > 0) return own;
  const meta = { namespaced, checksFinalizerNames, ...(nameRule ? { nameRule } : {}) };
  return [...validateObjectMeta(object.metadata, meta), ...own];
}
