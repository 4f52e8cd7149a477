// From an object to its Scale and back.
import type { ScaleObject } from "../../api/kinds/scale.ts";
import type { KubeObject } from "../../api/object.ts";
import { type Draft, draft } from "../../base/draft.ts";

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

/** The Scale of an object. `selector` is text, as HPA and kubectl want it. */
export function scaleOf(object: KubeObject, selectorText: string): ScaleObject {
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
  };
}

/** The object with the replicas that a Scale asks for. */
export function withScale(object: KubeObject, scale: Draft<KubeObject>): Draft<KubeObject> {
  const { metadata, spec } = scale as Draft<ScaleObject>;
  const copy = draft(object as Scalable);
  copy.spec.replicas = spec.replicas ?? 0;
  if (metadata.resourceVersion !== undefined)
    copy.metadata.resourceVersion = metadata.resourceVersion;
  return copy;
}
