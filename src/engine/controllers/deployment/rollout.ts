// One look at one Deployment: finds its revisions, takes the next steps, writes the status.
// Source: pkg/controller/deployment/{deployment_controller,sync,rolling,recreate}.go, 1.34.
import { dequal } from "dequal";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../../api/kinds/replicaSet.ts";
import type {
  Deployment as DeploymentObject,
  ReplicaSet as ReplicaSetObject,
} from "../../../api/types.ts";
import { second } from "../../../base/time.ts";
import type { ControllerContext, RetryAfter } from "../controller.ts";
import { podsOfController } from "../podIndexes.ts";
import {
  desiredAtLastScale,
  maxRevision,
  newSetAnnotations,
  revisionAnnotation,
} from "./annotations.ts";
import {
  deadlineAt,
  makeCondition,
  pauseCondition,
  progressDeadline,
  progressing,
  setCondition,
} from "./conditions.ts";
import { desiredReplicas, isRollingUpdate } from "./fenceposts.ts";
import { surplusRevisions } from "./history.ts";
import { createNewSet } from "./newReplicaSet.ts";
import { allSets, isSized, type Revisions, revisionsOf, sizeOf, sum } from "./replicaSets.ts";
import { newReplicasFor, shrinkOldSets, sizesAfterScaling } from "./sizes.ts";
import { deploymentStatus, isComplete, rolloutStatus } from "./status.ts";
import { DeploymentWriter } from "./writer.ts";

/** A stuck rollout is looked at a second after its deadline, against skew. */
const skewMs = second;

export class Rollout {
  private readonly writer: DeploymentWriter;

  /** @param sets the ReplicaSets that the Deployment manages */
  constructor(
    private readonly context: ControllerContext,
    deployment: DeploymentObject,
    private readonly sets: readonly ReplicaSetObject[],
  ) {
    this.writer = new DeploymentWriter(context, deployment);
  }

  private get deployment(): DeploymentObject {
    return this.writer.deployment;
  }

  sync(): RetryAfter | undefined {
    if (this.deployment.metadata.deletionTimestamp !== undefined)
      return this.writeCounts(this.revisions());
    this.notePause();
    if (this.deployment.spec.paused || this.isScaling()) return this.scale();
    return isRollingUpdate(this.deployment) ? this.roll() : this.recreate();
  }

  /** Up with the new set, down with the old ones: one direction at a time. */
  private roll(): RetryAfter | undefined {
    const { current, old } = this.revisionsWithCurrent();
    const size = newReplicasFor(this.deployment, [...old, current], current);
    const grown = this.writer.resize(current, size);
    if (grown !== current) return this.writeProgress({ current: grown, old });
    const shrunk = this.shrink(current, old);
    if (!shrunk) this.cleanUp(old);
    return this.writeProgress({ current, old: shrunk ?? old });
  }

  /** All old Pods go before the first new one comes. */
  private recreate(): RetryAfter | undefined {
    const { current, old } = this.revisions();
    if (old.some(isSized)) {
      const emptied = old.map((set) => this.writer.resize(set, 0));
      return this.writeProgress({ current, old: emptied });
    }
    if (this.oldPodsRun({ current, old })) return this.writeProgress({ current, old });
    const fresh = this.revisionsWithCurrent();
    const grown = this.writer.resize(fresh.current, desiredReplicas(this.deployment));
    this.cleanUp(fresh.old);
    return this.writeProgress({ current: grown, old: fresh.old });
  }

  /** Only the number changed, or the Deployment is paused: no set gains on another. */
  private scale(): RetryAfter | undefined {
    const revisions = this.revisions();
    for (const { set, size } of sizesAfterScaling(this.deployment, revisions))
      this.writer.resize(set, size, { refresh: true });
    if (this.deployment.spec.paused) this.cleanUp(revisions.old);
    return this.writeCounts(revisions);
  }

  /** @returns the old sets after it, or undefined if there was nothing to take */
  private shrink(
    current: ReplicaSetObject,
    old: readonly ReplicaSetObject[],
  ): readonly ReplicaSetObject[] | undefined {
    const steps = shrinkOldSets(this.deployment, { current, old });
    if (steps.length === 0) return undefined;
    const latest = new Map(old.map((set) => [set.metadata.name, set]));
    for (const { set, size } of steps)
      latest.set(set.metadata.name, this.writer.resize(latest.get(set.metadata.name) ?? set, size));
    return [...latest.values()];
  }

  /** The revisions; the current one's annotations brought up to date. */
  private revisions(): Revisions {
    const { current, old } = revisionsOf(this.deployment, this.sets);
    return { current: current && this.refresh(current, old), old };
  }

  /** The same, the current one made if it is missing. */
  private revisionsWithCurrent(): Revisions & { readonly current: ReplicaSetObject } {
    const { current, old } = this.revisions();
    return { current: current ?? this.create(old), old };
  }

  private refresh(set: ReplicaSetObject, old: readonly ReplicaSetObject[]): ReplicaSetObject {
    const { client, now } = this.context;
    const { minReadySeconds = 0 } = this.deployment.spec;
    const { annotations: known } = set.metadata;
    const annotations = newSetAnnotations(this.deployment, known, maxRevision(old) + 1n);
    if (!dequal(annotations, known ?? {}) || (set.spec.minReadySeconds ?? 0) !== minReadySeconds) {
      const metadata = { ...set.metadata, annotations };
      return client.update(ReplicaSet, {
        ...set,
        metadata,
        spec: { ...set.spec, minReadySeconds },
      });
    }
    let status = this.deployment.status ?? {};
    if (progressDeadline(this.deployment) !== undefined && !progressing(this.deployment)) {
      const message = `Found new replica set ${JSON.stringify(set.metadata.name)}`;
      const condition = makeCondition("Progressing", "True", "FoundNewReplicaSet", message, now());
      status = setCondition(status, condition);
    }
    this.writer.revision(annotations[revisionAnnotation], status);
    return set;
  }

  private create(old: readonly ReplicaSetObject[]): ReplicaSetObject {
    const outcome = createNewSet(this.context, this.deployment, old);
    const { now } = this.context;
    const watchesProgress = progressDeadline(this.deployment) !== undefined;
    const status = this.deployment.status ?? {};
    if ("set" in outcome) {
      const { set, isNew } = outcome;
      const { name } = set.metadata;
      if (isNew && sizeOf(set) > 0) this.writer.scaled(name, 0, sizeOf(set));
      const message = `Created new replica set ${JSON.stringify(name)}`;
      const created = makeCondition("Progressing", "True", "NewReplicaSetCreated", message, now());
      this.writer.revision(
        set.metadata.annotations?.[revisionAnnotation],
        isNew && watchesProgress ? setCondition(status, created) : status,
      );
      return set;
    }
    if (outcome.collisionCount !== undefined)
      this.writer.status({ ...status, collisionCount: outcome.collisionCount });
    if (outcome.message !== undefined) {
      const { message } = outcome;
      const failed = makeCondition("Progressing", "False", "ReplicaSetCreateError", message, now());
      if (watchesProgress) this.writer.status(setCondition(status, failed));
      this.writer.event("Warning", "ReplicaSetCreateError", message);
    }
    throw outcome.error;
  }

  /** A paused rollout must not run into its deadline, so its condition says that it is paused. */
  private notePause(): void {
    const { spec, status = {} } = this.deployment;
    const reason = progressing(this.deployment)?.reason;
    if (progressDeadline(this.deployment) === undefined || reason === "ProgressDeadlineExceeded")
      return;
    const isNoted = reason === "DeploymentPaused";
    const isPaused = spec.paused ?? false;
    if (isPaused === isNoted) return;
    this.writer.status(setCondition(status, pauseCondition(isPaused, this.context.now())));
  }

  /** True if the number of replicas changed since the sets were last sized. */
  private isScaling(): boolean {
    const desired = desiredReplicas(this.deployment);
    return allSets(revisionsOf(this.deployment, this.sets))
      .filter(isSized)
      .some((set) => (desiredAtLastScale(set) ?? desired) !== desired);
  }

  private oldPodsRun({ current, old }: Revisions): boolean {
    if (sum(old, ({ status }) => status?.replicas) > 0) return true;
    const pods = this.context.cache(Pod);
    return this.sets
      .filter(({ metadata }) => metadata.uid !== current?.metadata.uid)
      .flatMap(({ metadata }) => podsOfController(pods, metadata.uid ?? ""))
      .some(({ status }) => status?.phase !== "Failed" && status?.phase !== "Succeeded");
  }

  private cleanUp(old: readonly ReplicaSetObject[]): void {
    const { spec, status = {} } = this.deployment;
    if (!spec.paused && !isComplete(this.deployment, status)) return;
    for (const set of surplusRevisions(this.deployment, old)) this.writer.remove(set);
  }

  private writeCounts(revisions: Revisions): undefined {
    this.writer.status(deploymentStatus(this.deployment, revisions, this.context.now()));
  }

  private writeProgress(revisions: Revisions): RetryAfter | undefined {
    const now = this.context.now();
    const status = rolloutStatus(this.deployment, revisions, now);
    if (this.writer.status(status)) return undefined;
    const deadline = deadlineAt(this.deployment);
    const isOver =
      isComplete(this.deployment, status) ||
      progressing(this.deployment)?.reason === "ProgressDeadlineExceeded";
    if (deadline === undefined || isOver) return undefined;
    return { retryAfterMs: Math.max(0, deadline - now) + skewMs };
  }
}
