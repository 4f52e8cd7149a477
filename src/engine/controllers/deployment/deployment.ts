// deployment-controller: rolls ReplicaSets from one revision of a template to the next.
import { dequal } from "dequal";
import { Deployment } from "../../../api/kinds/deployment.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../../api/kinds/replicaSet.ts";
import { controllerOf, type KubeObject, keyOf, type ObjectKey } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type {
  Deployment as DeploymentObject,
  Pod as PodObject,
  ReplicaSet as ReplicaSetObject,
} from "../../../api/types.ts";
import type { Change, Lister, ObjectIndex } from "../../localInformer.ts";
import { claim } from "../claims.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { podsOfController } from "../podIndexes.ts";
import { isRollingUpdate } from "./fenceposts.ts";
import { Rollout } from "./rollout.ts";

/** Source: pkg/controller/deployment, kubernetes v1.34. */
export const deployment: ControllerFactory = () => ({
  name: "deployment-controller",
  triggers: [
    trigger(Deployment, ({ old, now }) => [keyOf((now ?? old) as DeploymentObject)]),
    trigger(ReplicaSet, setChanged),
    trigger(Pod, podChanged),
  ],
  reconcile,
});

function reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
  const owner = context.cache(Deployment).get(key);
  if (!owner) return undefined;
  const selector = labelSelectorOf(owner.spec.selector);
  if (selector.isEmpty) {
    refuseToSelectAll(owner, context);
    return undefined;
  }
  const candidates = context.cache(ReplicaSet).list(key.namespace);
  const { client } = context;
  const sets = claim({ client, ownerKind: Deployment, owner, selector }, ReplicaSet, candidates);
  return new Rollout(context, owner, sets).sync();
}

function refuseToSelectAll(owner: DeploymentObject, { client, events }: ControllerContext): void {
  const message = "This deployment is selecting all pods. A non-empty selector is required.";
  events.record(owner, "Warning", "SelectingAll", message);
  const { generation = 0 } = owner.metadata;
  if ((owner.status?.observedGeneration ?? 0) < generation)
    client.updateStatus(Deployment, {
      ...owner,
      status: { ...owner.status, observedGeneration: generation },
    });
}

function setChanged(
  { old, now }: Change<ReplicaSetObject>,
  { cache }: ControllerContext,
): readonly ObjectKey[] {
  const deployments = cache(Deployment);
  if (!now) return old ? ownerKeys(deployments, old) : [];
  const [before, reference] = [old && controllerOf(old), controllerOf(now)];
  const left = old && before && !dequal(before, reference) ? ownerKeys(deployments, old) : [];
  if (reference) return [...left, ...ownerKeys(deployments, now)];
  const isNews = !old || before || !dequal(old.metadata.labels, now.metadata.labels);
  if (!isNews || now.metadata.deletionTimestamp !== undefined) return left;
  const suitors = deployments.list(now.metadata.namespace ?? "").filter(({ spec }) => {
    const selector = labelSelectorOf(spec.selector);
    return !selector.isEmpty && selector.matches(now.metadata.labels);
  });
  return [...left, ...suitors.map(keyOf)];
}

/** Only Recreate waits for Pods: the new ones come when the last old one is gone. */
function podChanged(
  { old, now }: Change<PodObject>,
  { cache }: ControllerContext,
): readonly ObjectKey[] {
  const reference = now ? undefined : old && controllerOf(old);
  if (!old || reference?.kind !== ReplicaSet.gvk.kind) return [];
  const sets = cache(ReplicaSet);
  const set = sets.get({ namespace: old.metadata.namespace ?? "", name: reference.name });
  const owner = set && ownerOf(cache(Deployment), set);
  if (!owner || isRollingUpdate(owner)) return [];
  const siblings = sets.by(byDeployment, owner.metadata.uid ?? "");
  const hasPods = siblings.some(
    ({ metadata }) => podsOfController(cache(Pod), metadata.uid ?? "").length > 0,
  );
  return hasPods ? [] : [keyOf(owner)];
}

const byDeployment: ObjectIndex<ReplicaSetObject> = {
  name: "controller",
  values: (set) => [controllerOf(set)?.uid ?? ""],
};

function ownerKeys(
  deployments: Lister<DeploymentObject>,
  object: KubeObject,
): readonly ObjectKey[] {
  const owner = ownerOf(deployments, object);
  return owner ? [keyOf(owner)] : [];
}

function ownerOf(
  deployments: Lister<DeploymentObject>,
  object: KubeObject,
): DeploymentObject | undefined {
  const reference = controllerOf(object);
  if (reference?.kind !== Deployment.gvk.kind) return undefined;
  const { namespace = "" } = object.metadata;
  const owner = deployments.get({ namespace, name: reference.name });
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}
