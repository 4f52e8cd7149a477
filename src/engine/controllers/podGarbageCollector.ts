// pod-garbage-collector-controller: removes Pods that no kubelet will ever remove.
// Source: pkg/controller/podgc/gc_controller.go, kubernetes v1.34.
import { isReady, Node } from "../../api/kinds/node.ts";
import { isTerminal, Pod } from "../../api/kinds/pod/kind.ts";
import { keyOf } from "../../api/object.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import type { Node as NodeObject, Pod as PodObject } from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import { podGcPeriodMs, podGcQuarantineMs, terminatedPodThreshold } from "../limits.ts";
import type { Lister } from "../localInformer.ts";
import type { ControllerContext, ControllerFactory } from "./controller.ts";
import { withDisruptionTarget } from "./disruptionTarget.ts";

const outOfServiceTaint = "node.kubernetes.io/out-of-service";

export const podGarbageCollector: ControllerFactory = () => {
  /** When a node was first missed; its Pods are spared until it has been missed for a while. */
  const missedSince = new Map<string, Instant>();
  return {
    name: "pod-garbage-collector-controller",
    account: "pod-garbage-collector",
    triggers: [],
    reads: [Pod, Node],
    periodMs: podGcPeriodMs,
    reconcile(_key, context) {
      const nodes = context.cache(Node);
      const pods = context.cache(Pod).list();
      for (const pod of surplus(pods, terminatedPodThreshold)) collect(context, pod);
      for (const pod of pods.filter((pod) => isOutOfService(pod, nodes))) collect(context, pod);
      const gone = goneNodes(pods, missedSince, context);
      for (const pod of pods)
        if (gone.has(pod.spec.nodeName ?? ""))
          collect(context, pod, { reason: "DeletionByPodGC", message: nodeGone });
      for (const pod of pods) if (isTerminating(pod) && !pod.spec.nodeName) collect(context, pod);
      return undefined;
    },
  };
};

const nodeGone = "PodGC: node no longer exists";

/** The ended Pods beyond the threshold: evicted ones first, then the oldest. */
export function surplus(pods: readonly PodObject[], threshold: number): readonly PodObject[] {
  const ended = pods.filter(isTerminal);
  if (ended.length <= threshold) return [];
  return [...ended].sort(evictedAndOldestFirst).slice(0, ended.length - threshold);
}

function evictedAndOldestFirst(a: PodObject, b: PodObject): number {
  const wasEvicted = ({ status }: PodObject): number =>
    Number(status?.phase === "Failed" && status.reason === "Evicted");
  const age = ({ metadata }: PodObject): string =>
    `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  return wasEvicted(b) - wasEvicted(a) || (age(a) < age(b) ? -1 : 1);
}

function isTerminating({ metadata }: PodObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Terminating on a node that an administrator declared dead. */
function isOutOfService(pod: PodObject, nodes: Lister<NodeObject>): boolean {
  if (!isTerminating(pod) || !pod.spec.nodeName) return false;
  const node = nodes.get({ namespace: "", name: pod.spec.nodeName });
  if (!node || isReady(node)) return false;
  return node.spec?.taints?.some(({ key }) => key === outOfServiceTaint) ?? false;
}

/** The nodes that Pods name and that have been missing for the whole quarantine. */
function goneNodes(
  pods: readonly PodObject[],
  missedSince: Map<string, Instant>,
  { cache, client, now }: ControllerContext,
): ReadonlySet<string> {
  const nodes = cache(Node);
  const named = new Set(pods.flatMap(({ spec }) => (spec.nodeName ? [spec.nodeName] : [])));
  const missing = [...named].filter((name) => !nodes.get({ namespace: "", name }));
  for (const name of [...missedSince.keys()]) if (!missing.includes(name)) missedSince.delete(name);
  for (const name of missing) if (!missedSince.has(name)) missedSince.set(name, now());
  const isGone = (name: string): boolean => {
    if (now() - (missedSince.get(name) ?? now()) < podGcQuarantineMs) return false;
    try {
      client.get(Node, { namespace: "", name });
      return false;
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
      return true;
    }
  };
  return new Set(missing.filter(isGone));
}

/** Marks the Pod as failed, for nobody else will, and removes it at once. */
function collect(
  context: ControllerContext,
  pod: PodObject,
  why?: { readonly reason: string; readonly message: string },
): void {
  const key = keyOf(pod);
  try {
    if (!isTerminal(pod)) {
      const conditions = why && withDisruptionTarget(pod, why, context.now());
      const status = { phase: "Failed", ...(conditions ? { conditions } : {}) };
      context.client.patch(Pod, key, { status }, { subresource: "status" });
    }
    context.client.delete(Pod, key, { gracePeriodSeconds: 0 });
  } catch (error) {
    // The next round tries again; one Pod must not keep the others.
    if (!(error instanceof ApiError)) throw error;
  }
}
