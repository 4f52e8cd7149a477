// kube-scheduler: takes Pods without a node from its queue, one at a time, decides, and writes what it
// decided. Source: kubernetes v1.34 pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go

import type { SchedulerStatus } from "../../api/clusterStatus.ts";
import type { Kind, KindRegistry } from "../../api/kind.ts";
import { Node } from "../../api/kinds/node.ts";
import { isTerminal, Pod as PodKind } from "../../api/kinds/pod/kind.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey, refOf } from "../../api/object.ts";
import { ApiError } from "../../api/status.ts";
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodCondition,
} from "../../api/types.ts";
import { assert } from "../../base/assert.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { formatTime } from "../../base/time.ts";
import { SchedulerCache } from "../../scheduler/cache.ts";
import { type ObjectKinds, objectPlurals } from "../../scheduler/clusterObjects.ts";
import { type ClusterChange, isRejection, type Plugin } from "../../scheduler/framework.ts";
import { type PodInfo, podInfoOf } from "../../scheduler/podInfo.ts";
import type { Profile } from "../../scheduler/profile.ts";
import { preEnqueue, runtimeOf } from "../../scheduler/runtime.ts";
import {
  type Outcome,
  type Scheduled,
  scheduleOne,
  type Unschedulable,
} from "../../scheduler/schedule.ts";
import type { Clock } from "../clock.ts";
import { schedulingCycleMs } from "../limits.ts";
import type { LocalClient } from "../localClient.ts";
import { type Change, InformerFactory, type ListerWatcher } from "../localInformer.ts";
import type { Trace } from "../trace.ts";
import { Binder } from "./binder.ts";
import {
  assignedPodChanges,
  nodeChanges,
  objectChanges,
  waitingPodChanges,
} from "./clusterEvents.ts";
import { type QueuedPod, SchedulingQueue } from "./queue.ts";
import { type SchedulingEvent, SchedulingEvents } from "./schedulingEvents.ts";

export const schedulerUser = "system:kube-scheduler";
const eventMessageLimit = 1_024;
/** Of those that wait, so many are named in the status. */
const namedInStatus = 50;

export interface SchedulerWorld {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly client: LocalClient;
  readonly source: ListerWatcher;
  /** What is served: plugins read what they know of it. */
  readonly kinds: KindRegistry;
  readonly random: Random;
  /** Where it runs, for its events. */
  readonly host: string;
  /** One or more, of different names. */
  readonly profiles: readonly Profile[];
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
}

/** Runs from its construction until it is disposed; another one starts from what is stored. */
export class Scheduler extends DisposableStore {
  private readonly cache = new SchedulerCache();
  private readonly queue: SchedulingQueue;
  private readonly informers: InformerFactory;
  private readonly events: SchedulingEvents;
  private readonly binder: Binder;
  private readonly profiles: ReadonlyMap<string, Profile>;
  private readonly plugins: ReadonlyMap<string, Plugin>;
  private cycleIsPlanned = false;
  private start = 0;
  private attempts = 0;
  private bound = 0;

  constructor(private readonly world: SchedulerWorld) {
    super();
    const { clock, client, source, profiles } = world;
    const [first] = profiles;
    assert(first, "a scheduler has a profile");
    this.profiles = new Map(profiles.map((profile) => [profile.schedulerName, profile]));
    this.plugins = new Map(
      profiles
        .flatMap(({ points }) => Object.values(points).flat())
        .map(({ plugin }) => [plugin.name, plugin]),
    );
    this.events = this.add(new SchedulingEvents(clock, client, world.host));
    const compare = first.points.queueSort[0]?.plugin.compare;
    this.queue = this.add(
      new SchedulingQueue({
        clock,
        initialBackoffMs: world.podInitialBackoffSeconds * 1_000,
        maxBackoffMs: world.podMaxBackoffSeconds * 1_000,
        less: (a, b) => compare?.(sortable(a), sortable(b)) ?? 0,
        isGated: (pod) => isRejection(preEnqueue(runtimeOf(this.profileOf(pod)), podInfoOf(pod))),
        onActive: () => this.planCycle(),
      }),
    );
    const claims = world.kinds.forPlural("persistentvolumeclaims");
    const volumes = world.kinds.forPlural("persistentvolumes");
    this.binder = this.add(
      new Binder({
        clock,
        client,
        volumeKinds: {
          ...(claims ? { claims: claims as Kind<PersistentVolumeClaim> } : {}),
          ...(volumes ? { volumes: volumes as Kind<PersistentVolume> } : {}),
        },
      }),
    );
    this.informers = this.add(new InformerFactory(source));
    this.watch();
  }

  status(): SchedulerStatus {
    const { attempts, bound } = this;
    const queue = this.queue.entries().slice(0, namedInStatus);
    return { running: true, attempts, bound, ...this.queue.counts(), queue };
  }

  private watch(): void {
    const nodes = this.informers.informer(Node);
    const pods = this.informers.informer(PodKind);
    for (const node of nodes.list()) this.cache.setNode(node);
    for (const plural of objectPlurals) {
      const kind = this.world.kinds.forPlural(plural);
      if (kind) this.watchObjects(plural, kind);
    }
    for (const pod of pods.list()) this.takePod({ now: pod });
    this.add(
      nodes.onChange((change) => {
        if (change.now) this.cache.setNode(change.now);
        else if (change.old) this.cache.removeNode(change.old.metadata.name);
        this.wake(nodeChanges(change));
      }),
    );
    this.add(pods.onChange((change) => this.takePod(change)));
  }

  private watchObjects(plural: keyof ObjectKinds, kind: Kind): void {
    const informer = this.informers.informer(kind);
    for (const object of informer.list()) this.cache.setObject(plural, object as never);
    this.add(
      informer.onChange((change) => {
        const { old, now } = change;
        if (now) this.cache.setObject(plural, now as never);
        else if (old) this.cache.removeObject(plural, keyOf(old));
        if (plural === "persistentvolumeclaims") this.binder.review();
        this.wake(objectChanges(kind.gvk.kind, change as Change<KubeObject>));
      }),
    );
  }

  private takePod(change: Change<Pod>): void {
    const { old, now } = change;
    if (old && !old.spec.nodeName && now?.spec.nodeName) this.queue.remove(old);
    if (now?.spec.nodeName || old?.spec.nodeName) {
      if (now && !isTerminal(now)) this.cache.setPod(now);
      else this.cache.removePod((now ?? old) as Pod);
      if (now) this.cache.denominate(now);
      this.wake(assignedPodChanges(change));
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
      const changes = waitingPodChanges(old, now);
      this.queue.update(now, (queued) => this.helps(queued, changes));
    }
  }

  /** Not ended, not being deleted while unscheduled, and addressed to one of the profiles. */
  private isOurs(pod: Pod): boolean {
    return (
      this.profiles.has(nameOfScheduler(pod)) &&
      !isTerminal(pod) &&
      pod.metadata.deletionTimestamp === undefined
    );
  }

  private profileOf(pod: Pod): Profile {
    const profile = this.profiles.get(nameOfScheduler(pod));
    assert(profile, "only Pods of a profile are queued");
    return profile;
  }

  private wake(changes: readonly ClusterChange[]): void {
    if (changes.length > 0) this.queue.moveIf((queued) => this.helps(queued, changes));
  }

  private helps(
    { pod, unschedulablePlugins }: QueuedPod,
    changes: readonly ClusterChange[],
  ): boolean {
    if (unschedulablePlugins.size === 0) return true;
    for (const name of unschedulablePlugins) {
      const plugin = this.plugins.get(name);
      for (const change of changes)
        if (
          plugin?.retryOn?.includes(change.event) &&
          (plugin.hint?.(podInfoOf(pod), change) ?? true)
        )
          return true;
    }
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
    const queued = this.queue.pop();
    if (!queued) return;
    const profile = this.profileOf(queued.pod);
    const random = attemptRandom(this.world.random, keyOf(queued.pod), queued.attempts);
    const snapshot = this.cache.snapshot();
    const outcome = scheduleOne({ pod: queued.pod, snapshot, profile, random, start: this.start });
    this.start = outcome.nextStart;
    this.attempts++;
    const id = this.record(queued, outcome);
    this.world.trace.because(id, () => {
      if (outcome.type === "scheduled") this.bind(queued, outcome);
      else this.reportFailure(queued, outcome);
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

  private bind(queued: QueuedPod, { node, steps }: Scheduled): void {
    const { pod } = queued;
    this.cache.assumePod(pod, node);
    this.binder.bind(pod, node, steps, (failure) => {
      if (failure === undefined) this.reportBound(pod, node);
      else {
        this.cache.removePod(pod);
        this.fail(queued, new Set(), { reason: "SchedulerError", message: failure });
      }
    });
  }

  private reportBound(pod: Pod, node: string): void {
    this.bound++;
    this.queue.done(pod);
    this.cache.denominate(pod);
    const message = `Successfully assigned ${keyText(keyOf(pod))} to ${node}`;
    this.tell({
      regarding: pod,
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      note: message,
    });
  }

  private tell(
    event: Omit<SchedulingEvent, "reporter">,
    reporter = nameOfScheduler(event.regarding as Pod),
  ): void {
    this.events.record({ ...event, reporter });
  }

  private reportFailure(
    queued: QueuedPod,
    outcome: Exclude<Outcome, { readonly type: "scheduled" }>,
  ): void {
    const { message } = outcome;
    if (outcome.type === "error") {
      this.fail(queued, new Set(), { reason: "SchedulerError", message });
      return;
    }
    const nominated = this.preempt(queued.pod, outcome);
    this.fail(queued, new Set(outcome.plugins), { reason: "Unschedulable", message }, nominated);
  }

  /** Puts the Pod back into the queue and says why. */
  private fail(
    queued: QueuedPod,
    rejectedBy: ReadonlySet<string>,
    { reason, message }: { readonly reason: string; readonly message: string },
    nominated?: string,
  ): void {
    this.queue.addUnschedulable(queued, rejectedBy);
    this.tell({
      regarding: queued.pod,
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      note: truncate(message),
    });
    const condition: PodCondition = { type: "PodScheduled", status: "False", reason, message };
    this.writeCondition(queued.pod, condition, nominated);
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
        message: `${nameOfScheduler(preemptor)}: preempting to accommodate a higher priority pod`,
      });
      client.delete(PodKind, keyOf(victim));
      const note = `Preempted by pod ${uid} on node ${node}`;
      const action = "Preempting";
      const what = { related: preemptor, reason: "Preempted", action, note } as const;
      this.tell({ regarding: victim, type: "Normal", ...what }, nameOfScheduler(preemptor));
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

function nameOfScheduler({ spec }: Pod): string {
  return spec.schedulerName ?? "default-scheduler";
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
