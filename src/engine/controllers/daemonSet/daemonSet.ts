// daemonset-controller: one Pod on every node that fits.
// Source: pkg/controller/daemon/daemon_controller.go, kubernetes v1.34.
import { dequal } from "dequal";
import { ControllerRevision } from "../../../api/kinds/controllerRevision.ts";
import { DaemonSet } from "../../../api/kinds/daemonSet.ts";
import { Node } from "../../../api/kinds/node.ts";
import { isPodReady, Pod } from "../../../api/kinds/pod/kind.ts";
import { controllerOf, keyOf, keyText, type ObjectKey } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  DaemonSet as DaemonSetObject,
  Node as NodeObject,
  OwnerReference,
  Pod as PodObject,
} from "../../../api/types.ts";
import { second } from "../../../base/time.ts";
import { daemonBurst } from "../../limits.ts";
import type { Change } from "../../localInformer.ts";
import { claim } from "../claims.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";
import { Expectations } from "../expectations.ts";
import { createPod, deletePod, isNamespaceTerminating } from "../podControl.ts";
import { orphanPods, podsOfController } from "../podIndexes.ts";
import { slowStart } from "../slowStart.ts";
import { podsByNode } from "./daemonPods.ts";
import { FailedPods } from "./failedPods.ts";
import { cleanUpHistory, daemonHistory, hashOf } from "./history.ts";
import { nodeFit } from "./nodeFit.ts";
import { placement } from "./placement.ts";
import { boundTo, daemonTemplate } from "./podTemplate.ts";
import { type DaemonState, type DaemonWork, rollingUpdate } from "./rollingUpdate.ts";
import { daemonStatus, writeStatus } from "./status.ts";

export const daemonSet: ControllerFactory = () => {
  const controller = new DaemonController();
  return {
    name: "daemonset-controller",
    account: "daemon-set-controller",
    triggers: [
      trigger(DaemonSet, (change) => controller.setChanged(change)),
      trigger(Pod, (change, context) => controller.podChanged(change, context)),
      trigger(Node, nodeChanged),
    ],
    reads: [ControllerRevision],
    reconcile(key, context) {
      controller.reconcile(key, context);
      return undefined;
    },
  };
};

class DaemonController {
  private readonly expectations = new Expectations();
  private readonly failedPods = new FailedPods();

  setChanged({ old, now }: Change<DaemonSetObject>): readonly ObjectKey[] {
    const key = keyOf((now ?? old) as DaemonSetObject);
    if (!now || (old && old.metadata.uid !== now.metadata.uid))
      this.expectations.forget(keyText(key));
    return [key];
  }

  podChanged({ old, now }: Change<PodObject>, context: ControllerContext): readonly ObjectKey[] {
    if (!now || now.metadata.deletionTimestamp !== undefined)
      return this.podWent((now ?? old) as PodObject, context);
    const reference = controllerOf(now);
    const before = old && controllerOf(old);
    const left = before && !dequal(before, reference) ? ownersOf(now, before, context) : [];
    if (reference) {
      const owners = ownersOf(now, reference, context);
      for (const owner of owners) {
        if (!old) this.expectations.sawCreation(keyText(keyOf(owner)));
        else if (!isPodReady(old) && isPodReady(now)) comeBackWhenAvailable(owner, context);
      }
      return [...left, ...owners].map(keyOf);
    }
    const isNews = !old || before || !dequal(old.metadata.labels, now.metadata.labels);
    return (isNews ? [...left, ...suitorsOf(now, context)] : left).map(keyOf);
  }

  reconcile(key: ObjectKey, context: ControllerContext): void {
    const text = keyText(key);
    const set = context.cache(DaemonSet).get(key);
    if (!set) {
      this.expectations.forget(text);
      return;
    }
    if (labelSelectorOf(set.spec.selector).isEmpty) {
      const message = "This daemon set is selecting all pods. A non-empty selector is required.";
      context.events.record(set, "Warning", "SelectingAll", message);
      return;
    }
    if (set.metadata.deletionTimestamp !== undefined) return;
    this.failedPods.collect(context.now());
    const pods = claimPods(set, context);
    const { current, old } = daemonHistory(set, pods, context);
    const state = (): DaemonState => ({
      set,
      nodes: context.cache(Node).list(),
      pods: podsByNode(claimPods(set, context)),
      hash: hashOf(current),
      now: context.now(),
    });
    if (!this.expectations.areMet(text, context.now())) {
      report(state(), false, context);
      return;
    }
    const failure = attempt(() => {
      this.update(text, state(), context);
      cleanUpHistory(set, old, pods, context);
    });
    report(state(), true, context);
    if (failure) throw failure;
  }

  /** Brings Pods to the nodes first, then to the current revision. */
  private update(key: string, state: DaemonState, context: ControllerContext): void {
    const work = placement(state, (pod, node) => this.mayReplace(pod, node, state, context));
    this.work(key, state, work, context);
    const isRolling = state.set.spec.updateStrategy?.type === "RollingUpdate";
    if (isRolling && this.expectations.areMet(key, context.now()))
      this.work(key, state, rollingUpdate(state), context);
  }

  /** A Pod that has ended is told of and goes; one that failed again soon lies for a while. */
  private mayReplace(
    { metadata, status }: PodObject,
    node: string,
    { set, now }: DaemonState,
    context: ControllerContext,
  ): boolean {
    const pod = `${metadata.namespace}/${metadata.name} on node ${node}`;
    if (status?.phase === "Succeeded") {
      const message = `Found succeeded daemon pod ${pod}, will try to delete it`;
      context.events.record(set, "Normal", "SucceededDaemonPod", message);
      return true;
    }
    const backoffKey = `${set.metadata.uid}/${set.metadata.generation}/${node}`;
    const wait = this.failedPods.waitFor(backoffKey, now);
    if (wait > 0) {
      context.enqueue(keyOf(set), wait);
      return false;
    }
    this.failedPods.replaced(backoffKey, now);
    const message = `Found failed daemon pod ${pod}, will try to kill it`;
    context.events.record(set, "Warning", "FailedDaemonPod", message);
    return true;
  }

  /** Creates and deletes, at most a burst of each. @throws ApiError the first refusal */
  private work(
    key: string,
    { set, hash }: DaemonState,
    { create, delete: doomed }: DaemonWork,
    context: ControllerContext,
  ): void {
    const nodes = create.slice(0, daemonBurst);
    const pods = doomed.slice(0, daemonBurst);
    this.expectations.expect(key, nodes.length, pods.map(podKey), context.now());
    const template = daemonTemplate(set, hash);
    const left = nodes.values();
    const { successes, failure: refused } = slowStart(nodes.length, () => {
      const error = createPod(context, set, boundTo(template, left.next().value ?? ""));
      return error && isNamespaceTerminating(error) ? undefined : error;
    });
    for (let skipped = nodes.length - successes; skipped > 0; skipped--)
      this.expectations.sawCreation(key);
    let failure = refused;
    for (const pod of pods) {
      const error = deletePod(context, set, pod);
      if (error) this.expectations.sawDeletion(key, podKey(pod));
      if (error && error.reason !== "NotFound") failure ??= error;
    }
    if (failure) throw failure;
  }

  private podWent(pod: PodObject, context: ControllerContext): readonly ObjectKey[] {
    const reference = controllerOf(pod);
    const owners = reference ? ownersOf(pod, reference, context) : [];
    for (const owner of owners) this.expectations.sawDeletion(keyText(keyOf(owner)), podKey(pod));
    return owners.map(keyOf);
  }
}

function report(state: DaemonState, isCurrent: boolean, context: ControllerContext): void {
  const status = daemonStatus(state, isCurrent);
  writeStatus(state.set, status, context);
  const { minReadySeconds = 0 } = state.set.spec;
  // The last defence against skewed clocks.
  if (minReadySeconds > 0 && status.numberReady !== (status.numberAvailable ?? 0))
    context.enqueue(keyOf(state.set), minReadySeconds * second);
}

function claimPods(
  set: DaemonSetObject,
  { cache, client }: ControllerContext,
): readonly PodObject[] {
  const { uid = "", namespace = "" } = set.metadata;
  const candidates = [...podsOfController(cache(Pod), uid), ...orphanPods(cache(Pod), namespace)];
  const selector = labelSelectorOf(set.spec.selector);
  return claim({ client, ownerKind: DaemonSet, owner: set, selector }, Pod, candidates);
}

/** A node wakes the sets that want a Pod there, or whose mind it changed. */
function nodeChanged(
  { old, now }: Change<NodeObject>,
  { cache }: ControllerContext,
): readonly ObjectKey[] {
  if (!now) return [];
  const isSame =
    old &&
    dequal(old.metadata.labels, now.metadata.labels) &&
    dequal(old.spec?.taints, now.spec?.taints);
  if (isSame) return [];
  return cache(DaemonSet)
    .list()
    .filter((set) => {
      const fit = nodeFit(set, now);
      return old ? !dequal(nodeFit(set, old), fit) : fit.shouldRun;
    })
    .map(keyOf);
}

function comeBackWhenAvailable(
  { metadata, spec }: DaemonSetObject,
  { enqueue }: ControllerContext,
): void {
  const { minReadySeconds = 0 } = spec;
  const key = { namespace: metadata.namespace ?? "", name: metadata.name };
  // A second more against skew.
  if (minReadySeconds > 0) enqueue(key, (minReadySeconds + 1) * second);
}

function ownersOf(
  { metadata }: PodObject,
  { kind, name, uid }: OwnerReference,
  { cache }: ControllerContext,
): readonly DaemonSetObject[] {
  if (kind !== DaemonSet.gvk.kind) return [];
  const owner = cache(DaemonSet).get({ namespace: metadata.namespace ?? "", name });
  return owner?.metadata.uid === uid ? [owner] : [];
}

function suitorsOf(
  { metadata }: PodObject,
  { cache }: ControllerContext,
): readonly DaemonSetObject[] {
  return cache(DaemonSet)
    .list(metadata.namespace ?? "")
    .filter(({ spec }) => labelSelectorOf(spec.selector).matches(metadata.labels));
}

function attempt(act: () => void): ApiError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function podKey(pod: PodObject): string {
  return keyText(keyOf(pod));
}
