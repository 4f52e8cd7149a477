// From an object to its Scale and back.
import { isJsonObject } from "../../api/crd/jsonSchema.ts";
import { nestedValue } from "../../api/crd/scaleRules.ts";
import type { ScaleObject } from "../../api/kinds/scale.ts";
import type { KubeObject } from "../../api/object.ts";
import { unknownError } from "../../api/status.ts";
import type { CustomResourceSubresourceScale } from "../../api/types.ts";
import { type Draft, draft } from "../../base/draft.ts";

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

/** The Scale of an object. `selector` is text, as HPA and kubectl want it. */
export function scaleOf(object: KubeObject, selectorText: string): ScaleObject {
  const { spec, status } = object as Scalable;
  return face(object, {
    specReplicas: spec.replicas ?? 0,
    statusReplicas: status?.replicas ?? 0,
    selector: selectorText,
  });
}

/** The Scale of a custom resource. @throws ApiError InternalError for values of other types */
export function customScaleOf(
  object: KubeObject,
  { specReplicasPath, statusReplicasPath, labelSelectorPath }: CustomResourceSubresourceScale,
): { readonly scale: ScaleObject; readonly hasReplicas: boolean } {
  const read = (path: string, type: "int64" | "string"): unknown => {
    const found = nestedValue(object, path, type);
    if ("error" in found) throw unknownError(found.error);
    return found.value;
  };
  const specReplicas = read(specReplicasPath, "int64") as number | undefined;
  const statusReplicas = (read(statusReplicasPath, "int64") ?? 0) as number;
  const selector = labelSelectorPath ? (read(labelSelectorPath, "string") as string) : undefined;
  return {
    scale: face(object, { specReplicas: specReplicas ?? 0, statusReplicas, selector }),
    hasReplicas: specReplicas !== undefined,
  };
}

interface Numbers {
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly selector: string | undefined;
}

function face(
  { metadata }: KubeObject,
  { specReplicas, statusReplicas, selector }: Numbers,
): ScaleObject {
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
    spec: specReplicas ? { replicas: specReplicas } : {},
    status: { replicas: statusReplicas, ...(selector === undefined ? {} : { selector }) },
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

/** The same for a custom resource; what is on the way to its replicas is made if need be. */
export function withCustomScale(
  object: KubeObject,
  scale: Draft<KubeObject>,
  { specReplicasPath }: CustomResourceSubresourceScale,
): Draft<KubeObject> {
  const { metadata, spec } = scale as Draft<ScaleObject>;
  const copy = draft(object);
  const names = replicasPath(specReplicasPath);
  let holder = copy as unknown as Record<string, unknown>;
  for (const name of names.slice(0, -1)) {
    const next = isJsonObject(holder[name]) ? holder[name] : {};
    holder[name] = next;
    holder = next;
  }
  holder[names.at(-1) ?? ""] = spec.replicas ?? 0;
  if (metadata.resourceVersion) copy.metadata.resourceVersion = metadata.resourceVersion;
  return copy;
}

/** ".spec.replicas" as the names of fields. */
export function replicasPath(text: string): readonly string[] {
  return text.replace(/^\./, "").split(".");
}
