// How many replicas a metric calls for.
// Source: pkg/controller/podautoscaler/replica_calculator.go, kubernetes v1.34.
import type { Pod } from "../../../api/types.ts";
import { type Instant, type Millis, minute, parseTime, second } from "../../../base/time.ts";
import { podCondition } from "../podAvailability.ts";

/** Of one Pod, in thousandths of the resource's unit. */
export interface PodMetric {
  readonly value: number;
  readonly at: Instant;
  readonly window: Millis;
}

export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** `requests` by Pod, in thousandths, and a percentage of them; or an average value in thousandths. */
export type Target =
  | { readonly utilization: number; readonly requests: ReadonlyMap<string, number> }
  | { readonly averageValue: number };

export interface Proposal {
  readonly replicas: number;
  /** Average of the Pods, in thousandths. */
  readonly value: number;
  readonly utilization?: number;
}

export interface Measurement {
  readonly pods: readonly Pod[];
  readonly metrics: PodMetrics;
  readonly resource: string;
  readonly currentReplicas: number;
  readonly target: Target;
  readonly now: Instant;
}

/** --horizontal-pod-autoscaler-tolerance. */
const tolerance = 0.1;
/** --horizontal-pod-autoscaler-cpu-initialization-period. */
const cpuInitializationMs = 5 * minute;
/** --horizontal-pod-autoscaler-initial-readiness-delay. */
const initialReadinessMs = 30 * second;

/** @returns why no number can be told, in the controller's words */
export function proposedReplicas(measurement: Measurement): Proposal | { readonly error: string } {
  const { pods, currentReplicas, target } = measurement;
  if (pods.length === 0)
    return { error: "No pods returned by selector while calculating replica count" };
  const { ready, unready, missing, counted } = groupPods(measurement);
  if (counted.size === 0)
    return { error: "did not receive metrics for targeted pods (pods might be unready)" };
  const usage = usageOf(counted, target);
  if ("error" in usage) return usage;
  const { ratio, ...shown } = usage;
  const growsWithUnready = unready.length > 0 && ratio > 1;
  if (!growsWithUnready && missing.length === 0)
    return { replicas: isTolerable(ratio) ? currentReplicas : Math.ceil(ratio * ready), ...shown };
  const assumed = new Map(counted);
  if (ratio !== 1) for (const name of missing) assumed.set(name, assumedValue(name, ratio, target));
  if (growsWithUnready) for (const name of unready) assumed.set(name, 0);
  const cautious = usageOf(assumed, target);
  if ("error" in cautious) return cautious;
  const replicas = cautiousReplicas(ratio, cautious.ratio, assumed.size, currentReplicas);
  return { replicas, ...shown };
}

/** What is assumed must not turn a decision around. */
function cautiousReplicas(ratio: number, assumed: number, count: number, current: number): number {
  if (isTolerable(assumed) || (ratio < 1 && assumed > 1) || (ratio > 1 && assumed < 1))
    return current;
  const replicas = Math.ceil(assumed * count);
  const isContrary = (assumed < 1 && replicas > current) || (assumed > 1 && replicas < current);
  return isContrary ? current : replicas;
}

function isTolerable(ratio: number): boolean {
  return Math.abs(1 - ratio) <= tolerance;
}

/** A Pod without metrics is taken to use all when there is less to do, and nothing when more. */
function assumedValue(name: string, ratio: number, target: Target): number {
  if (ratio > 1) return 0;
  if ("averageValue" in target) return target.averageValue;
  const percent = Math.max(100, target.utilization);
  return Math.trunc(((target.requests.get(name) ?? 0) * percent) / 100);
}

function usageOf(
  metrics: ReadonlyMap<string, number>,
  target: Target,
):
  | { readonly ratio: number; readonly value: number; readonly utilization?: number }
  | { readonly error: string } {
  if ("averageValue" in target) {
    const total = [...metrics.values()].reduce((sum, value) => sum + value, 0);
    const value = Math.trunc(total / metrics.size);
    return { ratio: value / target.averageValue, value };
  }
  let [total, requested, entries] = [0, 0, 0];
  for (const [name, value] of metrics) {
    const request = target.requests.get(name);
    if (request === undefined) continue;
    total += value;
    requested += request;
    entries++;
  }
  if (requested === 0) return { error: "no metrics returned matched known pods" };
  const utilization = Math.trunc((total * 100) / requested);
  return {
    ratio: utilization / target.utilization,
    value: Math.trunc(total / entries),
    utilization,
  };
}

interface Groups {
  /** How many Pods count in full. */
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  /** Values of all but the Pods that are unready, ended or going. */
  readonly counted: ReadonlyMap<string, number>;
}

function groupPods({ pods, metrics, resource, now }: Measurement): Groups {
  const counted = new Map([...metrics].map(([name, { value }]) => [name, value]));
  const unready: string[] = [];
  const missing: string[] = [];
  let ready = 0;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const metric = metrics.get(name);
    if (deletionTimestamp !== undefined || pod.status?.phase === "Failed") counted.delete(name);
    else if (pod.status?.phase === "Pending") unready.push(name);
    else if (!metric) missing.push(name);
    else if (resource === "cpu" && isUnready(pod, metric, now)) unready.push(name);
    else ready++;
  }
  for (const name of unready) counted.delete(name);
  return { ready, unready, missing, counted };
}

/** A start costs cpu that tells nothing: until a Pod was ready for a window, it doesn't count. */
function isUnready(pod: Pod, { at, window }: PodMetric, now: Instant): boolean {
  const condition = podCondition(pod, "Ready");
  const startedAt = parseTime(pod.status?.startTime ?? "");
  if (!condition || startedAt === undefined) return true;
  const changedAt = parseTime(condition.lastTransitionTime ?? "") ?? 0;
  const isFalse = condition.status === "False";
  if (startedAt + cpuInitializationMs > now) return isFalse || at < changedAt + window;
  return isFalse && startedAt + initialReadinessMs > changedAt;
}
