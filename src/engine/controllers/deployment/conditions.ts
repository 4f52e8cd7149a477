// A Deployment's conditions, in its controller's words.
// Source: pkg/controller/deployment/util SetDeploymentCondition, 1.34.
import type { Deployment, DeploymentCondition, DeploymentStatus } from "../../../api/types.ts";
import { formatTime, type Instant, parseTime, second } from "../../../base/time.ts";
import { findCondition, withoutCondition } from "../conditions.ts";

export type Reason =
  | "MinimumReplicasAvailable"
  | "MinimumReplicasUnavailable"
  | "ReplicaSetUpdated"
  | "ReplicaSetCreateError"
  | "NewReplicaSetCreated"
  | "FoundNewReplicaSet"
  | "NewReplicaSetAvailable"
  | "ProgressDeadlineExceeded"
  | "DeploymentPaused"
  | "DeploymentResumed";

const noDeadline = 2 ** 31 - 1;

export function makeCondition(
  type: "Available" | "Progressing",
  status: "True" | "False" | "Unknown",
  reason: Reason,
  message: string,
  now: Instant,
): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, reason, message, lastUpdateTime: time, lastTransitionTime: time };
}

export function pauseCondition(isPaused: boolean, now: Instant): DeploymentCondition {
  return isPaused
    ? makeCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now)
    : makeCondition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now);
}

/** A condition of the same status and reason stays as it is; a new one goes to the end. */
export function setCondition(
  status: DeploymentStatus,
  condition: DeploymentCondition,
): DeploymentStatus {
  const known = findCondition(status.conditions, condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return status;
  const { lastTransitionTime } = known?.status === condition.status ? known : condition;
  const entry = { ...condition, ...(lastTransitionTime ? { lastTransitionTime } : {}) };
  const others = withoutCondition(status.conditions, condition.type);
  return { ...status, conditions: [...others, entry] };
}

export function removeCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  if (!findCondition(status.conditions, type)) return status;
  return { ...status, conditions: withoutCondition(status.conditions, type) };
}

export function progressing(deployment: Deployment): DeploymentCondition | undefined {
  return findCondition(deployment.status?.conditions, "Progressing");
}

/** Seconds; undefined if progress isn't watched. */
export function progressDeadline({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds = 600 } = spec;
  return progressDeadlineSeconds === noDeadline ? undefined : progressDeadlineSeconds;
}

/** When the rollout counts as stuck, if it makes no progress until then. */
export function deadlineAt(deployment: Deployment): Instant | undefined {
  const deadline = progressDeadline(deployment);
  const from = parseTime(progressing(deployment)?.lastUpdateTime ?? "");
  return deadline === undefined || from === undefined ? undefined : from + deadline * second;
}
