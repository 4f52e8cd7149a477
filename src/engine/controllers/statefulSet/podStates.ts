// How far a StatefulSet's Pod is. Source: pkg/controller/statefulset/stateful_set_utils.go, 1.34.
import { isPodReady } from "../../../api/kinds/pod/kind.ts";
import type { Pod } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { isPodAvailable } from "../podAvailability.ts";

export const revisionLabel = "controller-revision-hash";

/** A Pod that the server has: one that is still to be made has no phase. */
export function isCreated({ status }: Pod): boolean {
  return status?.phase !== undefined;
}

export function isPending({ status }: Pod): boolean {
  return status?.phase === "Pending";
}

/** Ended, well or badly: it is made again. */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Failed" || status?.phase === "Succeeded";
}

export function isGoing({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === "Running" && isPodReady(pod);
}

/** Not there for its users: the rollout waits for it. */
export function isUnavailable(pod: Pod, minReadySeconds: number, now: Instant): boolean {
  return isGoing(pod) || !isPodAvailable(pod, minReadySeconds, now) || !isRunningAndReady(pod);
}

export function revisionOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[revisionLabel];
}
