// What a StatefulSet reports: its Pods by how far they are and by their revision.
// Source: pkg/controller/statefulset/stateful_set_control.go updateStatus, kubernetes v1.34.
import { dequal } from "dequal";
import { StatefulSet } from "../../../api/kinds/statefulSet.ts";
import { keyOf } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type {
  Pod,
  StatefulSet as StatefulSetObject,
  StatefulSetStatus,
} from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { Instant } from "../../../base/time.ts";
import type { ControllerContext } from "../controller.ts";
import { isPodAvailable } from "../podAvailability.ts";
import { replicasOf } from "./ordinals.ts";
import { isCreated, isGoing, isRunningAndReady, revisionOf } from "./podStates.ts";
import type { SetRevisions } from "./setRevisions.ts";

export function setStatus(
  set: StatefulSetObject,
  { current, update, collisions }: SetRevisions,
  pods: readonly Pod[],
  now: Instant,
): Draft<StatefulSetStatus> {
  const count = (holds: (pod: Pod) => boolean): number => pods.filter(holds).length;
  const isOf = (revision: string) => (pod: Pod) =>
    isCreated(pod) && !isGoing(pod) && revisionOf(pod) === revision;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: count(isCreated),
    readyReplicas: count(isRunningAndReady),
    availableReplicas: count(
      (pod) => isRunningAndReady(pod) && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now),
    ),
    currentReplicas: count(isOf(current.metadata.name)),
    updatedReplicas: count(isOf(update.metadata.name)),
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: collisions,
  };
}

const observed = [
  "observedGeneration",
  "replicas",
  "currentReplicas",
  "readyReplicas",
  "updatedReplicas",
  "currentRevision",
  "availableReplicas",
  "updateRevision",
] as const;

/** Writes the status if it says anything new; a conflict is tried once more against the newest state. */
export function writeStatus(
  set: StatefulSetObject,
  status: Draft<StatefulSetStatus>,
  { client }: ControllerContext,
): void {
  completeUpdate(set, status);
  const before = set.status ?? { replicas: 0 };
  if (observed.every((field) => dequal(status[field] || 0, before[field] || 0))) return;
  const next = withoutZeros(status);
  try {
    client.updateStatus(StatefulSet, { ...set, status: next });
  } catch (error) {
    if (!hasReason(error, "Conflict")) throw error;
    client.updateStatus(StatefulSet, { ...client.get(StatefulSet, keyOf(set)), status: next });
  }
}

/** Once all Pods are of the new revision, it is the current one. Source: completeRollingUpdate. */
function completeUpdate(set: StatefulSetObject, status: Draft<StatefulSetStatus>): void {
  const replicas = replicasOf(set);
  const isDone =
    set.spec.updateStrategy?.type === "RollingUpdate" &&
    status.updatedReplicas === replicas &&
    status.readyReplicas === replicas &&
    status.replicas === replicas;
  if (!isDone) return;
  status.currentReplicas = replicas;
  if (status.updateRevision !== undefined) status.currentRevision = status.updateRevision;
}

const omittedWhenZero = ["readyReplicas", "currentReplicas", "updatedReplicas"];

function withoutZeros(status: Draft<StatefulSetStatus>): StatefulSetStatus {
  const fields = Object.entries(status).filter(
    ([field, value]) => value !== 0 || !omittedWhenZero.includes(field),
  );
  return { replicas: status.replicas, ...Object.fromEntries(fields) };
}
