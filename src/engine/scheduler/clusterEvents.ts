// Which changes of the cluster may let a rejected Pod through: from informers' changes to the events
// that plugins name. Source: kubernetes v1.34 pkg/scheduler/framework/events.go, eventhandlers.go
import { dequal } from "dequal";
import { isTerminal } from "../../api/kinds/pod/kind.ts";
import type { Node, Pod } from "../../api/types.ts";
import type { ClusterEvent } from "../../scheduler/framework.ts";
import type { Change } from "../localInformer.ts";

export function nodeEvents({ old, now }: Change<Node>): readonly ClusterEvent[] {
  if (!now) return ["Node/Delete"];
  if (!old) return ["Node/Add"];
  const events: ClusterEvent[] = [];
  if (!dequal(old.status?.allocatable, now.status?.allocatable))
    events.push("Node/UpdateAllocatable");
  if (!dequal(old.metadata.labels, now.metadata.labels)) events.push("Node/UpdateLabel");
  const taints = ({ spec }: Node): unknown => [spec?.taints ?? [], spec?.unschedulable ?? false];
  if (!dequal(taints(old), taints(now))) events.push("Node/UpdateTaint");
  return events;
}

/** What a change of a Pod that has a node, or had one, means for those that wait. */
export function assignedPodEvents({ old, now }: Change<Pod>): readonly ClusterEvent[] {
  const was = old !== undefined && holdsNode(old);
  const is = now !== undefined && holdsNode(now);
  if (!was && is) return ["AssignedPod/Add"];
  if (was && !is) return ["AssignedPod/Delete"];
  if (!was || !is) return [];
  const events: ClusterEvent[] = [];
  if (!dequal(old.metadata.labels, now.metadata.labels)) events.push("AssignedPod/UpdateLabel");
  if (!dequal(requestsOf(old), requestsOf(now))) events.push("AssignedPod/ScaleDown");
  return events;
}

/** What a change of a waiting Pod itself means for it. */
export function waitingPodEvents(old: Pod, now: Pod): readonly ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (!dequal(old.metadata.labels, now.metadata.labels)) events.push("Pod/UpdateLabel");
  if (!dequal(old.spec.tolerations, now.spec.tolerations)) events.push("Pod/UpdateToleration");
  if (!dequal(requestsOf(old), requestsOf(now))) events.push("Pod/ScaleDown");
  if (old.spec.schedulingGates?.length && !now.spec.schedulingGates?.length)
    events.push("Pod/EliminateSchedulingGates");
  return events;
}

function holdsNode(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) && !isTerminal(pod);
}

function requestsOf({ spec }: Pod): unknown {
  return spec.containers.map(({ resources }) => resources?.requests);
}
