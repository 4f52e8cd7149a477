// Which changes of the cluster may let a rejected Pod through: from informers' changes to those that
// plugins name. Source: kubernetes v1.34 pkg/scheduler/framework/events.go, eventhandlers.go
import { dequal } from "dequal";
import { isTerminal } from "../../api/kinds/pod/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Node, Pod } from "../../api/types.ts";
import type { ClusterChange, ClusterEvent } from "../../scheduler/framework.ts";
import type { Change } from "../localInformer.ts";

export function nodeChanges(change: Change<Node>): readonly ClusterChange[] {
  const { old, now } = change;
  const as = (event: ClusterEvent): ClusterChange => ({ event, node: change });
  if (!now) return [as("Node/Delete")];
  if (!old) return [as("Node/Add")];
  const changes: ClusterChange[] = [];
  if (!dequal(old.status?.allocatable, now.status?.allocatable))
    changes.push(as("Node/UpdateAllocatable"));
  if (!dequal(old.metadata.labels, now.metadata.labels)) changes.push(as("Node/UpdateLabel"));
  const taints = ({ spec }: Node): unknown => [spec?.taints ?? [], spec?.unschedulable ?? false];
  if (!dequal(taints(old), taints(now))) changes.push(as("Node/UpdateTaint"));
  return changes;
}

/** What a change of a Pod that has a node, or had one, means for those that wait. */
export function assignedPodChanges(change: Change<Pod>): readonly ClusterChange[] {
  const { old, now } = change;
  const was = old !== undefined && holdsNode(old);
  const is = now !== undefined && holdsNode(now);
  if (!was && is) return [{ event: "AssignedPod/Add", pod: { now } }];
  if (was && !is) return [{ event: "AssignedPod/Delete", pod: { old } }];
  if (!was || !is) return [];
  const changes: ClusterChange[] = [];
  if (!dequal(old.metadata.labels, now.metadata.labels))
    changes.push({ event: "AssignedPod/UpdateLabel", pod: change });
  if (!dequal(requestsOf(old), requestsOf(now)))
    changes.push({ event: "AssignedPod/ScaleDown", pod: change });
  return changes;
}

/** What a change of a waiting Pod itself means for it. */
export function waitingPodChanges(old: Pod, now: Pod): readonly ClusterChange[] {
  const as = (event: ClusterEvent): ClusterChange => ({ event, pod: { old, now } });
  const changes: ClusterChange[] = [];
  if (!dequal(old.metadata.labels, now.metadata.labels)) changes.push(as("Pod/UpdateLabel"));
  if (!dequal(old.spec.tolerations, now.spec.tolerations)) changes.push(as("Pod/UpdateToleration"));
  if (!dequal(requestsOf(old), requestsOf(now))) changes.push(as("Pod/ScaleDown"));
  if (old.spec.schedulingGates?.length && !now.spec.schedulingGates?.length)
    changes.push(as("Pod/EliminateSchedulingGates"));
  return changes;
}

/** What a change of another object means, by the resource's name in events: "StorageClass/Add". */
export function objectChanges(
  kind: string,
  { old, now }: Change<KubeObject>,
): readonly ClusterChange[] {
  const action = old ? (now ? "Update" : "Delete") : "Add";
  return [{ event: `${kind}/${action}` as ClusterEvent }];
}

function holdsNode(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) && !isTerminal(pod);
}

function requestsOf({ spec }: Pod): unknown {
  return spec.containers.map(({ resources }) => resources?.requests);
}
