// Says of the Pods of a silent node that they aren't ready: their kubelet can't.
// Source: pkg/controller/util/node MarkPodsNotReady, kubernetes v1.34.
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { keyOf } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type { Pod as PodObject } from "../../../api/types.ts";
import { formatTime } from "../../../base/time.ts";
import { replaceCondition } from "../conditions.ts";
import type { ControllerContext } from "../controller.ts";
import { podCondition } from "../podAvailability.ts";

/** @returns false if it has to be tried again */
export function markPodNotReady(context: ControllerContext, pod: PodObject): boolean {
  const ready = podCondition(pod, "Ready");
  if (!ready || ready.status === "False") return true;
  const condition = {
    ...ready,
    status: "False",
    lastTransitionTime: formatTime(context.now()),
  };
  const conditions = replaceCondition(pod.status?.conditions, condition);
  try {
    context.client.updateStatus(Pod, { ...pod, status: { ...pod.status, conditions } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.reason === "NotFound" || retry(context, pod);
  }
  context.events.record(pod, "Warning", "NodeNotReady", "Node is not ready");
  return true;
}

/** The cache lagged: looks at the newest state once. */
function retry(context: ControllerContext, stale: PodObject): boolean {
  try {
    const pod = context.client.get(Pod, keyOf(stale));
    const isNewer = pod.metadata.resourceVersion !== stale.metadata.resourceVersion;
    return isNewer && markPodNotReady(context, pod);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.reason === "NotFound";
  }
}
