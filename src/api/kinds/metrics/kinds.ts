// metrics.k8s.io/v1beta1: what nodes and Pods use at present, as metrics-server tells it. Measured when
// asked for, never stored. Source: metrics-server pkg/api/{node,pod,table}.go, v0.8.
import { column, defineKind, type Kind } from "../../kind.ts";
import { gvk, type KubeObject } from "../../object.ts";
import type { OpenApiSchema } from "../../openapi/structure.ts";
import { addAmounts, amountOf, quantityText } from "../../quantity.ts";
import type { Quantity } from "../../types.ts";
import { nameColumn } from "../columns.ts";

/** Of "cpu" and "memory". */
export interface ResourceUsage {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

export interface NodeMetricsObject extends KubeObject {
  readonly timestamp: string;
  /** A Go duration: "15s". */
  readonly window: string;
  readonly usage: ResourceUsage;
}

export interface PodMetricsObject extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: ResourceUsage }[];
}

const text: OpenApiSchema = { type: "string" };
const usage: OpenApiSchema = { type: "object", additionalProperties: text };
const common = { timestamp: { ...text, format: "date-time" }, window: text };

export const NodeMetrics = defineKind<NodeMetricsObject>({
  gvk: gvk("metrics.k8s.io", "v1beta1", "NodeMetrics"),
  plural: "nodes",
  singular: "",
  namespaced: false,
  unstored: true,
  verbs: ["get", "list"],
  openApiSchema: { type: "object", properties: { ...common, usage } },
  columns: [
    nameColumn,
    column("cpu", "string", (metrics) => String(metrics.usage.cpu), { format: "quantity" }),
    column("memory", "string", (metrics) => String(metrics.usage.memory), { format: "quantity" }),
    column("Window", "string", (metrics) => metrics.window, { format: "duration" }),
  ],
});

export const PodMetrics = defineKind<PodMetricsObject>({
  gvk: gvk("metrics.k8s.io", "v1beta1", "PodMetrics"),
  plural: "pods",
  singular: "",
  namespaced: true,
  unstored: true,
  verbs: ["get", "list"],
  openApiSchema: {
    type: "object",
    properties: {
      ...common,
      containers: {
        type: "array",
        items: { type: "object", properties: { name: text, usage } },
      },
    },
  },
  columns: [
    nameColumn,
    column("cpu", "string", (metrics) => totalOf(metrics, "cpu"), { format: "quantity" }),
    column("memory", "string", (metrics) => totalOf(metrics, "memory"), { format: "quantity" }),
    column("Window", "string", (metrics) => metrics.window, { format: "duration" }),
  ],
});

/** The kinds that metrics-server serves. */
export const metricsKinds: readonly Kind[] = [NodeMetrics as Kind, PodMetrics as Kind];

function totalOf({ containers }: PodMetricsObject, resource: keyof ResourceUsage): string {
  const amounts = containers.map((container) => amountOf(container.usage[resource]));
  return quantityText(amounts.reduce(addAmounts, amountOf("0")));
}
