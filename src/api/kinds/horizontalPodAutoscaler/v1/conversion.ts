// autoscaling/v1 knows one metric, the use of cpu; all else of an autoscaler travels in annotations.
// Source: pkg/apis/autoscaling/v1/conversion.go and pkg/apis/autoscaling/annotations.go, kubernetes v1.34.
import type {
  AutoscalingV1HorizontalPodAutoscaler,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
  MetricStatus,
} from "../../../types.ts";
import { behaviorFromInternal, internalBehavior } from "./behavior.ts";
import {
  metricFromV1,
  metricStatusFromV1,
  metricStatusToV1,
  metricToV1,
  type V1Metric,
  type V1MetricStatus,
} from "./metrics.ts";

const metricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
const currentMetricsAnnotation = "autoscaling.alpha.kubernetes.io/current-metrics";
const conditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";
const behaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior";
const ownAnnotations: ReadonlySet<string> = new Set([
  metricsAnnotation,
  currentMetricsAnnotation,
  conditionsAnnotation,
  behaviorAnnotation,
]);
const defaultCpuUtilization = 80;

export function toV1({
  metadata,
  spec,
  status,
}: HorizontalPodAutoscaler): AutoscalingV1HorizontalPodAutoscaler {
  const { metrics = [], minReplicas, maxReplicas, scaleTargetRef, behavior } = spec;
  const cpu = metrics.find(isCpu)?.resource?.target.averageUtilization;
  const others = metrics.filter((metric) => !isCpuUtilization(metric));
  const current = status?.currentMetrics ?? [];
  const conditions = status?.conditions ?? [];
  const annotations = {
    ...withoutOwn(metadata.annotations),
    ...(others.length > 0 ? { [metricsAnnotation]: JSON.stringify(others.map(metricToV1)) } : {}),
    ...(current.length > 0
      ? { [currentMetricsAnnotation]: JSON.stringify(current.map(metricStatusToV1)) }
      : {}),
    ...(behavior ? { [behaviorAnnotation]: JSON.stringify(internalBehavior(behavior)) } : {}),
    ...(conditions.length > 0
      ? { [conditionsAnnotation]: JSON.stringify(conditions.map(inGoOrder)) }
      : {}),
  };
  const { annotations: _annotations, ...otherMetadata } = metadata;
  return {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      ...otherMetadata,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      scaleTargetRef,
      ...(minReplicas === undefined ? {} : { minReplicas }),
      maxReplicas,
      ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu }),
    },
    status: statusToV1(status),
  };
}

function statusToV1(
  status: HorizontalPodAutoscaler["status"],
): NonNullable<AutoscalingV1HorizontalPodAutoscaler["status"]> {
  const {
    observedGeneration,
    lastScaleTime,
    currentReplicas = 0,
    desiredReplicas = 0,
  } = status ?? {};
  const cpu = (status?.currentMetrics ?? [])
    .filter(({ type, resource }) => type === "Resource" && resource?.name === "cpu")
    .map(({ resource }) => resource?.current.averageUtilization)
    .findLast((use) => use !== undefined);
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    currentReplicas,
    desiredReplicas,
    ...(cpu === undefined ? {} : { currentCPUUtilizationPercentage: cpu }),
  };
}

/** Annotations that make no sense are dropped without complaint. */
export function fromV1({
  metadata,
  spec,
  status,
}: AutoscalingV1HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const annotations = metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: cpu, ...kept } = spec;
  const metrics = [
    ...(cpu === undefined ? [] : [cpuMetric(cpu)]),
    ...readList<V1Metric>(annotations[metricsAnnotation]).map(metricFromV1),
  ];
  const behavior = behaviorFromInternal(readJson(annotations[behaviorAnnotation]));
  const { annotations: _annotations, ...otherMetadata } = metadata;
  const others = withoutOwn(annotations);
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      ...otherMetadata,
      ...(Object.keys(others).length > 0 ? { annotations: others } : {}),
    },
    spec: {
      ...kept,
      metrics: metrics.length > 0 ? metrics : [cpuMetric(defaultCpuUtilization)],
      ...(behavior ? { behavior } : {}),
    },
    status: statusFromV1(status, annotations),
  };
}

function statusFromV1(
  status: AutoscalingV1HorizontalPodAutoscaler["status"],
  annotations: Readonly<Record<string, string>>,
): NonNullable<HorizontalPodAutoscaler["status"]> {
  const {
    observedGeneration,
    lastScaleTime,
    currentReplicas = 0,
    desiredReplicas = 0,
  } = status ?? {};
  const cpu = status?.currentCPUUtilizationPercentage;
  const noted = readList<V1MetricStatus>(annotations[currentMetricsAnnotation]);
  const own: MetricStatus[] =
    cpu === undefined
      ? []
      : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: cpu } } }];
  const current = noted.length > 0 ? noted.map(metricStatusFromV1) : own;
  const conditions = readList<HorizontalPodAutoscalerCondition>(annotations[conditionsAnnotation]);
  return {
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    ...(currentReplicas === 0 ? {} : { currentReplicas }),
    desiredReplicas,
    currentMetrics: current.length > 0 ? current : (null as never),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function isCpu({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu";
}

function isCpuUtilization(metric: MetricSpec): boolean {
  return isCpu(metric) && metric.resource?.target.averageUtilization !== undefined;
}

function cpuMetric(averageUtilization: number): MetricSpec {
  return {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
  };
}

function withoutOwn(
  annotations: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => !ownAnnotations.has(key)),
  );
}

function inGoOrder({
  type,
  status,
  lastTransitionTime,
  reason,
  message,
}: HorizontalPodAutoscalerCondition): HorizontalPodAutoscalerCondition {
  return {
    type,
    status,
    ...(lastTransitionTime ? { lastTransitionTime } : {}),
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  };
}

function readList<T>(text: string | undefined): readonly T[] {
  const value = readJson(text);
  return Array.isArray(value) ? (value as T[]) : [];
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
