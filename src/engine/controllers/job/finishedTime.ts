// When a Pod ended, by the best witness there is. Source: pkg/controller/job/backoff_utils.go, 1.34.
import type { Pod } from "../../../api/types.ts";
import { type Instant, parseTime, second } from "../../../base/time.ts";
import { podCondition } from "../podAvailability.ts";

export function finishedTime(pod: Pod): Instant {
  return (
    lastContainerEnd(pod) ??
    unreadySince(pod) ??
    deletionAskedAt(pod) ??
    parseTime(pod.metadata.creationTimestamp ?? "") ??
    0
  );
}

/** Undefined unless all containers have ended. */
function lastContainerEnd({ status }: Pod): Instant | undefined {
  const ends = (status?.containerStatuses ?? []).map(({ state }) =>
    parseTime(state?.terminated?.finishedAt ?? ""),
  );
  const known = ends.flatMap((end) => (end === undefined ? [] : [end]));
  return known.length > 0 && known.length === ends.length ? Math.max(...known) : undefined;
}

function unreadySince(pod: Pod): Instant | undefined {
  const ready = podCondition(pod, "Ready");
  return ready?.status === "False" ? parseTime(ready.lastTransitionTime ?? "") : undefined;
}

function deletionAskedAt({ metadata }: Pod): Instant | undefined {
  const deletion = parseTime(metadata.deletionTimestamp ?? "");
  return deletion === undefined
    ? undefined
    : deletion - (metadata.deletionGracePeriodSeconds ?? 0) * second;
}
