// autoscaling/v1 Scale: the face of every kind that has replicas. No resource of its own.
import { FieldPath } from "../fieldPath.ts";
import { column, defineKind } from "../kind.ts";
import { gvk, type KubeObject } from "../object.ts";
import type { OpenApiSchema } from "../openapi/structure.ts";
import type { DecodeProblem } from "../schema.ts";
import { ageColumn, nameColumn } from "./columns.ts";

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

export const Scale = defineKind<ScaleObject>({
  gvk: gvk("autoscaling", "v1", "Scale"),
  plural: "scales",
  namespaced: true,
  openApiSchema: schema,
  columns: [
    nameColumn,
    column("Desired", "integer", ({ spec }) => spec.replicas ?? 0, {
      field: "autoscaling.v1.ScaleSpec.replicas",
    }),
    column("Available", "integer", ({ status }) => status?.replicas ?? 0, {
      field: "autoscaling.v1.ScaleStatus.replicas",
    }),
    ageColumn,
  ],
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
