// An object as `kubectl get -o yaml` prints it.
import { stringify } from "yaml";
import type { KubeObject } from "../api/object.ts";

/** Keys are sorted, and managedFields left out, as kubectl does. Source: kubectl 1.34. */
export function yamlOf(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  return stringify({ ...object, metadata }, { lineWidth: 0, sortMapEntries: true });
}
