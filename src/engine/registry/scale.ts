// The scale subresource: one face of every kind that has replicas.
import type { KubeObject } from "../../api/object.ts";
import { type Draft, draft } from "../../base/draft.ts";

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

/** autoscaling/v1 Scale of an object. `selector` is text, as HPA and kubectl want it. */
export function scaleOf(object: KubeObject, selectorText: string): KubeObject & { spec: object } {
  const { metadata, spec, status } = object as Scalable;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: spec.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector: selectorText },
  } as KubeObject & { spec: object };
}

/** The object with the replicas that a Scale asks for. */
export function withScale(object: KubeObject, scale: unknown): Draft<KubeObject> {
  const replicas =
    (scale as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 0;
  const { metadata } = scale as { readonly metadata?: { readonly resourceVersion?: string } };
  const copy = draft(object as Scalable);
  copy.spec.replicas = replicas;
  if (metadata?.resourceVersion !== undefined)
    copy.metadata.resourceVersion = metadata.resourceVersion;
  return copy;
}
