// kube-scheduler: takes Pods without a node from its queue, one at a time, decides, and writes what it
// decided. Source: kubernetes v1.34 pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go

import type { SchedulerStatus } from "../../api/clusterStatus.ts";
import type { Kind } from "../../api/kind.ts";
import { Namespace } from "../../api/kinds/namespace.ts";
import { Node } from "../../api/kinds/node.ts";
import { isTerminal, Pod as PodKind } from "../../api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../api/kinds/replicaSet.ts";
import { ReplicationController } from "../../api/kinds/replicationController.ts";
import { Service } from "../../api/kinds/service.ts";
import { keyOf, keyText, type ObjectKey, refOf } from "../../api/object.ts";
import { ApiError } from "../../api/status.ts";
import type { Binding, Pod, PodCondition } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { formatTime } from "../../base/time.ts";
import { SchedulerCache } from "../../scheduler/cache.ts";
import type { ObjectKinds } from "../../scheduler/clusterObjects.ts";
import { type ClusterEvent, isRejection } from "../../scheduler/framework.ts";
import { type PodInfo, podInfoOf } from "../../scheduler/podInfo.ts";
import type { Profile } from "../../scheduler/profile.ts";
import { runtimeOf } from "../../scheduler/runtime.ts";
import { type Outcome, scheduleOne, type Unschedulable } from "../../scheduler/schedule.ts";
import type { Clock } from "../clock.ts";
import { EventRecorder } from "../eventRecorder.ts";
import { schedulingCycleMs } from "../limits.ts";
import type { LocalClient } from "../localClient.ts";
import { type Change, InformerFactory, type ListerWatcher } from "../localInformer.ts";
import type { Trace } from "../trace.ts";
import { assignedPodEvents, nodeEvents, waitingPodEvents } from "./clusterEvents.ts";
import { type QueuedPod, SchedulingQueue } from "./queue.ts";

export const schedulerUser = "system:kube-scheduler";
const eventMessageLimit = 1_024;

export interface SchedulerWorld {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly client: LocalClient;
  readonly source: ListerWatcher;
  readonly random: Random;
  readonly profile: Profile;
}

/** Kinds beside Nodes and Pods that plugins read, and that this API server serves. */
const readKinds: readonly { readonly plural: keyof ObjectKinds; readonly kind: Kind }[] = [
  { plural: "namespaces", kind: Namespace },
  { plural: "services", kind: Service },
  { plural: "replicationcontrollers", kind: ReplicationController },
  { plural: "replicasets", kind: ReplicaSet },
];

/** Runs from its construction until it is disposed; another one starts from what is stored. */
export class Scheduler extends DisposableStore {
  private readonly cache = new SchedulerCache();
  private readonly queue: SchedulingQueue;
  private readonly informers: InformerFactory;
  private readonly events: EventRecorder;
  private readonly retryOn: ReadonlyMap<string, readonly ClusterEvent[]>;
  private cycleIsPlanned = false;
  private start = 0;
  private attempts = 0;
  private bound = 0;

  constructor(private readonly world: SchedulerWorld) {
    super();
    const { clock, client, source, profile } = world;
    const { preEnqueue } = runtimeOf(profile);
    const compare = profile.points.queueSort[0]?.plugin.compare;
    this.retryOn = new Map(
      Object.values(profile.points)
        .flat()
        .map(({ plugin }) => [plugin.name, plugin.retryOn ?? []]),
    );
    this.events = new EventRecorder(clock, client, { component: "default-scheduler" });
    this.queue = this.add(
      new SchedulingQueue({
        clock,
        less: (a, b) => compare?.(sortable(a), sortable(b)) ?? 0,
        isGated: (pod) =>
          preEnqueue.some((plugin) =>
            isRejection(plugin.preEnqueue?.(podInfoOf(pod)) ?? { code: "Success", reasons: [] }),
          ),
        onActive: () => this.planCycle(),
      }),
    );
    this.informers = this.add(new InformerFactory(source));
    this.watch();
  }

  status(): SchedulerStatus {
    const { attempts, bound } = this;
    return { running: true, attempts, bound, ...this.queue.counts() };
  }

  private watch(): void {
    const nodes = this.informers.informer(Node);
    const pods = this.informers.informer(PodKind);
    for (const node of nodes.list()) this.cache.setNode(node);
    for (const { plural, kind } of readKinds) {
      const informer = this.informers.informer(kind);
      for (const object of informer.list()) this.cache.setObject(plural, object as never);
      this.add(
        informer.onChange(({ old, now }) => {
          if (now) this.cache.setObject(plural, now as never);
          else if (old) this.cache.removeObject(plural, keyOf(old));
          if (plural === "namespaces" && now) this.wake(["Namespace/Update"]);
        }),
      );
    }
    for (const pod of pods.list()) this.takePod({ now: pod });
    this.add(
      nodes.onChange((change) => {
        if (change.now) this.cache.setNode(change.now);
        else if (change.old) this.cache.removeNode(change.old.metadata.name);
        this.wake(nodeEvents(change));
      }),
    );
    this.add(pods.onChange((change) => this.takePod(change)));
  }

  private takePod(change: Change<Pod>): void {
    const { old, now } = change;
    if (old && !old.spec.nodeName && now?.spec.nodeName) this.queue.remove(old);
    if (now?.spec.nodeName || old?.spec.nodeName) {
      if (now && !isTerminal(now)) this.cache.setPod(now);
      else this.cache.removePod((now ?? old) as Pod);
      if (now) this.cache.denominate(now);
      this.wake(assignedPodEvents(change));
    } else if (now && this.isOurs(now)) this.takeWaiting(old, now);
    else if (old) {
      this.queue.remove(old);
      this.cache.denominate(old);
      if (this.cache.isAssumed(old)) this.cache.removePod(old);
    }
  }

  private takeWaiting(old: Pod | undefined, now: Pod): void {
    // What was assumed is bound already: its confirmation is on the way.
    if (this.cache.isAssumed(now)) return;
    const { nominatedNodeName } = now.status ?? {};
    if (nominatedNodeName) this.cache.nominate(now, nominatedNodeName);
    else this.cache.denominate(now);
    if (!old) this.queue.add(now);
    else {
      const events = waitingPodEvents(old, now);
      this.queue.update(now, (queued) => this.helps(queued, events));
    }
  }

  /** Not ended, not being deleted while unscheduled, and addressed to this scheduler. */
  private isOurs(pod: Pod): boolean {
    const { schedulerName = "default-scheduler" } = pod.spec;
    return (
      schedulerName === this.world.profile.schedulerName &&
      !isTerminal(pod) &&
      pod.metadata.deletionTimestamp === undefined
    );
  }

  private wake(events: readonly ClusterEvent[]): void {
    if (events.length > 0) this.queue.moveIf((queued) => this.helps(queued, events));
  }

  private helps({ unschedulablePlugins }: QueuedPod, events: readonly ClusterEvent[]): boolean {
    if (unschedulablePlugins.size === 0) return true;
    for (const plugin of unschedulablePlugins)
      if (this.retryOn.get(plugin)?.some((event) => events.includes(event))) return true;
    return false;
  }

  private planCycle(): void {
    if (this.cycleIsPlanned || this.isDisposed) return;
    this.cycleIsPlanned = true;
    this.add(
      this.world.clock.after(schedulingCycleMs, "schedule a Pod", () => {
        this.cycleIsPlanned = false;
        this.cycle();
      }),
    );
  }

  private cycle(): void {
    if (this.isDisposed) return;
    const popped = this.queue.pop();
    if (!popped) return;
    const { queued, moves } = popped;
    const { profile } = this.world;
    const random = attemptRandom(this.world.random, keyOf(queued.pod), queued.attempts);
    const snapshot = this.cache.snapshot();
    const outcome = scheduleOne({ pod: queued.pod, snapshot, profile, random, start: this.start });
    this.start = outcome.nextStart;
    this.attempts++;
    const id = this.record(queued, outcome);
    this.world.trace.because(id, () => {
      if (outcome.type === "scheduled") this.bind(queued, outcome.node, moves);
      else this.reportFailure(queued, outcome, moves);
    });
    this.planCycle();
  }

  private record({ pod, attempts }: QueuedPod, outcome: Outcome): number {
    const { feasibleNodes, evaluatedNodes, type } = outcome;
    return this.world.trace.emit({
      type: "schedule",
      pod: refOf(pod),
      attempt: attempts,
      outcome: type,
      ...(outcome.type === "scheduled" ? { node: outcome.node } : { message: outcome.message }),
      feasibleNodes,
      evaluatedNodes,
      revision: this.informers.resourceVersion,
    });
  }

  private bind(queued: QueuedPod, node: string, moves: number): void {
    const { pod } = queued;
    const { client } = this.world;
    this.cache.assumePod(pod, node);
    const { name, namespace = "" } = pod.metadata;
    const binding: Binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace },
      target: { apiVersion: "v1", kind: "Node", name: node },
    };
    try {
      client.createSubresource(PodKind, keyOf(pod), "binding", binding);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.cache.removePod(pod);
      this.queue.addUnschedulable(queued, new Set(), moves);
      return;
    }
    this.bound++;
    this.cache.denominate(pod);
    const message = `Successfully assigned ${keyText(keyOf(pod))} to ${node}`;
    this.events.record(pod, "Normal", "Scheduled", message);
  }

  private reportFailure(
    queued: QueuedPod,
    outcome: Exclude<Outcome, { readonly type: "scheduled" }>,
    moves: number,
  ): void {
    const { pod } = queued;
    const plugins = outcome.type === "unschedulable" ? outcome.plugins : [];
    this.queue.addUnschedulable(queued, new Set(plugins), moves);
    this.events.record(pod, "Warning", "FailedScheduling", truncate(outcome.message));
    const nominated = outcome.type === "unschedulable" ? this.preempt(pod, outcome) : undefined;
    this.writeCondition(
      pod,
      {
        type: "PodScheduled",
        status: "False",
        reason: outcome.type === "unschedulable" ? "Unschedulable" : "SchedulerError",
        message: outcome.message,
      },
      nominated,
    );
  }

  /** Removes the victims. @returns the node to nominate, "" to clear the nomination */
  private preempt(pod: Pod, { postFilter }: Unschedulable): string | undefined {
    if (!postFilter) return undefined;
    const { nominatedNode, victims = [] } = postFilter;
    for (const victim of victims) this.evict(victim, pod, nominatedNode ?? "");
    if (nominatedNode) this.cache.nominate(pod, nominatedNode);
    return nominatedNode;
  }

  private evict({ pod: victim }: PodInfo, preemptor: Pod, node: string): void {
    const { client } = this.world;
    const { uid = "" } = preemptor.metadata;
    try {
      this.writeCondition(victim, {
        type: "DisruptionTarget",
        status: "True",
        reason: "PreemptionByScheduler",
        message: `${this.world.profile.schedulerName}: preempting to accommodate a higher priority pod`,
      });
      client.delete(PodKind, keyOf(victim));
      this.events.record(victim, "Normal", "Preempted", `Preempted by pod ${uid} on node ${node}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Writes the condition, and the nomination if it changes; a failure is left to the next attempt. */
  private writeCondition(pod: Pod, condition: PodCondition, nominatedNode?: string): void {
    const present = pod.status?.conditions?.find(({ type }) => type === condition.type);
    const same =
      present?.status === condition.status &&
      present.reason === condition.reason &&
      present.message === condition.message;
    const nominationChanges =
      nominatedNode !== undefined && nominatedNode !== (pod.status?.nominatedNodeName ?? "");
    if (same && !nominationChanges) return;
    const lastTransitionTime =
      present?.status === condition.status && present.lastTransitionTime !== undefined
        ? present.lastTransitionTime
        : formatTime(this.world.clock.now());
    const status = {
      conditions: [{ ...condition, lastTransitionTime }],
      ...(nominationChanges ? { nominatedNodeName: nominatedNode || null } : {}),
    };
    try {
      this.world.client.patch(
        PodKind,
        keyOf(pod),
        { status },
        { type: "strategic", subresource: "status" },
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

/** The draws of one attempt depend on the Pod and the attempt alone, so that they can be made again. */
export function attemptRandom(
  random: Random,
  { namespace, name }: ObjectKey,
  attempt: number,
): Random {
  return random.fork(`${namespace}/${name} ${attempt}`);
}

function sortable({ pod, since }: QueuedPod): { readonly pod: PodInfo; readonly queuedAt: number } {
  return { pod: podInfoOf(pod), queuedAt: since };
}

/** Source: event messages are cut at 1,024 bytes, client-go and pkg/scheduler truncateMessage, 1.34. */
function truncate(message: string): string {
  const suffix = " ...";
  return message.length <= eventMessageLimit
    ? message
    : message.slice(0, eventMessageLimit - suffix.length) + suffix;
}
