import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import type { RequestOptions } from "../../../src/api/request.ts";
import type { OwnerReference } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment } from "./objects.ts";

const web = { namespace: "default", name: "web" };

function makeDeployment(): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Deployment, deployment("web"));
  plane.run(5);
  return plane;
}

function remove(plane: ControlPlane, policy: RequestOptions["propagationPolicy"]): void {
  plane.client.delete(Deployment, web, policy ? { propagationPolicy: policy } : {});
}

function counts(plane: ControlPlane): readonly number[] {
  return [
    plane.client.list(Deployment, { namespace: "default" }).items.length,
    plane.client.list(ReplicaSet, { namespace: "default" }).items.length,
    plane.podList().length,
  ];
}

function makeMap(plane: ControlPlane, name: string, owners: readonly OwnerReference[] = []) {
  return plane.client.create(ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", ownerReferences: owners },
  });
}

function ownedBy(map: ReturnType<typeof makeMap>, block = true): OwnerReference {
  const { name, uid = "" } = map.metadata;
  return { apiVersion: "v1", kind: "ConfigMap", name, uid, blockOwnerDeletion: block };
}

function mapNames(plane: ControlPlane): readonly string[] {
  const { items } = plane.client.list(ConfigMap, { namespace: "default" });
  return items.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith("kube-"));
}

describe("Garbage collector", () => {
  it("in the background takes dependents after their owner", () => {
    const plane = makeDeployment();
    remove(plane, "Background");
    assert.deepEqual(counts(plane), [0, 1, 3]);
    plane.run(0.1);
    // The Pods are Terminating until their machine has ended them.
    assert.deepEqual(counts(plane), [0, 0, 3]);
    plane.run(2);
    assert.deepEqual(counts(plane), [0, 0, 0]);
  });

  it("in the foreground takes the owner last", () => {
    const plane = makeDeployment();
    remove(plane, "Foreground");
    plane.run(0.5);
    assert.deepEqual(counts(plane), [1, 1, 3]);
    assert.ok(plane.client.get(Deployment, web).metadata.deletionTimestamp);
    plane.run(2);
    assert.deepEqual(counts(plane), [0, 0, 0]);
  });

  it("lets dependents go on without their owner, if asked to", () => {
    const plane = makeDeployment();
    remove(plane, "Orphan");
    plane.run(5);
    assert.deepEqual(counts(plane), [0, 1, 3]);
    const [set] = plane.client.list(ReplicaSet, { namespace: "default" }).items;
    assert.deepEqual(set?.metadata.ownerReferences ?? [], []);
  });

  it("keeps what still has one living owner, and drops the reference to the dead one", () => {
    const plane = new ControlPlane();
    const [first, second] = [makeMap(plane, "first"), makeMap(plane, "second")];
    makeMap(plane, "shared", [ownedBy(first), ownedBy(second)]);
    plane.run(1);
    plane.client.delete(ConfigMap, { namespace: "default", name: "first" });
    plane.run(1);
    assert.deepEqual(mapNames(plane), ["second", "shared"]);
    const shared = plane.client.get(ConfigMap, { namespace: "default", name: "shared" });
    assert.deepEqual(
      shared.metadata.ownerReferences?.map(({ name }) => name),
      ["second"],
    );
    plane.client.delete(ConfigMap, { namespace: "default", name: "second" });
    plane.run(1);
    assert.deepEqual(mapNames(plane), []);
  });

  it("takes what names an owner that never existed", () => {
    const plane = new ControlPlane();
    const nobody = { apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid: "no-such-uid" };
    makeMap(plane, "child", [nobody]);
    plane.run(1);
    assert.deepEqual(mapNames(plane), []);
  });

  it("does not wait in the foreground for dependents that do not block", () => {
    const plane = new ControlPlane();
    const owner = makeMap(plane, "owner");
    plane.client.create(ConfigMap, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "held",
        namespace: "default",
        finalizers: ["example.com/hold"],
        ownerReferences: [ownedBy(owner, false)],
      },
    });
    plane.run(1);
    const key = { namespace: "default", name: "owner" };
    plane.client.delete(ConfigMap, key, { propagationPolicy: "Foreground" });
    plane.run(1);
    assert.deepEqual(mapNames(plane), ["held"]);
  });

  it("ends circles", () => {
    const plane = new ControlPlane();
    const a = makeMap(plane, "a");
    const b = makeMap(plane, "b", [ownedBy(a)]);
    plane.client.patch(
      ConfigMap,
      { namespace: "default", name: "a" },
      { metadata: { ownerReferences: [ownedBy(b)] } },
    );
    plane.run(1);
    const key = { namespace: "default", name: "a" };
    plane.client.delete(ConfigMap, key, { propagationPolicy: "Foreground" });
    plane.run(5);
    assert.deepEqual(mapNames(plane), []);
  });

  it("warns of an owner in another namespace", () => {
    const plane = new ControlPlane();
    const far = plane.client.create(ConfigMap, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "far", namespace: "kube-system" },
    });
    plane.run(1);
    makeMap(plane, "child", [ownedBy(far)]);
    plane.run(1);
    assert.deepEqual(mapNames(plane), []);
    assert.deepEqual(plane.eventsOf("child"), [
      `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: default, name: far, uid: ${far.metadata.uid}] does not exist in namespace "default"`,
    ]);
  });
});
