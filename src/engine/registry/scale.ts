// The scale subresource: one face of every kind that has replicas.
import { FieldPath } from "../../api/fieldPath.ts";
import { defineKind } from "../../api/kind.ts";
import { gvk, type KubeObject } from "../../api/object.ts";
import type { OpenApiSchema } from "../../api/openapi/structure.ts";
import type { DecodeProblem } from "../../api/schema.ts";
import { type Draft, draft } from "../../base/draft.ts";

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

export interface ScaleObject extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly replicas: number; readonly selector?: string };
}

const schema: OpenApiSchema = {
  type: "object",
  properties: {
    spec: { type: "object", properties: { replicas: { type: "integer", format: "int32" } } },
    status: {
      type: "object",
      properties: {
        replicas: { type: "integer", format: "int32" },
        selector: { type: "string" },
      },
    },
  },
};

/** autoscaling/v1 Scale: no resource of its own. */
export const Scale = defineKind<ScaleObject>({
  gvk: gvk("autoscaling", "v1", "Scale"),
  plural: "scales",
  namespaced: true,
  openApiSchema: schema,
  decode: (value) => ({
    object: { spec: {}, ...value } as unknown as ScaleObject,
    problems: wrongReplicas(value),
  }),
});

function wrongReplicas(value: Readonly<Record<string, unknown>>): readonly DecodeProblem[] {
  const { replicas } = (value.spec ?? {}) as { readonly replicas?: unknown };
  if (replicas === undefined || replicas === null || Number.isInteger(replicas)) return [];
  const found = typeof replicas === "boolean" ? "bool" : typeof replicas;
  return [
    {
      stage: "decode",
      kind: "type",
      path: FieldPath.of("spec", "replicas"),
      message: `json: cannot unmarshal ${found} into Go struct field ScaleSpec.spec.replicas of type int32`,
      isFinal: false,
    },
  ];
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
