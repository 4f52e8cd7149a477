// A write that changes nothing but when fields were managed changes nothing.
// Source: apiserver pkg/endpoints/handlers/fieldmanager/equality.go, 1.34.
import { dequal } from "dequal";
import type { KubeObject } from "../../api/object.ts";
import type { ManagedFieldsEntry } from "../../api/types.ts";

export function isSameButForTimes(object: KubeObject, old: KubeObject): boolean {
  const { managedFields, ...metadata } = object.metadata;
  const { managedFields: oldFields, ...oldMetadata } = old.metadata;
  return (
    hasSameManagers(managedFields ?? [], oldFields ?? []) &&
    dequal(metadata, oldMetadata) &&
    dequal({ ...object, metadata: undefined }, { ...old, metadata: undefined })
  );
}

function hasSameManagers(
  entries: readonly ManagedFieldsEntry[],
  others: readonly ManagedFieldsEntry[],
): boolean {
  return (
    entries.length === others.length &&
    entries.every((entry, i) => {
      if (entry === others[i]) return true;
      const { time: _, ...rest } = entry;
      const { time: _other, ...otherRest } = others[i] ?? {};
      return dequal(rest, otherRest);
    })
  );
}
