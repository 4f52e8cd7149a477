// An object as `kubectl get -o yaml` prints it, and as its author would compare it.
import { stringify } from "yaml";
import type { KubeObject } from "../api/object.ts";

/** Keys are sorted, and managedFields left out, as kubectl does. Source: kubectl 1.34. */
export function yamlOf(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  return stringify({ ...object, metadata }, { lineWidth: 0, sortMapEntries: true });
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** The same without what only servers write: what is left can be compared with a manifest. */
export function yamlWithoutServerFields(object: KubeObject): string {
  const { status: _status, ...rest } = object as KubeObject & { readonly status?: unknown };
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    creationTimestamp: _created,
    annotations: { [lastApplied]: _applied, ...annotations } = {},
    ...metadata
  } = object.metadata;
  const hasAnnotations = Object.keys(annotations).length > 0;
  return yamlOf({ ...rest, metadata: { ...metadata, ...(hasAnnotations ? { annotations } : {}) } });
}
