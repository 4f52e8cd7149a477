// What ReplicaSets and ReplicationControllers have in common: so many Pods of one template.
// Source: pkg/controller/replicaset/replica_set.go, kubernetes v1.34 (the replication controller is
// an adapter over the same code there, too).
import { dequal } from "dequal";
import type { Kind } from "../../api/kind.ts";
import { isActive, isPodReady, Pod } from "../../api/kinds/pod/kind.ts";
import { controllerOf, type KubeObject, keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import type { Selector } from "../../api/selector.ts";
import { type ApiError, hasReason } from "../../api/status.ts";
import type { OwnerReference, Pod as PodObject, PodTemplateSpec } from "../../api/types.ts";
import { type Millis, second } from "../../base/time.ts";
import { burstReplicas } from "../limits.ts";
import type { Change } from "../localInformer.ts";
import { claim } from "./claims.ts";
import { type Controller, type ControllerContext, type RetryAfter, trigger } from "./controller.ts";
import { Expectations } from "./expectations.ts";
import { nextAvailability } from "./podAvailability.ts";
import { createPod, deletePod, isNamespaceTerminating } from "./podControl.ts";
import { orphanPods, podsOfController } from "./podIndexes.ts";
import { victims } from "./podRanking.ts";
import { type ReplicaStatus, replicaStatus } from "./replicaStatus.ts";
import { slowStart } from "./slowStart.ts";

export interface ReplicaOwner extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly template?: PodTemplateSpec;
  };
  readonly status?: ReplicaStatus;
}

/** What tells the two kinds apart. */
export interface ReplicaKind<T extends ReplicaOwner> {
  readonly kind: Kind<T>;
  readonly name: string;
  readonly account: string;
  selectorOf(owner: T): Selector;
}

/** A Pod that became ready is looked at again once it may be available; a second against skew. */
const skewMs = second;

export function replicasController<T extends ReplicaOwner>(parts: ReplicaKind<T>): Controller {
  const controller = new Replicas(parts);
  const { kind, name, account } = parts;
  return {
    name,
    account,
    eventSource: account,
    triggers: [
      trigger(kind, (change) => controller.ownerChanged(change)),
      trigger(Pod, (change, context) => controller.podChanged(change, context)),
    ],
    reconcile: (key, context) => controller.reconcile(key, context),
  };
}

class Replicas<T extends ReplicaOwner> {
  private readonly expectations = new Expectations();

  constructor(private readonly parts: ReplicaKind<T>) {}

  ownerChanged({ old, now }: Change<T>): readonly ObjectKey[] {
    const key = keyOf((now ?? old) as T);
    // Gone, or replaced by another of the same name: nothing is expected of the old one any more.
    if (!now || (old && old.metadata.uid !== now.metadata.uid))
      this.expectations.forget(keyText(key));
    return [key];
  }

  podChanged({ old, now }: Change<PodObject>, context: ControllerContext): readonly ObjectKey[] {
    if (!now || now.metadata.deletionTimestamp !== undefined)
      return this.podWent((now ?? old) as PodObject, context);
    const reference = controllerOf(now);
    const before = old && controllerOf(old);
    const left =
      before && !dequal(before, reference) ? this.ownerOf(old, before, context) : undefined;
    const keys = left ? [keyOf(left)] : [];
    if (reference) {
      const owner = this.ownerOf(now, reference, context);
      if (!owner) return keys;
      if (!old) this.expectations.sawCreation(keyText(keyOf(owner)));
      else this.comeBackWhenAvailable(old, now, owner, context);
      return [...keys, keyOf(owner)];
    }
    const isNews = !old || before || !dequal(old.metadata.labels, now.metadata.labels);
    return isNews ? [...keys, ...this.suitorsOf(now, context)] : keys;
  }

  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    const owner = context.cache(this.parts.kind).get(key);
    if (!owner) {
      this.expectations.forget(keyText(key));
      return undefined;
    }
    const mayManage = this.expectations.areMet(keyText(key), context.now());
    const pods = this.claimPods(owner, context);
    const isGoing = owner.metadata.deletionTimestamp !== undefined;
    const failure = mayManage && !isGoing ? this.manage(owner, pods, context) : undefined;
    writeStatus(this.parts.kind, owner, pods, failure, context);
    if (failure) throw failure.error;
    const wait = nextAvailability(pods, owner.spec.minReadySeconds ?? 0, context.now());
    return wait === undefined ? undefined : { retryAfterMs: wait };
  }

  /** The deletion may be one that the set asked for, and in any case it needs another Pod now. */
  private podWent(pod: PodObject, context: ControllerContext): readonly ObjectKey[] {
    const reference = controllerOf(pod);
    const owner = reference && this.ownerOf(pod, reference, context);
    if (!owner) return [];
    this.expectations.sawDeletion(keyText(keyOf(owner)), podKey(pod));
    return [keyOf(owner)];
  }

  private comeBackWhenAvailable(
    old: PodObject,
    now: PodObject,
    owner: T,
    context: ControllerContext,
  ): void {
    const wait: Millis = (owner.spec.minReadySeconds ?? 0) * second;
    if (wait > 0 && !isPodReady(old) && isPodReady(now))
      context.enqueue(keyOf(owner), wait + skewMs);
  }

  private ownerOf(
    pod: PodObject,
    { kind, name, uid }: OwnerReference,
    { cache }: ControllerContext,
  ): T | undefined {
    if (kind !== this.parts.kind.gvk.kind) return undefined;
    const owner = cache(this.parts.kind).get({ namespace: pod.metadata.namespace ?? "", name });
    return owner?.metadata.uid === uid ? owner : undefined;
  }

  /** The sets that might adopt an orphan. */
  private suitorsOf({ metadata }: PodObject, { cache }: ControllerContext): readonly ObjectKey[] {
    return cache(this.parts.kind)
      .list(metadata.namespace ?? "")
      .filter((owner) => this.parts.selectorOf(owner).matches(metadata.labels))
      .map(keyOf);
  }

  private claimPods(owner: T, { cache, client }: ControllerContext): readonly PodObject[] {
    const pods = cache(Pod);
    const candidates = [
      ...podsOfController(pods, owner.metadata.uid ?? ""),
      ...orphanPods(pods, owner.metadata.namespace ?? ""),
    ].filter(isActive);
    const selector = this.parts.selectorOf(owner);
    return claim({ client, ownerKind: this.parts.kind, owner, selector }, Pod, candidates);
  }

  /** Creates or deletes the difference, at most a burst of it. */
  private manage(
    owner: T,
    pods: readonly PodObject[],
    context: ControllerContext,
  ): Failure | undefined {
    const difference = pods.length - (owner.spec.replicas ?? 1);
    if (difference < 0) return this.create(owner, Math.min(-difference, burstReplicas), context);
    if (difference > 0)
      return this.delete(owner, pods, Math.min(difference, burstReplicas), context);
    return undefined;
  }

  private create(owner: T, count: number, context: ControllerContext): Failure | undefined {
    const key = keyText(keyOf(owner));
    this.expectations.expectCreations(key, count, context.now());
    const { successes, failure } = slowStart(count, () => {
      const error = createPod(context, owner, owner.spec.template ?? {});
      if (error && isNamespaceTerminating(error)) {
        this.expectations.sawCreation(key);
        return undefined;
      }
      return error;
    });
    for (let skipped = count - successes; skipped > 0; skipped--)
      this.expectations.sawCreation(key);
    return failure && { reason: "FailedCreate", error: failure };
  }

  private delete(
    owner: T,
    pods: readonly PodObject[],
    count: number,
    context: ControllerContext,
  ): Failure | undefined {
    const key = keyText(keyOf(owner));
    const chosen = victims(pods, this.relatedPods(owner, context), count, context.now());
    this.expectations.expectDeletions(key, chosen.map(podKey), context.now());
    let failure: ApiError | undefined;
    for (const pod of chosen) {
      const error = deletePod(context, owner, pod);
      if (error) this.expectations.sawDeletion(key, podKey(pod));
      if (error && error.reason !== "NotFound") failure ??= error;
    }
    return failure && { reason: "FailedDelete", error: failure };
  }

  /** The Pods of all sets of the same owner, e.g. of all revisions of a Deployment. */
  private relatedPods(owner: T, { cache }: ControllerContext): readonly PodObject[] {
    const reference = controllerOf(owner);
    const siblings = reference
      ? cache(this.parts.kind)
          .list(owner.metadata.namespace ?? "")
          .filter((other) => controllerOf(other)?.uid === reference.uid)
      : [owner];
    return siblings.flatMap(({ metadata }) => podsOfController(cache(Pod), metadata.uid ?? ""));
  }
}

interface Failure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly error: ApiError;
}

/** Writes the status if it changed; a conflict is tried once more against the newest state. */
function writeStatus<T extends ReplicaOwner>(
  kind: Kind<T>,
  owner: T,
  pods: readonly PodObject[],
  failure: Failure | undefined,
  { client, now }: ControllerContext,
): void {
  const status = replicaStatus(owner.status, {
    pods,
    template: owner.spec.template ?? {},
    minReadySeconds: owner.spec.minReadySeconds ?? 0,
    generation: owner.metadata.generation ?? 0,
    ...(failure ? { failure: { reason: failure.reason, message: failure.error.message } } : {}),
    now: now(),
  });
  if (dequal(status, owner.status)) return;
  try {
    client.updateStatus(kind, { ...owner, status });
  } catch (error) {
    if (!hasReason(error, "Conflict")) throw error;
    client.updateStatus(kind, { ...client.get(kind, keyOf(owner)), status });
  }
}

function podKey(pod: PodObject): string {
  return keyText(keyOf(pod));
}
