// Whether a node still gives signs of life: its status's heartbeat and its Lease. Pure.
// Source: pkg/controller/nodelifecycle tryUpdateNodeHealth, kubernetes v1.34.
import type { Lease, Node, NodeCondition } from "../../../api/types.ts";
import { formatTime, type Instant, parseTime } from "../../../base/time.ts";
import { nodeMonitorGraceMs, nodeStartupGraceMs } from "../../limits.ts";
import { findCondition, replaceCondition } from "../conditions.ts";

/** What the controller remembers of a node between two looks. */
export interface NodeHealth {
  readonly ready: NodeCondition | undefined;
  /** When the last sign of life was noticed. */
  readonly probedAt: Instant;
  readonly renewTime: string | undefined;
}

export interface Finding {
  readonly health: NodeHealth;
  /** The Ready condition as it was found. */
  readonly observed: NodeCondition;
  /** What the conditions must become, because the node has been silent for too long. */
  readonly conditions?: readonly NodeCondition[];
}

/** The controller sets these to Unknown; NetworkUnavailable belongs to someone else. */
const kubeletConditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

export function examine(
  known: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  now: Instant,
): Finding {
  const ready = findCondition(node.status?.conditions, "Ready");
  const created = node.metadata.creationTimestamp ?? formatTime(now);
  const observed = ready ?? neverReady(created);
  const health = withLease(withStatus(known, ready, parseTime(created) ?? now, now), lease, now);
  const grace = ready ? nodeMonitorGraceMs : nodeStartupGraceMs;
  // The real one asks for more than the grace period, but its rounds start a little later each time,
  // so that it finds a node silent in the very round that our exact ones call equal.
  if (now - health.probedAt < grace) return { health, observed };
  const conditions = silenced(node, created, now);
  const current = findCondition(conditions, "Ready");
  if (ready && current?.status === ready.status) return { health, observed };
  return { health: { ...health, ready: current }, observed, conditions };
}

function withStatus(
  known: NodeHealth | undefined,
  ready: NodeCondition | undefined,
  created: Instant,
  now: Instant,
): NodeHealth {
  if (!known) return { ready, probedAt: ready ? now : created, renewTime: undefined };
  const hasAppeared = (known.ready === undefined) !== (ready === undefined);
  const hasBeaten = known.ready?.lastHeartbeatTime !== ready?.lastHeartbeatTime;
  const probedAt = hasAppeared || hasBeaten ? now : known.probedAt;
  return { ...known, ready, probedAt };
}

function withLease(health: NodeHealth, lease: Lease | undefined, now: Instant): NodeHealth {
  const renewTime = lease?.spec.renewTime;
  const [before, after] = [health.renewTime, renewTime].map((text) => parseTime(text ?? ""));
  if (after === undefined || (before !== undefined && before >= after)) return health;
  return { ...health, renewTime, probedAt: now };
}

function silenced(node: Node, created: string, now: Instant): readonly NodeCondition[] {
  const lastTransitionTime = formatTime(now);
  let conditions: readonly NodeCondition[] = node.status?.conditions ?? [];
  for (const type of kubeletConditions) {
    const known = findCondition(conditions, type);
    if (known?.status === "Unknown") continue;
    const [reason, message] = known
      ? ["NodeStatusUnknown", "Kubelet stopped posting node status."]
      : ["NodeStatusNeverUpdated", "Kubelet never posted node status."];
    const unknown = { lastHeartbeatTime: created, ...known, type, status: "Unknown" };
    conditions = replaceCondition(conditions, { ...unknown, reason, message, lastTransitionTime });
  }
  return conditions;
}

/** Stands for the condition of a node whose kubelet never reported. */
function neverReady(created: string): NodeCondition {
  return {
    type: "Ready",
    status: "Unknown",
    lastHeartbeatTime: created,
    lastTransitionTime: created,
  };
}
