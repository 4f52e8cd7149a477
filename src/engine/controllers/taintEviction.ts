// taint-eviction-controller: deletes Pods that don't bear their node's NoExecute taints, or no longer.
// Source: pkg/controller/tainteviction/taint_eviction.go, kubernetes v1.34.
import { dequal } from "dequal";
import { Node } from "../../api/kinds/node.ts";
import { Pod } from "../../api/kinds/pod/kind.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import { hasReason } from "../../api/status.ts";
import type { Node as NodeObject, Pod as PodObject, Taint } from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import type { Change } from "../localInformer.ts";
import {
  type Controller,
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "./controller.ts";
import { withDisruptionTarget } from "./disruptionTarget.ts";
import { podsOnNode } from "./podIndexes.ts";
import { toleratedFor } from "./tolerations.ts";

export const taintEviction: ControllerFactory = () => new TaintEviction();

const why = {
  reason: "DeletionByTaintManager",
  message: "Taint manager: deleting due to NoExecute taint",
};

interface Eviction {
  readonly since: Instant;
  readonly due: Instant;
  isDone: boolean;
}

class TaintEviction implements Controller {
  readonly name = "taint-eviction-controller";
  readonly account = "node-controller";
  readonly triggers = [
    trigger(Node, (change) => this.nodeChanged(change)),
    trigger(Pod, (change) => this.podChanged(change)),
  ];
  /** Deletions to come and those done, by Pod; until the Pod is gone none is done twice. */
  private readonly evictions = new Map<string, Eviction>();
  /** The nodes with NoExecute taints, as they were last looked at. */
  private readonly tainted = new Map<string, readonly Taint[]>();

  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    if (key.namespace === "") this.syncNode(key, context);
    else return this.syncPod(key, context);
    return undefined;
  }

  private nodeChanged({ old, now }: Change<NodeObject>): readonly ObjectKey[] {
    const [before, after] = [old, now].map((node) => node && noExecuteTaints(node));
    if (old && now && dequal(before, after)) return [];
    return [keyOf((now ?? old) as NodeObject)];
  }

  private podChanged({ old, now }: Change<PodObject>): readonly ObjectKey[] {
    const isSame =
      old?.spec.nodeName === now?.spec.nodeName &&
      dequal(old?.spec.tolerations, now?.spec.tolerations);
    return old && now && isSame ? [] : [keyOf((now ?? old) as PodObject)];
  }

  private syncNode(key: ObjectKey, context: ControllerContext): void {
    const node = context.cache(Node).get(key);
    const taints = node ? noExecuteTaints(node) : [];
    if (taints.length === 0) this.tainted.delete(key.name);
    else this.tainted.set(key.name, taints);
    if (!node) return;
    for (const pod of podsOnNode(context.cache(Pod), key.name))
      if (taints.length === 0) this.cancel(keyOf(pod), context);
      else this.plan(pod, taints, context);
  }

  private syncPod(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    const pod = context.cache(Pod).get(key);
    if (!pod) {
      this.cancel(key, context);
      return undefined;
    }
    const taints = this.tainted.get(pod.spec.nodeName ?? "");
    const planned = this.evictions.get(keyText(key));
    if (planned && !planned.isDone && planned.due <= context.now()) this.evict(key, context);
    else if (taints) this.plan(pod, taints, context);
    return undefined;
  }

  /** Sets the time of the Pod's deletion; one that is planned for sooner stays. */
  private plan(pod: PodObject, taints: readonly Taint[], context: ControllerContext): void {
    const key = keyOf(pod);
    const now = context.now();
    const wait = toleratedFor(taints, pod.spec.tolerations);
    if (wait === Number.POSITIVE_INFINITY) {
      this.cancel(key, context);
      return;
    }
    const planned = this.evictions.get(keyText(key));
    if (planned?.isDone) return;
    if (planned && wait > 0 && planned.since < now) return;
    if (planned) this.cancel(key, context);
    const due = now + wait;
    const since = planned && wait > 0 ? planned.since : now;
    this.evictions.set(keyText(key), { since, due, isDone: false });
    if (wait === 0) this.evict(key, context);
    else context.enqueue(key, wait);
  }

  private cancel(key: ObjectKey, { events }: ControllerContext): void {
    const planned = this.evictions.get(keyText(key));
    this.evictions.delete(keyText(key));
    if (planned && !planned.isDone) {
      const message = `Cancelling deletion of Pod ${keyText(key)}`;
      events.record(podReference(key), "Normal", "TaintManagerEviction", message);
    }
  }

  private evict(key: ObjectKey, context: ControllerContext): void {
    const planned = this.evictions.get(keyText(key));
    const message = `Marking for deletion Pod ${keyText(key)}`;
    context.events.record(podReference(key), "Normal", "TaintManagerEviction", message);
    try {
      const { client } = context;
      const conditions = withDisruptionTarget(client.get(Pod, key), why, context.now());
      if (conditions) client.patch(Pod, key, { status: { conditions } }, { subresource: "status" });
      client.delete(Pod, key);
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
    if (planned) planned.isDone = true;
  }
}

function noExecuteTaints({ spec }: NodeObject): readonly Taint[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

/** The real one names the Pod without its uid, too. */
function podReference({ namespace, name }: ObjectKey) {
  return { apiVersion: Pod.apiVersion, kind: Pod.gvk.kind, metadata: { namespace, name } };
}
