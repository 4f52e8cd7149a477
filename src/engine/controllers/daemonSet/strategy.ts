// How far a DaemonSet's rolling update may go. Source: pkg/controller/daemon/util UnavailableCount and
// SurgeCount, pkg/controller/daemon updatedDesiredNodeCounts, kubernetes v1.34.
import type { DaemonSet } from "../../../api/types.ts";
import { scaled } from "../scaled.ts";

export interface DaemonLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** In nodes. @param wanted how many nodes should have a Pod */
export function daemonLimits({ spec }: DaemonSet, wanted: number): DaemonLimits {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type !== "RollingUpdate" || !rollingUpdate) return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = scaled(rollingUpdate.maxSurge ?? 0, wanted, Math.ceil);
  const maxUnavailable = scaled(rollingUpdate.maxUnavailable ?? 1, wanted, Math.ceil);
  // Nothing would ever move.
  const isStuck = wanted > 0 && maxSurge === 0 && maxUnavailable === 0;
  return { maxSurge, maxUnavailable: isStuck ? 1 : maxUnavailable };
}

export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  const surge = rollingUpdate?.maxSurge ?? 0;
  return type === "RollingUpdate" && surge !== 0 && surge !== "0%";
}
