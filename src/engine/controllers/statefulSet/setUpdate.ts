// One look at a StatefulSet's Pods: makes those that are missing, mends those that changed, deletes those
// that are too many or of an old revision. In order, each step waits until all before it are available.
// Source: pkg/controller/statefulset/stateful_set_control.go updateStatefulSet, kubernetes v1.34.
import { ApiError, hasReason } from "../../../api/status.ts";
import type { Pod, StatefulSet, StatefulSetStatus } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { ControllerContext } from "../controller.ts";
import { slowStart } from "../slowStart.ts";
import { isInRange, isOrdered, ordinalOf, replicasOf, startOrdinal } from "./ordinals.ts";
import { StatefulPodControl } from "./podControl.ts";
import { newPod, type SetRevision } from "./podIdentity.ts";
import { hasEnded, isCreated, isGoing, isPending, isUnavailable, revisionOf } from "./podStates.ts";
import { type SetRevisions, setRevision } from "./setRevisions.ts";
import { setStatus } from "./status.ts";

/** What came of it: the status to write, and the first refusal. */
export interface UpdateResult {
  readonly status: Draft<StatefulSetStatus>;
  readonly failure?: ApiError;
}

/** Whether the steps after this one have to wait. */
type Step = (pod: Pod) => boolean;

export class SetUpdate {
  private readonly control: StatefulPodControl;
  private readonly replicas: readonly Pod[];
  /** Highest number first. */
  private readonly condemned: readonly Pod[];

  constructor(
    private readonly set: StatefulSet,
    private readonly revisions: SetRevisions,
    private readonly pods: readonly Pod[],
    private readonly context: ControllerContext,
  ) {
    this.control = new StatefulPodControl(context, set);
    this.replicas = this.wantedPods();
    this.condemned = pods
      .filter((pod) => ordinalOf(pod) >= 0 && !isInRange(set, pod))
      .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  }

  run(): UpdateResult {
    if (this.set.metadata.deletionTimestamp !== undefined)
      return { status: this.status(this.pods) };
    const firstUnavailable =
      this.replicas.find((pod) => this.isUnavailable(pod)) ??
      this.condemned.findLast((pod) => this.isUnavailable(pod));
    let failure: ApiError | undefined;
    const forAll = (pods: readonly Pod[], step: Step): boolean => {
      const { mustWait, error } = this.forAll(pods, step);
      failure = error;
      return !mustWait && !error;
    };
    const isEstablished =
      forAll(this.replicas, (pod) => this.processReplica(pod)) &&
      forAll(this.condemned, (pod) => this.keepClaims(pod)) &&
      forAll(this.condemned, (pod) => this.processCondemned(pod, firstUnavailable));
    const status = this.status([...this.replicas, ...this.condemned]);
    if (!isEstablished) return { status, ...(failure ? { failure } : {}) };
    return this.rollOut(status);
  }

  /** The Pods of the set's numbers, those that are still to be made among them. */
  private wantedPods(): readonly Pod[] {
    const { set, pods } = this;
    const start = startOrdinal(set);
    const known = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
    return Array.from({ length: replicasOf(set) }, (_, i) => {
      const ordinal = start + i;
      return known.get(ordinal) ?? newPod(set, this.revisionFor(ordinal), ordinal);
    });
  }

  /** Below the partition, and while an update runs, Pods come back as they were. */
  private revisionFor(ordinal: number): SetRevision {
    const { current, update } = this.revisions;
    const { type, rollingUpdate } = this.set.spec.updateStrategy ?? {};
    const kept = rollingUpdate
      ? (rollingUpdate.partition ?? 0)
      : (this.set.status?.currentReplicas ?? 0);
    const isOld =
      (type === "RollingUpdate" || rollingUpdate) && ordinal < startOrdinal(this.set) + kept;
    return setRevision(isOld ? current : update);
  }

  private status(pods: readonly Pod[]): Draft<StatefulSetStatus> {
    return setStatus(this.set, this.revisions, pods, this.context.now());
  }

  private isUnavailable(pod: Pod): boolean {
    return isUnavailable(pod, this.set.spec.minReadySeconds ?? 0, this.context.now());
  }

  /** In order until one has to wait; in parallel all, more at a time while nothing fails. */
  private forAll(
    pods: readonly Pod[],
    step: Step,
  ): { readonly mustWait: boolean; readonly error?: ApiError } {
    if (isOrdered(this.set)) {
      for (const pod of pods) {
        const result = attempt(() => step(pod));
        if (result instanceof ApiError) return { mustWait: true, error: result };
        if (result) return { mustWait: true };
      }
      return { mustWait: false };
    }
    const left = pods.values();
    const { failure } = slowStart(pods.length, () => {
      const pod = left.next().value;
      const result = pod && attempt(() => step(pod));
      return result instanceof ApiError ? result : undefined;
    });
    return failure ? { mustWait: true, error: failure } : { mustWait: false };
  }

  private processReplica(pod: Pod): boolean {
    const { control } = this;
    const ordered = isOrdered(this.set);
    if (hasEnded(pod)) {
      if (!isGoing(pod)) control.delete(pod);
      // The next one is made once this one is gone.
      return true;
    }
    if (!isCreated(pod)) {
      if (control.hasStaleClaim(pod)) return true;
      control.create(pod);
      if (ordered) return true;
    }
    if (isPending(pod)) control.createMissingClaims(pod);
    if (ordered && this.isUnavailable(pod)) return true;
    if (isCreated(pod) && !control.isConsistent(pod)) control.mend(pod);
    return false;
  }

  private keepClaims(pod: Pod): boolean {
    this.control.updateOwners(pod);
    return false;
  }

  private processCondemned(pod: Pod, firstUnavailable: Pod | undefined): boolean {
    const ordered = isOrdered(this.set);
    if (isGoing(pod)) return ordered;
    if (ordered && this.isUnavailable(pod) && pod !== firstUnavailable) return true;
    this.control.delete(pod);
    return true;
  }

  /** Deletes the highest Pod that is not of the new revision, once all above it are available. */
  private rollOut(status: Draft<StatefulSetStatus>): UpdateResult {
    const { type, rollingUpdate } = this.set.spec.updateStrategy ?? {};
    if (type === "OnDelete") return { status };
    const first = rollingUpdate?.partition ?? 0;
    for (const pod of this.replicas.slice(first).reverse()) {
      if (revisionOf(pod) !== this.revisions.update.metadata.name && !isGoing(pod)) {
        const failure = attempt(() => this.control.delete(pod));
        if (failure instanceof ApiError && !hasReason(failure, "NotFound"))
          return { status, failure };
        status.currentReplicas = (status.currentReplicas ?? 0) - 1;
        return { status };
      }
      if (this.isUnavailable(pod)) return { status };
    }
    return { status };
  }
}

/** The result, or the server's refusal. */
function attempt<T>(act: () => T): T | ApiError {
  try {
    return act();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
