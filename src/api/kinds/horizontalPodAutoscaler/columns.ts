// What Tables print of autoscalers. Source: pkg/printers/internalversion printHorizontalPodAutoscaler,
// kubernetes v1.34.
import { type Column, column } from "../../kind.ts";
import type { KubeObject } from "../../object.ts";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";

const unknown = "<unknown>";
const maxShown = 2;

/** The columns of every version of the API, given its objects as autoscaling/v2. */
export function autoscalerColumns<T extends KubeObject>(
  read: (object: T) => HorizontalPodAutoscaler,
): readonly Column<T>[] {
  const specField = (field: string) => ({
    field: `autoscaling.v2.HorizontalPodAutoscalerSpec.${field}`,
  });
  return [
    nameColumn,
    column<T>(
      "Reference",
      "string",
      (object) => referenceText(read(object)),
      specField("scaleTargetRef"),
    ),
    column<T>("Targets", "string", (object) => targetsText(read(object)), specField("metrics")),
    column<T>(
      "MinPods",
      "string",
      (object) => String(read(object).spec.minReplicas ?? "<unset>"),
      specField("minReplicas"),
    ),
    column<T>(
      "MaxPods",
      "string",
      (object) => read(object).spec.maxReplicas,
      specField("maxReplicas"),
    ),
    column<T>("Replicas", "string", (object) => read(object).status?.currentReplicas ?? 0, {
      field: "autoscaling.v2.HorizontalPodAutoscalerStatus.currentReplicas",
    }),
    ageColumn,
  ];
}

function referenceText({ spec: { scaleTargetRef } }: HorizontalPodAutoscaler): string {
  return `${scaleTargetRef.kind}/${scaleTargetRef.name}`;
}

function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? [];
  if (metrics.length === 0) return "<none>";
  const statuses = status?.currentMetrics ?? [];
  const shown = metrics.slice(0, maxShown).map((metric, i) => metricText(metric, statuses[i]));
  const hidden = metrics.length - shown.length;
  return hidden > 0 ? `${shown.join(", ")} + ${hidden} more...` : shown.join(", ");
}

/** How a metric stands beside its target: "cpu: 12%/80%". */
function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
      return amountText(metric.external?.target, status?.external?.current);
    case "Object":
      return amountText(metric.object?.target, status?.object?.current);
    case "Pods":
      return `${status?.pods?.current.averageValue ?? unknown}/${metric.pods?.target.averageValue}`;
    case "Resource":
      return `${metric.resource?.name}: ${usageText(metric.resource?.target, status?.resource?.current)}`;
    case "ContainerResource":
      return `${metric.containerResource?.name}: ${usageText(metric.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return "<unknown type>";
  }
}

function amountText(
  { averageValue, value }: Partial<MetricTarget> = {},
  current: MetricValueStatus | undefined,
): string {
  return averageValue === undefined
    ? `${current?.value ?? unknown}/${value}`
    : `${current?.averageValue ?? unknown}/${averageValue} (avg)`;
}

function usageText(
  { averageValue, averageUtilization }: Partial<MetricTarget> = {},
  current: MetricValueStatus | undefined,
): string {
  if (averageValue !== undefined) return `${current?.averageValue ?? unknown}/${averageValue}`;
  return `${percent(current?.averageUtilization, unknown)}/${percent(averageUtilization, "<auto>")}`;
}

function percent(value: number | undefined, absent: string): string {
  return value === undefined ? absent : `${value}%`;
}
