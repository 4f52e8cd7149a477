// What must hold once users and misfortune have been gone for a while.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { isActive, isPodReady } from "../../../src/api/kinds/pod/kind.ts";
import { controllerOf, type KubeObject } from "../../../src/api/object.ts";
import type { DaemonSet, Job, Pod, ReplicaSet, StatefulSet } from "../../../src/api/types.ts";
import type { Engine } from "../../../src/engine/engine.ts";

type Workload = KubeObject & {
  readonly status?: { readonly observedGeneration?: number };
};

/** A workload, the Pods that it owns and that have not ended, and whether a quota may forbid it more. */
interface Scene<T extends KubeObject = KubeObject> {
  readonly object: T;
  readonly pods: readonly Pod[];
  readonly isRestricted: boolean;
  /** "Job default/ant". */
  readonly name: string;
}

export function checkSettled(engine: Engine): void {
  const objects = allObjects(engine);
  checkOwners(objects);
  const pods = objects.filter(({ kind }) => kind === "Pod") as unknown as readonly Pod[];
  const quotas = objects.filter(({ kind }) => kind === "ResourceQuota");
  const restricted = new Set(quotas.map(({ metadata }) => metadata.namespace));
  for (const object of objects) {
    const { uid, namespace, generation, deletionTimestamp } = object.metadata;
    const check = checks[object.kind];
    if (deletionTimestamp !== undefined || !check) continue;
    const name = `${object.kind} ${namespace}/${object.metadata.name}`;
    const seen = (object as Workload).status?.observedGeneration;
    if (seen !== undefined) assert.equal(seen, generation, `${name} is seen`);
    const own = pods.filter((pod) => controllerOf(pod)?.uid === uid && isActive(pod));
    check({ object, pods: own, isRestricted: restricted.has(namespace), name });
  }
}

const checks: Readonly<Record<string, (scene: Scene) => void>> = {
  ReplicaSet: checkReplicas,
  ReplicationController: checkReplicas,
  StatefulSet({ object, pods, isRestricted, name }) {
    const { spec, status } = object as StatefulSet;
    assert.equal(status?.replicas, pods.length, `${name} counts its Pods`);
    // One that is not ready holds up those behind it.
    if (pods.length > 0 && pods.every(isPodReady) && !isRestricted)
      assert.equal(pods.length, spec.replicas, `${name} has its replicas`);
  },
  DaemonSet({ object, pods, isRestricted, name }) {
    const { desiredNumberScheduled = 0, currentNumberScheduled } =
      (object as DaemonSet).status ?? {};
    if (isRestricted) return;
    assert.equal(currentNumberScheduled, desiredNumberScheduled, `${name} is everywhere`);
    assert.ok(pods.length >= desiredNumberScheduled, `${name} has its Pods`);
  },
  Job({ object, pods, name }) {
    const { conditions = [], active = 0 } = (object as Job).status ?? {};
    const isOver = conditions.some(
      ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
    );
    if (isOver) assert.equal(pods.length, 0, `${name} is over and has no Pods`);
    else assert.equal(active, pods.length, `${name} counts its Pods`);
  },
};

function checkReplicas({ object, pods, isRestricted, name }: Scene): void {
  const { spec, status } = object as ReplicaSet;
  assert.equal(status?.replicas, pods.length, `${name} counts its Pods`);
  if (!isRestricted) assert.equal(pods.length, spec.replicas, `${name} has its replicas`);
}

/** Nothing refers to an owner that is not there. */
function checkOwners(objects: readonly KubeObject[]): void {
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  for (const { kind, metadata } of objects)
    for (const owner of metadata.ownerReferences ?? [])
      assert.ok(uids.has(owner.uid), `${kind} ${metadata.name} is left of ${owner.name}`);
}

function allObjects(engine: Engine): readonly KubeObject[] {
  const client = engine.client("kubernetes-admin");
  return builtInKinds
    .filter(({ unstored, verbs, storedAs }) => !unstored && verbs.includes("list") && !storedAs)
    .flatMap((kind) => client.list<KubeObject>(kind as Kind).items);
}
