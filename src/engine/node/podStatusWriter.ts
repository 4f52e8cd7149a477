// Brings a Pod's status to the API, and removes the Pod once nothing of it is left on the node.
// Source: pkg/kubelet/status/status_manager.go syncPod and mergePodStatus, kubernetes v1.34.
import { dequal } from "dequal";
import { Pod as PodKind } from "../../api/kinds/pod/kind.ts";
import { keyOf } from "../../api/object.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import type { Pod, PodCondition, PodStatus } from "../../api/types.ts";
import type { Disposable } from "../../base/disposable.ts";
import { type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { LocalClient } from "../localClient.ts";
import { isOwnCondition } from "./podConditions.ts";
import { isMirrorOf, isStaticPod } from "./static/staticPod.ts";

/** Source: status_manager.go syncPeriod. */
const retryMs: Millis = 10 * second;

export class PodStatusWriter {
  /** What the server could not be told, by Pod. */
  private readonly unsent = new Map<string, () => void>();
  private retry: Disposable | undefined;

  constructor(
    private readonly client: LocalClient,
    private readonly clock: Clock,
  ) {}

  /** What could not be told so far is told no more. */
  forgetUnsent(): void {
    this.unsent.clear();
    this.retry?.dispose();
    this.retry = undefined;
  }

  /**
   * Writes what differs from the API's status; nothing if the Pod is gone or is another one.
   * @param mayRun some container of the Pod may still run: its phase cannot be a final one yet
   */
  write(pod: Pod, status: PodStatus, mayRun: boolean): void {
    this.attempt(pod, () => {
      const fresh = this.fresh(pod);
      if (!fresh) return;
      const own = mayRun ? withoutFinalPhase(status, fresh.status) : status;
      const merged = mergedStatus(own, fresh.status);
      const body = changesOf(fresh.status ?? {}, merged);
      if (Object.keys(body).length === 0) return;
      const { uid } = fresh.metadata;
      this.client.patch(
        PodKind,
        keyOf(pod),
        { metadata: { uid }, status: body },
        { subresource: "status" },
      );
    });
  }

  /** Takes the Pod out of the API: its deletion was asked for and nothing of it runs any more. */
  remove(pod: Pod): void {
    this.attempt(pod, () => {
      const fresh = this.fresh(pod);
      if (!fresh) return;
      const { uid } = fresh.metadata;
      this.client.delete(PodKind, keyOf(pod), {
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    });
  }

  /** The Pod, or its mirror, as the API has it; undefined if it has none, or another one. */
  private fresh(pod: Pod): Pod | undefined {
    const found = this.client.get(PodKind, keyOf(pod));
    const isSame = isStaticPod(pod)
      ? isMirrorOf(found, pod)
      : found.metadata.uid === pod.metadata.uid;
    return isSame ? found : undefined;
  }

  /** What the server does not take is tried again later; a Pod that is gone is none of this node's business. */
  private attempt(pod: Pod, write: () => void): void {
    const uid = pod.metadata.uid ?? "";
    this.unsent.delete(uid);
    try {
      write();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!hasReason(error, "NotFound")) this.tryLater(uid, () => this.attempt(pod, write));
    }
  }

  private tryLater(uid: string, attempt: () => void): void {
    this.unsent.set(uid, attempt);
    this.retry ??= this.clock.after(retryMs, "tell again how Pods are", () => {
      this.retry = undefined;
      for (const again of [...this.unsent.values()]) again();
    });
  }
}

function withoutFinalPhase(own: PodStatus, fresh: PodStatus = {}): PodStatus {
  if (!isFinal(own) || isFinal(fresh)) return own;
  const { phase: _, reason: __, message: ___, ...rest } = own;
  const { phase, reason, message } = fresh;
  return {
    ...rest,
    ...(phase === undefined ? {} : { phase }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

function isFinal({ phase }: PodStatus): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** The kubelet's status with the conditions and fields that others keep. */
function mergedStatus(own: PodStatus, fresh: PodStatus = {}): PodStatus {
  // Source: PodConditionSharedByKubelet: the kubelet's word holds once the Pod is over.
  const isOurs = (condition: PodCondition): boolean =>
    isOwnCondition(condition) ||
    (isFinal(own) && condition.type === "DisruptionTarget" && hasType(own, condition.type));
  const foreign = (fresh.conditions ?? []).filter((condition) => !isOurs(condition));
  const ours = (own.conditions ?? []).filter(isOurs);
  const { nominatedNodeName, resourceClaimStatuses, extendedResourceClaimStatus } = fresh;
  return {
    ...own,
    conditions: [...foreign, ...ours],
    ...(nominatedNodeName === undefined ? {} : { nominatedNodeName }),
    ...(resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses }),
    ...(extendedResourceClaimStatus === undefined ? {} : { extendedResourceClaimStatus }),
  };
}

function hasType({ conditions = [] }: PodStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type);
}

/** A merge patch from one status to the other; lists are replaced whole. */
function changesOf(from: PodStatus, to: PodStatus): Record<string, unknown> {
  const before: Readonly<Record<string, unknown>> = { ...from };
  const after: Readonly<Record<string, unknown>> = { ...to };
  const patch: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (!dequal(before[field], after[field])) patch[field] = after[field] ?? null;
  return patch;
}
