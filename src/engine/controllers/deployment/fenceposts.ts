// How far a rolling update may go beyond and below the number of replicas.
// Source: pkg/controller/deployment/util ResolveFenceposts, 1.34.
import type { Deployment } from "../../../api/types.ts";
import { scaled } from "../scaled.ts";

export interface Fenceposts {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** In Pods. Both 0 unless the strategy is RollingUpdate; never both 0 if it is and replicas are. */
export function fenceposts(deployment: Deployment): Fenceposts {
  const replicas = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = "25%", maxUnavailable = "25%" } =
    deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, replicas, Math.ceil);
  const unavailable = scaled(maxUnavailable, replicas, Math.floor);
  if (replicas === 0) return { maxSurge: surge, maxUnavailable: 0 };
  // Validation refuses two zeros, but percentages may round to them: then nothing would ever move.
  const atLeastOne = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge: surge, maxUnavailable: Math.min(atLeastOne, replicas) };
}

export function isRollingUpdate({ spec }: Deployment): boolean {
  return (spec.strategy?.type ?? "RollingUpdate") === "RollingUpdate";
}

export function desiredReplicas({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}
