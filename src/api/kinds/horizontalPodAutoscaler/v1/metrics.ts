// Metrics as autoscaling/v1 notes them in annotations: one flat record for each kind of source, in the
// order of Go's fields. Source: staging/src/k8s.io/api/autoscaling/v1/types.go, kubernetes v1.34.
import type {
  LabelSelector,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  AutoscalingV2CrossVersionObjectReference as ObjectReference,
  Quantity,
} from "../../../types.ts";

interface V1Resource {
  readonly name: string;
  readonly targetAverageUtilization?: number;
  readonly targetAverageValue?: Quantity;
}

export interface V1Metric {
  readonly type: string;
  readonly object?: {
    readonly target: ObjectReference;
    readonly metricName: string;
    readonly targetValue: Quantity;
    readonly selector?: LabelSelector;
    readonly averageValue?: Quantity;
  };
  readonly pods?: {
    readonly metricName: string;
    readonly targetAverageValue: Quantity;
    readonly selector?: LabelSelector;
  };
  readonly resource?: V1Resource;
  readonly containerResource?: V1Resource & { readonly container: string };
  readonly external?: {
    readonly metricName: string;
    readonly metricSelector?: LabelSelector;
    readonly targetValue?: Quantity;
    readonly targetAverageValue?: Quantity;
  };
}

interface V1ResourceStatus {
  readonly name: string;
  readonly currentAverageUtilization?: number;
  readonly currentAverageValue: Quantity;
}

export interface V1MetricStatus {
  readonly type: string;
  readonly object?: {
    readonly target: ObjectReference;
    readonly metricName: string;
    readonly currentValue: Quantity;
    readonly selector?: LabelSelector;
    readonly averageValue?: Quantity;
  };
  readonly pods?: {
    readonly metricName: string;
    readonly currentAverageValue: Quantity;
    readonly selector?: LabelSelector;
  };
  readonly resource?: V1ResourceStatus;
  readonly containerResource?: V1ResourceStatus & { readonly container: string };
  readonly external?: {
    readonly metricName: string;
    readonly metricSelector?: LabelSelector;
    readonly currentValue: Quantity;
    readonly currentAverageValue?: Quantity;
  };
}

/** Go's zero quantity, where a field has no pointer. */
const zero: Quantity = "0";

/** Leaves out what is undefined. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

export function metricToV1(metric: MetricSpec): V1Metric {
  const { type, object, pods, resource, containerResource, external } = metric;
  return present<V1Metric>({
    type,
    object:
      object &&
      present({
        target: reference(object.describedObject),
        metricName: object.metric.name,
        targetValue: object.target.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      present({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource: resource && resourceToV1(resource),
    containerResource: containerResource && {
      ...resourceToV1(containerResource),
      container: containerResource.container,
    },
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  });
}

function reference({ kind, name, apiVersion }: ObjectReference): ObjectReference {
  return { kind, name, ...(apiVersion ? { apiVersion } : {}) };
}

function resourceToV1({ name, target }: { name: string; target: MetricTarget }): V1Resource {
  return present<V1Resource>({
    name,
    targetAverageUtilization: target.averageUtilization,
    targetAverageValue: target.averageValue,
  });
}

export function metricFromV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: V1Metric): MetricSpec {
  return present<MetricSpec>({
    type,
    object: object && {
      describedObject: object.target,
      target: present<MetricTarget>({
        type: object.averageValue === undefined ? "Value" : "AverageValue",
        value: object.targetValue,
        averageValue: object.averageValue,
      }),
      metric: identifier(object.metricName, object.selector),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      target: { type: "AverageValue", averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: resourceTarget(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: resourceTarget(containerResource),
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: present<MetricTarget>({
        type: external.targetValue === undefined ? "AverageValue" : "Value",
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      }),
    },
  });
}

function identifier(name: string, selector: LabelSelector | undefined) {
  return { name, ...(selector ? { selector } : {}) };
}

function resourceTarget({
  targetAverageUtilization,
  targetAverageValue,
}: V1Resource): MetricTarget {
  return present<MetricTarget>({
    type: targetAverageUtilization === undefined ? "AverageValue" : "Utilization",
    averageUtilization: targetAverageUtilization,
    averageValue: targetAverageValue,
  });
}

export function metricStatusToV1(status: MetricStatus): V1MetricStatus {
  const { type, object, pods, resource, containerResource, external } = status;
  return present<V1MetricStatus>({
    type,
    object:
      object &&
      present({
        target: reference(object.describedObject),
        metricName: object.metric.name,
        currentValue: object.current.value ?? zero,
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      present({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? zero,
        selector: pods.metric.selector,
      }),
    resource: resource && resourceStatusToV1(resource),
    containerResource: containerResource && {
      ...resourceStatusToV1(containerResource),
      container: containerResource.container,
    },
    external:
      external &&
      present({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? zero,
        currentAverageValue: external.current.averageValue,
      }),
  });
}

function resourceStatusToV1({
  name,
  current,
}: NonNullable<MetricStatus["resource"]>): V1ResourceStatus {
  return present<V1ResourceStatus>({
    name,
    currentAverageUtilization: current.averageUtilization,
    currentAverageValue: current.averageValue ?? zero,
  });
}

export function metricStatusFromV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: V1MetricStatus): MetricStatus {
  return present<MetricStatus>({
    type,
    object: object && {
      describedObject: object.target,
      metric: identifier(object.metricName, object.selector),
      current: present({ value: object.currentValue, averageValue: object.averageValue }),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: resourceCurrent(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: resourceCurrent(containerResource),
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      current: present({
        value: external.currentValue,
        averageValue: external.currentAverageValue,
      }),
    },
  });
}

function resourceCurrent({ currentAverageUtilization, currentAverageValue }: V1ResourceStatus) {
  return present<NonNullable<MetricStatus["resource"]>["current"]>({
    averageValue: currentAverageValue,
    averageUtilization: currentAverageUtilization,
  });
}
