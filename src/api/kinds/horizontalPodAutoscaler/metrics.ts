// What an autoscaler measures. Source: pkg/apis/autoscaling/validation validateMetricSpec, 1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import { amountOf, signOf } from "../../quantity.ts";
import type { MetricIdentifier, MetricSpec, MetricTarget, Quantity } from "../../types.ts";
import { check, checkDnsLabel } from "../../validation/fields.ts";
import { amountText } from "../../validation/quantities.ts";
import { checkContainerResourceName } from "../../validation/resourceNames.ts";
import { pathSegment } from "../../validation/texts.ts";
import { validateReference } from "./reference.ts";

const types = ["ContainerResource", "External", "Object", "Pods", "Resource"];
const fields = ["object", "external", "pods", "resource", "containerResource"] as const;
type MetricField = (typeof fields)[number];

export function validateMetric(metric: MetricSpec, path: FieldPath): FieldError[] {
  const { type = "" } = metric;
  const typePath = path.child("type");
  const present = fields.filter((field) => metric[field]);
  const [first] = present;
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(typePath, "must specify a metric source type"));
  const isKnown = types.includes(type);
  if (!isKnown) errors.push(notSupported(typePath, type, types));
  if (first) errors.push(...validateSource(metric, first, path.child(first)));
  const expected = fields.find((field) => field.toLowerCase() === type.toLowerCase());
  if (!isKnown) errors.push(notSupported(typePath, type, types));
  else if (expected && !metric[expected])
    errors.push(
      required(path.child(expected), "must populate information for the given metric source"),
    );
  if (present.length !== 1)
    errors.push(
      ...present
        .filter((field) => field !== expected)
        .map((field) => forbidden(path.child(field), "must populate the given metric source only")),
    );
  return errors;
}

function validateSource(metric: MetricSpec, field: MetricField, path: FieldPath): FieldError[] {
  const { object, external, pods, resource, containerResource } = metric;
  const targetPath = path.child("target");
  if (field === "object" && object)
    return [
      ...validateReference(object.describedObject ?? {}, path.child("describedObject")),
      ...validateIdentifier(object.metric, path.child("metric")),
      ...validateTarget(object.target, targetPath),
      ...requireEither(object.target, targetPath, "must set either a target value or averageValue"),
    ];
  if (field === "external" && external)
    return [
      ...validateIdentifier(external.metric, path.child("metric")),
      ...validateTarget(external.target, targetPath),
      ...requireEither(
        external.target,
        targetPath,
        "must set either a target value for metric or a per-pod target",
      ),
      ...(external.target?.value !== undefined && external.target.averageValue !== undefined
        ? [
            forbidden(
              targetPath.child("value"),
              "may not set both a target value for metric and a per-pod target",
            ),
          ]
        : []),
    ];
  if (field === "pods" && pods)
    return [
      ...validateIdentifier(pods.metric, path.child("metric")),
      ...validateTarget(pods.target, targetPath),
      ...(pods.target?.averageValue === undefined
        ? [
            required(
              targetPath.child("averageValue"),
              "must specify a positive target averageValue",
            ),
          ]
        : []),
    ];
  if (containerResource && field === "containerResource")
    return [
      ...(containerResource.name
        ? checkContainerResourceName(containerResource.name, path.child("name"))
        : [required(path.child("name"), "must specify a resource name")]),
      ...(containerResource.container
        ? checkDnsLabel(containerResource.container, path.child("container"))
        : [required(path.child("container"), "must specify a container")]),
      ...validateResourceTarget(containerResource.target, targetPath),
    ];
  return [
    ...(resource?.name ? [] : [required(path.child("name"), "must specify a resource name")]),
    ...validateResourceTarget(resource?.target, targetPath),
  ];
}

function requireEither(
  target: MetricTarget | undefined,
  path: FieldPath,
  words: string,
): FieldError[] {
  return target?.value === undefined && target?.averageValue === undefined
    ? [required(path.child("averageValue"), words)]
    : [];
}

function validateResourceTarget(target: MetricTarget | undefined, path: FieldPath): FieldError[] {
  const { averageUtilization, averageValue } = target ?? { type: "" };
  const errors = validateTarget(target, path);
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(
      required(
        path.child("averageUtilization"),
        "must set either a target raw value or a target utilization",
      ),
    );
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(
      forbidden(
        path.child("averageValue"),
        "may not set both a target raw value and a target utilization",
      ),
    );
  return errors;
}

const targetTypes = ["Utilization", "Value", "AverageValue"];

function validateTarget(target: MetricTarget | undefined, path: FieldPath): FieldError[] {
  const { type = "", value, averageValue, averageUtilization } = target ?? { type: "" };
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(path.child("type"), "must specify a metric target type"));
  if (!targetTypes.includes(type))
    errors.push(
      invalid(path.child("type"), type, "must be either Utilization, Value, or AverageValue"),
    );
  errors.push(
    ...checkPositive(value, path.child("value")),
    ...checkPositive(averageValue, path.child("averageValue")),
  );
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(
      invalid(path.child("averageUtilization"), averageUtilization, "must be greater than 0"),
    );
  return errors;
}

function checkPositive(quantity: Quantity | undefined, path: FieldPath): FieldError[] {
  return quantity !== undefined && signOf(amountOf(quantity)) !== 1
    ? [invalid(path, amountText(quantity), "must be positive")]
    : [];
}

function validateIdentifier(metric: MetricIdentifier | undefined, path: FieldPath): FieldError[] {
  const at = path.child("name");
  return metric?.name
    ? check(pathSegment, metric.name, at)
    : [required(at, "must specify a metric name")];
}
