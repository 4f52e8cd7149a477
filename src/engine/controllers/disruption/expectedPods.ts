// How many Pods a budget counts on: what the controllers of its Pods want together.
// Source: pkg/controller/disruption getExpectedPodCount and its finders, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import { Deployment } from "../../../api/kinds/deployment.ts";
import { ReplicaSet } from "../../../api/kinds/replicaSet.ts";
import { ReplicationController } from "../../../api/kinds/replicationController.ts";
import { StatefulSet } from "../../../api/kinds/statefulSet.ts";
import { controllerOf, type KubeObject } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type { OwnerReference, Pod, PodDisruptionBudget } from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { scaled } from "../scaled.ts";

export interface Expectation {
  readonly expected: number;
  readonly desiredHealthy: number;
  /** Pods without a controller, which percentages can't count. */
  readonly unmanaged: readonly Pod[];
}

interface Replicated extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

interface ControllerScale {
  readonly uid: string;
  readonly replicas: number;
}

/** The kinds that the controller reads from its caches. */
export const workloadKinds: readonly Kind[] = [
  Deployment as Kind,
  ReplicaSet as Kind,
  ReplicationController as Kind,
  StatefulSet as Kind,
];

export class ExpectedPods {
  constructor(
    private readonly kinds: Iterable<Kind>,
    private readonly context: ControllerContext,
  ) {}

  /** @returns why it cannot be told, in the controller's words */
  of({ spec = {} }: PodDisruptionBudget, pods: readonly Pod[]): Expectation | { error: string } {
    const { minAvailable, maxUnavailable } = spec;
    if (typeof minAvailable === "number" && maxUnavailable === undefined)
      return { expected: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
    const total = this.total(pods);
    if ("error" in total) return total;
    const { expected } = total;
    if (maxUnavailable !== undefined) {
      const away = scaled(maxUnavailable, expected, Math.ceil);
      return { ...total, desiredHealthy: Math.max(0, expected - away) };
    }
    if (minAvailable === undefined) return { expected: 0, desiredHealthy: 0, unmanaged: [] };
    return { ...total, desiredHealthy: scaled(minAvailable, expected, Math.ceil) };
  }

  /** Each controller counts once, however many of the Pods are its own. */
  private total(
    pods: readonly Pod[],
  ): { expected: number; unmanaged: readonly Pod[] } | { error: string } {
    const replicas = new Map<string, number>();
    const seen = new Set<string>();
    const unmanaged: Pod[] = [];
    for (const pod of pods) {
      const reference = controllerOf(pod);
      if (!reference) unmanaged.push(pod);
      if (!reference || seen.has(reference.uid)) continue;
      seen.add(reference.uid);
      const scale = this.scaleOf(reference, pod.metadata.namespace ?? "");
      if (scale && "error" in scale) return scale;
      if (!scale)
        return { error: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` };
      replicas.set(scale.uid, scale.replicas);
    }
    const expected = [...replicas.values()].reduce((sum, count) => sum + count, 0);
    return { expected, unmanaged };
  }

  /** A ReplicaSet of a Deployment stands for the Deployment. */
  private scaleOf(
    reference: OwnerReference,
    namespace: string,
  ): ControllerScale | { error: string } | undefined {
    const { apiVersion, kind, name, uid } = reference;
    const known = workloadKinds.find(
      (each) => each.apiVersion === apiVersion && each.gvk.kind === kind,
    );
    if (!known) return this.scaleOfOther(reference, namespace);
    const owner = this.context.cache(known).get({ namespace, name }) as Replicated | undefined;
    if (!owner || owner.metadata.uid !== uid) return this.scaleOfOther(reference, namespace);
    const above = known.gvk.kind === "ReplicaSet" ? controllerOf(owner) : undefined;
    if (above?.kind === "Deployment") return this.scaleOf(above, namespace);
    return { uid, replicas: owner.spec.replicas ?? 1 };
  }

  /** Any other kind is asked for its scale. */
  private scaleOfOther(
    { apiVersion, kind, name, uid }: OwnerReference,
    namespace: string,
  ): ControllerScale | { error: string } | undefined {
    const served = [...this.kinds].find(
      (each) => each.apiVersion === apiVersion && each.gvk.kind === kind,
    );
    if (!served)
      return {
        error: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
      };
    if (!served.subresources.includes("scale"))
      return { error: `${served.resource} does not implement the scale subresource` };
    try {
      const key = { namespace, name };
      const scale = this.context.client.getSubresource<Replicated>(served, key, "scale");
      return scale.metadata.uid === uid ? { uid, replicas: scale.spec.replicas ?? 0 } : undefined;
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
      return undefined;
    }
  }
}
