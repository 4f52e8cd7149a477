// node-lifecycle-controller: finds out that a node has gone silent, says so, and taints it.
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, kubernetes v1.34.
import { Lease, nodeLeaseNamespace } from "../../../api/kinds/lease.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { keyOf, type ObjectKey } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type { Node as NodeObject, Pod as PodObject } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { nodeEvictionPeriodMs, nodeMonitorPeriodMs } from "../../limits.ts";
import {
  type Controller,
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { podsOnNode } from "../podIndexes.ts";
import { handleDisruption } from "./disruption.ts";
import { examine, type Finding, type NodeHealth } from "./health.ts";
import { addBetaLabels } from "./labels.ts";
import { changeTaints, getNode, recordNode } from "./nodeWrites.ts";
import { markPodNotReady } from "./notReadyPods.ts";
import { hasTaint, noScheduleChange, notReadyNoExecute, unreachableNoExecute } from "./taints.ts";
import { countsForDisruption, Zone, zoneOf } from "./zones.ts";

export const nodeLifecycle: ControllerFactory = () => new NodeLifecycle();

/** The key of the pass that gives waiting nodes their NoExecute taint; no node can have the name. */
const taintingKey: ObjectKey = { namespace: "", name: "(NoExecute tainting)" };

/** Source: scheduler.NodeHealthUpdateRetry. */
const healthUpdateRetries = 5;

class NodeLifecycle implements Controller {
  readonly name = "node-lifecycle-controller";
  readonly account = "node-controller";
  readonly eventSource = "node-controller";
  readonly periodMs = nodeMonitorPeriodMs;
  readonly reads = [Lease];
  readonly triggers = [
    trigger(Node, ({ old, now }) => {
      if (!now && old) this.podRetries.delete(old.metadata.name);
      return now ? [keyOf(now)] : [];
    }),
    trigger(Pod, ({ old, now }) => {
      const isBound = now?.spec.nodeName && now.spec.nodeName !== old?.spec.nodeName;
      return isBound ? [keyOf(now)] : [];
    }),
  ];
  private readonly health = new Map<string, NodeHealth>();
  private readonly known = new Map<string, NodeObject>();
  private readonly zones = new Map<string, Zone>();
  /** Nodes whose Pods could not all be marked. */
  private readonly podRetries = new Set<string>();

  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    if (key.namespace !== "") this.syncPod(key, context);
    else if (key.name === "") this.monitor(context);
    else if (key.name === taintingKey.name) return this.taintWaiting(context);
    else this.syncNode(key, context);
    return undefined;
  }

  /** Brings NoSchedule taints and legacy labels in line with the node. */
  private syncNode(key: ObjectKey, context: ControllerContext): void {
    const node = context.cache(Node).get(key);
    if (!node) return;
    changeTaints(context, node, noScheduleChange(node));
    addBetaLabels(context.client, node);
  }

  /** A Pod that is bound to a node which isn't ready can't be ready either. */
  private syncPod(key: ObjectKey, context: ControllerContext): void {
    const pod = context.cache(Pod).get(key);
    const ready = this.health.get(pod?.spec.nodeName ?? "")?.ready;
    if (pod && ready && ready.status !== "True") markPodNotReady(context, pod);
  }

  /** One round over all nodes. */
  private monitor(context: ControllerContext): void {
    const nodes = context.cache(Node).list();
    this.noteArrivals(nodes, context);
    const readiness = new Map<string, boolean[]>();
    for (const node of nodes) {
      const finding = this.examineNode(node, context);
      if (!finding) continue;
      if (countsForDisruption(node)) {
        const list = readiness.get(zoneOf(node)) ?? [];
        list.push(finding.health.ready?.status === "True");
        readiness.set(zoneOf(node), list);
      }
      if (finding.health.ready) this.followUp(node, finding, context);
    }
    this.handleZones(nodes, readiness, context);
    if ([...this.zones.values()].some(({ hasWaiting }) => hasWaiting)) context.enqueue(taintingKey);
  }

  private noteArrivals(nodes: readonly NodeObject[], context: ControllerContext): void {
    const names = new Set(nodes.map(({ metadata }) => metadata.name));
    for (const node of nodes) {
      this.zone(node);
      const { name } = node.metadata;
      if (this.known.has(name)) continue;
      this.known.set(name, node);
      recordNode(context, node, "RegisteredNode", `Registered Node ${name} in Controller`);
      this.markReachable(node, context);
    }
    for (const [name, node] of [...this.known]) {
      if (names.has(name)) continue;
      this.known.delete(name);
      this.health.delete(name);
      for (const zone of this.zones.values()) zone.remove(name);
      recordNode(context, node, "RemovingNode", `Removing Node ${name} from Controller`);
    }
  }

  /** Looks at one node and writes its conditions if it has been silent for too long. */
  private examineNode(node: NodeObject, context: ControllerContext): Finding | undefined {
    const { name } = node.metadata;
    const lease = context.cache(Lease).get({ namespace: nodeLeaseNamespace, name });
    let latest = node;
    for (let attempt = 0; attempt < healthUpdateRetries; attempt++) {
      const finding = examine(this.health.get(name), latest, lease, context.now());
      try {
        if (finding.conditions) {
          const status = { ...latest.status, conditions: finding.conditions };
          context.client.updateStatus(Node, { ...latest, status });
        }
        this.health.set(name, finding.health);
        return finding;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const fresh = getNode(context, keyOf(node));
        if (!fresh) return undefined;
        latest = fresh;
      }
    }
    return undefined;
  }

  /** What the node's state, as it was found, means for its taints and its Pods. */
  private followUp(node: NodeObject, finding: Finding, context: ControllerContext): void {
    const { name } = node.metadata;
    const { observed, health } = finding;
    this.queueForTainting(node, observed.status, context);
    const wasReady = observed.status === "True";
    const isReady = health.ready?.status === "True";
    if (wasReady && !isReady)
      context.events.record(
        node,
        "Normal",
        "NodeNotReady",
        `Node ${name} status is now: NodeNotReady`,
      );
    const isDue = (wasReady && !isReady) || (!wasReady && this.podRetries.has(name));
    const failed = isDue && !this.markPods(name, context);
    if (failed) this.podRetries.add(name);
    else this.podRetries.delete(name);
  }

  private markPods(node: string, context: ControllerContext): boolean {
    const pods: readonly PodObject[] = podsOnNode(context.cache(Pod), node);
    return pods.map((pod) => markPodNotReady(context, pod)).every(Boolean);
  }

  /**
   * A node that was tainted for the one reason gets the taint for the other at once; a new one waits
   * for its turn in the zone.
   */
  private queueForTainting(node: NodeObject, ready: string, context: ControllerContext): void {
    if (ready === "True") {
      this.markReachable(node, context);
      return;
    }
    const [taint, opposite] =
      ready === "False"
        ? [notReadyNoExecute, unreachableNoExecute]
        : [unreachableNoExecute, notReadyNoExecute];
    const zone = this.zone(node);
    if (hasTaint(node, opposite)) changeTaints(context, node, { add: [taint], remove: [opposite] });
    else {
      if (!hasTaint(node, taint)) zone.remove(node.metadata.name);
      zone.add(node.metadata.name);
    }
  }

  private markReachable(node: NodeObject, context: ControllerContext): void {
    const remove = [unreachableNoExecute, notReadyNoExecute];
    if (remove.some((taint) => hasTaint(node, taint)))
      changeTaints(context, node, { add: [], remove });
    this.zone(node).remove(node.metadata.name);
  }

  private handleZones(
    nodes: readonly NodeObject[],
    readiness: ReadonlyMap<string, readonly boolean[]>,
    context: ControllerContext,
  ): void {
    const turn = handleDisruption(this.zones, readiness, context.now());
    if (turn === "allDown") for (const node of nodes) this.markReachable(node, context);
    if (turn === "someUpAgain") this.forgive(context.now());
  }

  /** We were cut off ourselves: what we missed meanwhile is not held against the nodes. */
  private forgive(now: Instant): void {
    for (const [name, health] of this.health) this.health.set(name, { ...health, probedAt: now });
  }

  /** Comes back every 100 ms while nodes wait for their zone's rate. */
  private taintWaiting(context: ControllerContext): RetryAfter | undefined {
    const zones = [...this.zones.values()];
    for (const zone of zones)
      zone.tryWaiting(context.now(), (name) => this.taintNode(name, context));
    const isDone = zones.every(({ hasWaiting }) => !hasWaiting);
    return isDone ? undefined : { retryAfterMs: nodeEvictionPeriodMs };
  }

  /** @returns false to try again */
  private taintNode(name: string, context: ControllerContext): boolean {
    const node = context.cache(Node).get({ namespace: "", name });
    if (!node) return true;
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    if (!ready) return false;
    if (ready.status === "True") return true;
    const [taint, opposite] =
      ready.status === "False"
        ? [notReadyNoExecute, unreachableNoExecute]
        : [unreachableNoExecute, notReadyNoExecute];
    return changeTaints(context, node, { add: [taint], remove: [opposite] });
  }

  private zone(node: NodeObject): Zone {
    const name = zoneOf(node);
    const known = this.zones.get(name);
    if (known) return known;
    const made = new Zone();
    this.zones.set(name, made);
    return made;
  }
}
