// taint-eviction-controller: deletes Pods from nodes whose NoExecute taints they don't tolerate, or no
// longer. Source: kubernetes v1.34 pkg/controller/tainteviction/taint_eviction.go
import { Node } from "../../api/kinds/node.ts";
import { isTerminal, Pod as PodKind } from "../../api/kinds/pod/kind.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import type { Pod, Taint, Toleration } from "../../api/types.ts";
import { formatTime, type Instant, parseTime, second } from "../../base/time.ts";
import { replaceCondition } from "./conditions.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "./controller.ts";
import { podsOnNode } from "./podIndexes.ts";

/** When a Pod has to go: "now", at an instant, or never. */
export type EvictionTime = Instant | "now" | "never";

export const taintEviction: ControllerFactory = () => {
  /** Evictions that are planned, by Pod. */
  const planned = new Map<string, Instant>();
  return {
    name: "taint-eviction-controller",
    account: "node-controller",
    eventSource: "taint-eviction-controller",
    triggers: [
      trigger(PodKind, ({ old, now }) => [keyOf((now ?? old) as Pod)]),
      trigger(Node, ({ old, now }, { cache }) => {
        const before = JSON.stringify(noExecuteTaints(old?.spec.taints));
        if (!now || before === JSON.stringify(noExecuteTaints(now.spec.taints))) return [];
        return podsOnNode(cache(PodKind), now.metadata.name).map(keyOf);
      }),
    ],
    reconcile(key, context) {
      const pod = context.cache(PodKind).get(key);
      const id = keyText(key);
      if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp !== undefined || isTerminal(pod)) {
        planned.delete(id);
        return undefined;
      }
      const node = context.cache(Node).get({ namespace: "", name: pod.spec.nodeName });
      const taints = noExecuteTaints(node?.spec.taints);
      const due = evictionTime(taints, pod.spec.tolerations, context.now());
      if (due === "never") {
        if (planned.delete(id)) cancel(pod, context);
        return undefined;
      }
      const at = due === "now" ? context.now() : Math.min(due, planned.get(id) ?? due);
      if (at <= context.now()) {
        planned.delete(id);
        evict(pod, key, context);
        return undefined;
      }
      planned.set(id, at);
      return { retryAfterMs: at - context.now() };
    },
  };
};

/**
 * The tolerations that match all taints decide by the shortest of their times, which runs from when the
 * taint was added. A taint that none matches means "now".
 */
export function evictionTime(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] = [],
  now: Instant,
): EvictionTime {
  if (taints.length === 0) return "never";
  const used: Toleration[] = [];
  for (const taint of taints) {
    const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (matching.length === 0) return "now";
    used.push(...matching);
  }
  const seconds = used.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  if (seconds.length === 0) return "never";
  const shortest = Math.min(...seconds);
  if (shortest <= 0) return "now";
  const added = taints.map(({ timeAdded }) => parseTime(timeAdded ?? "") ?? now);
  return Math.min(...added) + shortest * second;
}

function tolerates(
  { key, operator = "Equal", value = "", effect }: Toleration,
  taint: Taint,
): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === "Exists" || (key !== undefined && value === (taint.value ?? ""));
}

function noExecuteTaints(taints: readonly Taint[] = []): readonly Taint[] {
  return taints.filter(({ effect }) => effect === "NoExecute");
}

function evict(pod: Pod, key: ObjectKey, { client, events, now }: ControllerContext): void {
  events.record(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${keyText(key)}`);
  const conditions = replaceCondition(pod.status?.conditions, {
    type: "DisruptionTarget",
    status: "True",
    reason: "DeletionByTaintManager",
    message: "Taint manager: deleting due to NoExecute taint",
    lastTransitionTime: formatTime(now()),
  });
  client.patch(PodKind, key, { status: { conditions } }, { subresource: "status" });
  client.delete(PodKind, key);
}

function cancel(pod: Pod, { events }: ControllerContext): void {
  const message = `Cancelling deletion of Pod ${keyText(keyOf(pod))}`;
  events.record(pod, "Normal", "TaintManagerEviction", message);
}
