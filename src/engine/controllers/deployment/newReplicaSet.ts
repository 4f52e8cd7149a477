// Makes the ReplicaSet of a Deployment's current template.
// Source: pkg/controller/deployment/sync.go getNewReplicaSet, 1.34.
import { ReplicaSet } from "../../../api/kinds/replicaSet.ts";
import { controllerOf, controllerRef, keyOf } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  Deployment as DeploymentObject,
  ReplicaSet as ReplicaSetObject,
} from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { isNamespaceTerminating } from "../podControl.ts";
import { maxRevision, newSetAnnotations, sizeAnnotations } from "./annotations.ts";
import { newReplicasFor } from "./sizes.ts";
import { hashLabel, isSameTemplate, templateHash } from "./templateHash.ts";

export type Outcome =
  | { readonly set: ReplicaSetObject; readonly isNew: boolean }
  | {
      readonly error: ApiError;
      /** What to tell the user, if it is worth telling. */
      readonly message?: string;
      /** The next hash is to differ: another set has the name. */
      readonly collisionCount?: number;
    };

export function createNewSet(
  { client }: ControllerContext,
  deployment: DeploymentObject,
  old: readonly ReplicaSetObject[],
): Outcome {
  const wanted = newSet(deployment, old);
  try {
    return { set: client.create(ReplicaSet, wanted), isNew: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (isNamespaceTerminating(error)) return { error };
    if (error.reason !== "AlreadyExists") {
      const { name } = wanted.metadata;
      const message = `Failed to create new replica set ${JSON.stringify(name)}: ${error.message}`;
      return { error, message };
    }
    const existing = client.get(ReplicaSet, keyOf(wanted));
    // A slow cache: it is the very set that we want.
    const isOurs =
      controllerOf(existing)?.uid === deployment.metadata.uid &&
      isSameTemplate(existing.spec.template ?? {}, deployment.spec.template);
    if (isOurs) return { set: existing, isNew: false };
    return { error, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
  }
}

function newSet(deployment: DeploymentObject, old: readonly ReplicaSetObject[]): ReplicaSetObject {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const { name, namespace = "" } = deployment.metadata;
  const set: ReplicaSetObject = {
    apiVersion: ReplicaSet.apiVersion,
    kind: ReplicaSet.gvk.kind,
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      ownerReferences: [controllerRef(deployment)],
      annotations: {
        ...newSetAnnotations(deployment, undefined, maxRevision(old) + 1n),
        ...sizeAnnotations(deployment),
      },
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { name: "", ...template.metadata, labels } },
    },
  };
  const replicas = newReplicasFor(deployment, [...old, set], set);
  return { ...set, spec: { ...set.spec, replicas } };
}
