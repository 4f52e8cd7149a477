// What one look at a Deployment writes: its status, its ReplicaSets' sizes, its Events.
// Source: pkg/controller/deployment/sync.go scaleReplicaSet and the status updates, 1.34.
import { dequal } from "dequal";
import { Deployment } from "../../../api/kinds/deployment.ts";
import { ReplicaSet } from "../../../api/kinds/replicaSet.ts";
import { keyOf } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type {
  Deployment as DeploymentObject,
  DeploymentStatus,
  ReplicaSet as ReplicaSetObject,
} from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { type Annotations, revisionAnnotation, sizeAnnotations } from "./annotations.ts";
import { sizeOf } from "./replicaSets.ts";

export class DeploymentWriter {
  constructor(
    private readonly context: ControllerContext,
    private latest: DeploymentObject,
  ) {}

  /** The Deployment as it was last read or written. */
  get deployment(): DeploymentObject {
    return this.latest;
  }

  /** @returns whether anything changed */
  status(status: DeploymentStatus): boolean {
    return this.write({ ...this.latest, status });
  }

  /** The revision is an annotation, but it is written together with the status. */
  revision(revision: string | undefined, status: DeploymentStatus): void {
    const { metadata } = this.latest;
    const annotations: Annotations = {
      ...metadata.annotations,
      ...(revision === undefined ? {} : { [revisionAnnotation]: revision }),
    };
    this.write({ ...this.latest, metadata: { ...metadata, annotations }, status });
  }

  /**
   * @param refresh bring the size annotations up to date even if the size stays
   * @returns the set after it; the same object if nothing had to change
   */
  resize(set: ReplicaSetObject, size: number, { refresh = false } = {}): ReplicaSetObject {
    const before = sizeOf(set);
    const { name, annotations: known } = set.metadata;
    const annotations = { ...known, ...sizeAnnotations(this.latest) };
    if (before === size && (!refresh || dequal(annotations, known))) return set;
    const resized = this.context.client.update(ReplicaSet, {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas: size },
    });
    if (before !== size) this.scaled(name, before, size);
    return resized;
  }

  scaled(set: string, before: number, after: number): void {
    const direction = before < after ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set} from ${before} to ${after}`;
    this.event("Normal", "ScalingReplicaSet", message);
  }

  remove(set: ReplicaSetObject): void {
    try {
      this.context.client.delete(ReplicaSet, keyOf(set));
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }

  event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.record(this.latest, type, reason, message);
  }

  private write(next: DeploymentObject): boolean {
    const { status, metadata } = this.latest;
    const isSame =
      dequal(next.status, status) &&
      dequal(next.metadata.annotations ?? {}, metadata.annotations ?? {});
    if (isSame) return false;
    this.latest = this.context.client.updateStatus(Deployment, next);
    return true;
  }
}
