// What kubectl drain does: no more Pods for a node, and those that are there leave, as budgets allow.
// Source: kubectl pkg/drain, 1.34, with --ignore-daemonsets --delete-emptydir-data --force.
import { Node } from "../api/kinds/node.ts";
import { Pod } from "../api/kinds/pod/kind.ts";
import { mirrorPod } from "../api/kinds/pod/validation/annotations.ts";
import { keyOf } from "../api/object.ts";
import { ApiError } from "../api/status.ts";
import type { Pod as PodObject } from "../api/types.ts";
import { type Disposable, disposable } from "../base/disposable.ts";
import { type Millis, second } from "../base/time.ts";
import type { Clock } from "./clock.ts";
import type { LocalClient } from "./localClient.ts";

/** Between two looks at what is left. Source: drain.go: evictPods sleeps as long when a budget refuses. */
const retryMs: Millis = 5 * second;

export interface DrainWorld {
  readonly clock: Clock;
  /** Of an administrator. */
  readonly client: LocalClient;
}

/** Calls `drained` once no Pod is left that can leave. @throws ApiError if the node cannot be cordoned */
export function drainNode(
  { clock, client }: DrainWorld,
  node: string,
  drained: () => void,
): Disposable {
  client.patch(Node, { namespace: "", name: node }, { spec: { unschedulable: true } });
  let waiting: Disposable | undefined;
  const look = (): void => {
    const left = evictAll(client, node);
    if (left) waiting = clock.after(retryMs, `drain ${node}`, look);
    else drained();
  };
  waiting = clock.after(0, `drain ${node}`, look);
  return disposable(() => waiting?.dispose());
}

/** @returns whether Pods are left, or the server could not be asked */
function evictAll(client: LocalClient, node: string): boolean {
  try {
    const pods = client.list(Pod, { fieldSelector: `spec.nodeName=${node}` }).items.filter(leaves);
    for (const pod of pods) if (pod.metadata.deletionTimestamp === undefined) evict(client, pod);
    return pods.length > 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return true;
  }
}

/** Pods of DaemonSets would come back at once, and mirrors show what the node runs anyway. */
function leaves({ metadata, status }: PodObject): boolean {
  const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
  const isOfDaemonSet = metadata.ownerReferences?.some(
    ({ controller, kind }) => controller && kind === "DaemonSet",
  );
  return metadata.annotations?.[mirrorPod] === undefined && (isOver || !isOfDaemonSet);
}

/** A budget that refuses is asked again later. */
function evict(client: LocalClient, pod: PodObject): void {
  const { name, namespace = "" } = pod.metadata;
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  try {
    client.createSubresource(Pod, keyOf(pod), "eviction", body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
