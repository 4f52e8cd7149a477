// What a DaemonSet reports: nodes that should have a Pod and those that have one.
// Source: pkg/controller/daemon updateDaemonSetStatus and storeDaemonSetStatus, kubernetes v1.34.
import { dequal } from "dequal";
import { DaemonSet } from "../../../api/kinds/daemonSet.ts";
import { isPodReady } from "../../../api/kinds/pod/kind.ts";
import { keyOf } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type { DaemonSet as DaemonSetObject, DaemonSetStatus, Pod } from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { isPodAvailable } from "../podAvailability.ts";
import { counted } from "../replicaStatus.ts";
import { isOfRevision } from "./daemonPods.ts";
import { nodeFit } from "./nodeFit.ts";
import type { DaemonState } from "./rollingUpdate.ts";

/** @param isCurrent false while the spec of this generation has not been acted on */
export function daemonStatus(state: DaemonState, isCurrent: boolean): DaemonSetStatus {
  const { set, nodes, pods, hash, now } = state;
  const fits = nodes.map((node) => ({
    shouldRun: nodeFit(set, node).shouldRun,
    pod: pods.get(node.metadata.name)?.[0],
  }));
  const wanted = fits.filter(({ shouldRun }) => shouldRun);
  const shown = wanted.flatMap(({ pod }) => pod ?? []);
  const isAvailable = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  const numberAvailable = shown.filter(isAvailable).length;
  const { observedGeneration, collisionCount, conditions } = set.status ?? {};
  const generation = isCurrent ? set.metadata.generation : observedGeneration;
  return {
    currentNumberScheduled: shown.length,
    numberMisscheduled: fits.filter(({ shouldRun, pod }) => !shouldRun && pod).length,
    desiredNumberScheduled: wanted.length,
    numberReady: shown.filter(isPodReady).length,
    ...counted({
      observedGeneration: generation ?? 0,
      updatedNumberScheduled: shown.filter((pod) => isOfRevision(pod, hash)).length,
      numberAvailable,
      numberUnavailable: wanted.length - numberAvailable,
    }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions ? { conditions } : {}),
  };
}

/** Writes the status if it changed; a conflict is tried once more against the newest state. */
export function writeStatus(
  set: DaemonSetObject,
  status: DaemonSetStatus,
  { client }: ControllerContext,
): void {
  if (dequal(status, set.status)) return;
  try {
    client.updateStatus(DaemonSet, { ...set, status });
  } catch (error) {
    if (!hasReason(error, "Conflict")) throw error;
    client.updateStatus(DaemonSet, { ...client.get(DaemonSet, keyOf(set)), status });
  }
}
