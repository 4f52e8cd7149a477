// A Deployment's status: the sums over its ReplicaSets, and how the rollout goes.
// Source: pkg/controller/deployment/{sync,progress}.go, 1.34.
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { findCondition } from "../conditions.ts";
import { counted } from "../replicaStatus.ts";
import {
  deadlineAt,
  makeCondition,
  progressDeadline,
  progressing,
  removeCondition,
  setCondition,
} from "./conditions.ts";
import { desiredReplicas, fenceposts } from "./fenceposts.ts";
import { allSets, type Revisions, sum, totalSize } from "./replicaSets.ts";

/** The counts and the Available condition. */
export function deploymentStatus(
  deployment: Deployment,
  revisions: Revisions,
  now: Instant,
): DeploymentStatus {
  const sets = allSets(revisions);
  const available = sum(sets, ({ status }) => status?.availableReplicas);
  const { collisionCount, conditions } = deployment.status ?? {};
  const status: DeploymentStatus = {
    ...counted({
      replicas: sum(sets, ({ status: counts }) => counts?.replicas),
      updatedReplicas: revisions.current?.status?.replicas ?? 0,
      readyReplicas: sum(sets, ({ status: counts }) => counts?.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, totalSize(sets) - available),
    }),
    observedGeneration: deployment.metadata.generation ?? 0,
    ...(collisionCount === undefined ? {} : { collisionCount }),
    ...(conditions ? { conditions } : {}),
  };
  const enough = desiredReplicas(deployment) - fenceposts(deployment).maxUnavailable;
  return setCondition(
    status,
    available >= enough
      ? makeCondition(
          "Available",
          "True",
          "MinimumReplicasAvailable",
          "Deployment has minimum availability.",
          now,
        )
      : makeCondition(
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.",
          now,
        ),
  );
}

/** The same during a rollout: with the Progressing and ReplicaFailure conditions. */
export function rolloutStatus(
  deployment: Deployment,
  revisions: Revisions,
  now: Instant,
): DeploymentStatus {
  const status = withProgress(
    deployment,
    revisions.current,
    deploymentStatus(deployment, revisions, now),
    now,
  );
  const failure = replicaFailure(revisions);
  return failure ? setCondition(status, failure) : removeCondition(status, "ReplicaFailure");
}

/** True once all replicas are of the current template and available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** True if the counts moved in the rollout's direction. */
export function makesProgress(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldReplicas = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number =>
    replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldReplicas(after) < oldReplicas(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** True if the rollout has made no progress for longer than its deadline. */
export function isTimedOut(deployment: Deployment, now: Instant): boolean {
  const reason = progressing(deployment)?.reason;
  if (reason === undefined || reason === "NewReplicaSetAvailable") return false;
  if (reason === "ProgressDeadlineExceeded") return true;
  const deadline = deadlineAt(deployment);
  return deadline !== undefined && deadline < now;
}

function withProgress(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  status: DeploymentStatus,
  now: Instant,
): DeploymentStatus {
  if (progressDeadline(deployment) === undefined) return removeCondition(status, "Progressing");
  const known = progressing(deployment);
  const isLongComplete =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) &&
    known?.reason === "NewReplicaSetAvailable";
  if (isLongComplete) return status;
  const subject = current
    ? `ReplicaSet ${JSON.stringify(current.metadata.name)}`
    : `Deployment ${JSON.stringify(deployment.metadata.name)}`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return setCondition(
      status,
      makeCondition("Progressing", "True", "NewReplicaSetAvailable", message, now),
    );
  }
  if (makesProgress(deployment.status ?? {}, status)) {
    const message = `${subject} is progressing.`;
    const condition = makeCondition("Progressing", "True", "ReplicaSetUpdated", message, now);
    return setCondition(removeCondition(status, "Progressing"), sinceKnown(condition, known));
  }
  if (isTimedOut(deployment, now)) {
    const message = `${subject} has timed out progressing.`;
    return setCondition(
      status,
      makeCondition("Progressing", "False", "ProgressDeadlineExceeded", message, now),
    );
  }
  return status;
}

/** Progress is news even if status and reason stay: the update time moves, the transition's doesn't. */
function sinceKnown(
  condition: DeploymentCondition,
  known: DeploymentCondition | undefined,
): DeploymentCondition {
  return known?.status === "True" && known.lastTransitionTime !== undefined
    ? { ...condition, lastTransitionTime: known.lastTransitionTime }
    : condition;
}

/** The first ReplicaFailure of a set, the current one's before all others. */
function replicaFailure(revisions: Revisions): DeploymentCondition | undefined {
  const sets = revisions.current ? [revisions.current, ...revisions.old] : revisions.old;
  for (const { status } of sets) {
    const failure = findCondition(status?.conditions, "ReplicaFailure");
    if (!failure) continue;
    const { lastTransitionTime } = failure;
    return {
      ...failure,
      ...(lastTransitionTime === undefined ? {} : { lastUpdateTime: lastTransitionTime }),
    };
  }
  return undefined;
}
