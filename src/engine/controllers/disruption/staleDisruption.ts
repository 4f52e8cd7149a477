// A Pod that was to be disrupted and then wasn't is told so. Source: pkg/controller/disruption
// syncStalePodDisruption, kubernetes v1.34.
import { isTerminal, Pod } from "../../../api/kinds/pod/kind.ts";
import type { ObjectKey } from "../../../api/object.ts";
import type { PodCondition, Pod as PodObject } from "../../../api/types.ts";
import { formatTime, type Instant, type Millis, parseTime } from "../../../base/time.ts";
import { staleDisruptionMs } from "../../limits.ts";
import { replaceCondition } from "../conditions.ts";
import type { ControllerContext } from "../controller.ts";
import { podCondition } from "../podAvailability.ts";

/** How long until the announcement is stale; undefined for a Pod that goes, or was never to go. */
export function untilStale(pod: PodObject, now: Instant): Millis | undefined {
  const condition = podCondition(pod, "DisruptionTarget");
  if (condition?.status !== "True" || condition.reason === "TerminationByKubelet") return undefined;
  if (pod.metadata.deletionTimestamp !== undefined || isTerminal(pod)) return undefined;
  const since = parseTime(condition.lastTransitionTime ?? "") ?? now;
  return Math.max(0, since + staleDisruptionMs - now);
}

/** @throws ApiError what the server refuses */
export function endStaleDisruption(key: ObjectKey, context: ControllerContext): Millis | undefined {
  const pod = context.cache(Pod).get(key);
  const wait = pod && untilStale(pod, context.now());
  if (!pod || wait === undefined) return undefined;
  if (wait > 0) return wait;
  const ended: PodCondition = {
    type: "DisruptionTarget",
    status: "False",
    lastTransitionTime: formatTime(context.now()),
  };
  const conditions = replaceCondition(pod.status?.conditions, ended);
  context.client.patch(Pod, key, { status: { conditions } }, { subresource: "status" });
  return undefined;
}
