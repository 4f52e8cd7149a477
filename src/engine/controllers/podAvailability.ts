// When a Pod counts as available: ready for minReadySeconds.
// Source: pkg/api/v1/pod IsPodAvailable and pkg/controller FindMinNextPodAvailabilityCheck, 1.34.
import { isPodReady } from "../../api/kinds/pod/kind.ts";
import type { Pod, PodCondition } from "../../api/types.ts";
import { type Instant, type Millis, parseTime, second } from "../../base/time.ts";

/** Since when the Pod is ready; undefined if it is not. */
export function readySince(pod: Pod): Instant | undefined {
  const ready = podCondition(pod, "Ready");
  return ready?.status === "True" ? parseTime(ready.lastTransitionTime ?? "") : undefined;
}

export function isPodAvailable(pod: Pod, minReadySeconds: number, now: Instant): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * second <= now;
}

/** How long until the next of the Pods becomes available by age alone; undefined if none will. */
export function nextAvailability(
  pods: readonly Pod[],
  minReadySeconds: number,
  now: Instant,
): Millis | undefined {
  if (minReadySeconds === 0) return undefined;
  const waits = pods.flatMap((pod) => {
    const since = readySince(pod);
    const wait = since === undefined ? 0 : since + minReadySeconds * second - now;
    return wait > 0 ? [wait] : [];
  });
  return waits.length === 0 ? undefined : Math.min(...waits);
}

export function podCondition({ status }: Pod, type: string): PodCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
