// The controller's look at metrics.k8s.io.
// Source: pkg/controller/podautoscaler/metrics/client.go, kubernetes v1.34.
import {
  PodMetrics as PodMetricsKind,
  type PodMetricsObject,
} from "../../../api/kinds/metrics/kinds.ts";
import { amountOf, milliValueOf } from "../../../api/quantity.ts";
import { ApiError } from "../../../api/status.ts";
import { type Millis, parseTime, second } from "../../../base/time.ts";
import type { LocalClient } from "../../localClient.ts";
import type { PodMetric, PodMetrics } from "./replicaCalculator.ts";

export interface ResourceQuery {
  readonly namespace: string;
  /** Of the Pods' labels, as text. */
  readonly selector: string;
  readonly resource: string;
  /** All containers count if absent. */
  readonly container?: string | undefined;
}

/** @returns why there are no metrics, in the controller's words */
export function readMetrics(
  client: LocalClient,
  query: ResourceQuery,
): PodMetrics | { readonly error: string } {
  const found = list(client, query);
  if ("error" in found)
    return { error: `unable to fetch metrics from resource metrics API: ${found.error}` };
  if (found.items.length === 0) return { error: "no metrics returned from resource metrics API" };
  const metrics = new Map<string, PodMetric>();
  for (const item of found.items) {
    const value = measuredValue(item, query);
    if (typeof value === "object") return value;
    if (value === undefined) continue;
    const at = parseTime(item.timestamp) ?? 0;
    metrics.set(item.metadata.name, { value, at, window: windowOf(item) });
  }
  return metrics;
}

/** client-go says of an answer without details what it had asked for. */
function list(
  client: LocalClient,
  { namespace, selector }: ResourceQuery,
): { readonly items: readonly PodMetricsObject[] } | { readonly error: string } {
  try {
    return client.list(PodMetricsKind, { namespace, labelSelector: selector });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isUnserved = error.status.details?.kind === undefined;
    return { error: error.message + (isUnserved ? " (get pods.metrics.k8s.io)" : "") };
  }
}

function measuredValue(
  { metadata, containers }: PodMetricsObject,
  { resource, container }: ResourceQuery,
): number | undefined | { readonly error: string } {
  const counted = containers.filter(({ name }) => container === undefined || name === container);
  if (container !== undefined && counted.length === 0)
    return {
      error: `container ${container} not present in metrics for pod ${metadata.namespace}/${metadata.name}`,
    };
  let sum = 0;
  for (const { usage } of counted) {
    const quantity = resource === "cpu" || resource === "memory" ? usage[resource] : undefined;
    if (quantity === undefined) return undefined;
    sum += milliValueOf(amountOf(quantity));
  }
  return sum;
}

function windowOf({ window }: PodMetricsObject): Millis {
  return Number.parseFloat(window) * second;
}
