// The text of a FailedScheduling event and of the PodScheduled condition.
// Source: framework.FitError, kubernetes v1.34 pkg/scheduler/framework/types.go
import type { NodeStatuses } from "./nodeStatuses.ts";

export const noNodesMessage = "no nodes available to schedule pods";

export interface Diagnosis {
  readonly nodes: number;
  readonly statuses: NodeStatuses;
  /** Why PreFilter rejected the Pod as a whole; it stands for the reasons of the nodes then. */
  readonly preFilterMessage?: string;
  readonly postFilterMessage?: string;
}

/** "0/4 nodes are available: 1 Insufficient cpu, 3 Too many pods. preemption: ..." */
export function fitErrorText(diagnosis: Diagnosis): string {
  const { nodes, preFilterMessage, postFilterMessage } = diagnosis;
  const why = preFilterMessage ? preFilterMessage : histogram(diagnosis);
  const parts = [`0/${nodes} nodes are available:`];
  if (why !== "") parts.push(`${why}.`);
  if (postFilterMessage) parts.push(postFilterMessage);
  return parts.join(" ");
}

/** Counts and reasons sort as text, the count included: "11 …" before "2 …". */
function histogram({ nodes, statuses }: Diagnosis): string {
  return [...statuses.reasonCounts(nodes)]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort(byCodeUnit)
    .join(", ");
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
