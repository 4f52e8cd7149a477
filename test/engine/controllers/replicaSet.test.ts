import assert from "node:assert/strict";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import { controllerOf, keyOf } from "../../../src/api/object.ts";
import { ControlPlane } from "./controlPlane.ts";
import { replicaSet, template } from "./objects.ts";

const web = { namespace: "default", name: "web" };

function makeSet(replicas = 3): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(ReplicaSet, replicaSet("web", { replicas }));
  return plane;
}

function statusOf(plane: ControlPlane) {
  return plane.client.get(ReplicaSet, web).status;
}

describe("ReplicaSet controller", () => {
  it("makes the Pods and says so", () => {
    const plane = makeSet();
    plane.run(3);
    const pods = plane.podList();
    assert.equal(pods.length, 3);
    assert.ok(pods.every(({ metadata }) => /^web-[a-z0-9]{5}$/.test(metadata.name)));
    assert.ok(pods.every((pod) => controllerOf(pod)?.name === "web"));
    assert.deepEqual(
      plane.eventsOf("web").toSorted(),
      pods.map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`).toSorted(),
    );
    assert.deepEqual(statusOf(plane), {
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
  });

  it("never makes a Pod too many while its cache lags", () => {
    const plane = makeSet(50);
    plane.run(5);
    const created = plane
      .traced("request")
      .filter((event) => event.type === "request" && event.verb === "create")
      .filter(
        (event) => event.type === "request" && event.target.kind === "Pod" && !event.subresource,
      );
    assert.equal(created.length, 50);
  });

  it("replaces a Pod as soon as its deletion is asked for", () => {
    const plane = makeSet(1);
    plane.run(3);
    const [first] = plane.podList();
    assert.ok(first);
    plane.client.delete(Pod, keyOf(first));
    plane.run(0.1);
    assert.equal(plane.podList().length, 2);
    plane.run(5);
    const left = plane.podList().map(({ metadata }) => metadata.name);
    assert.equal(left.length, 1);
    assert.notEqual(left[0], first.metadata.name);
  });

  it("adopts a matching orphan instead of making a Pod", () => {
    const plane = new ControlPlane();
    plane.addMachine("worker");
    const { metadata, spec } = template();
    plane.client.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "lone", namespace: "default", labels: metadata.labels },
      spec,
    });
    plane.run(2);
    plane.client.create(ReplicaSet, replicaSet("web", { replicas: 1 }));
    plane.run(2);
    const pods = plane.podList();
    assert.deepEqual(
      pods.map((pod) => [pod.metadata.name, controllerOf(pod)?.name]),
      [["lone", "web"]],
    );
  });

  it("releases a Pod whose labels no longer match, and makes another", () => {
    const plane = makeSet(1);
    plane.run(3);
    const [first] = plane.podList();
    assert.ok(first);
    plane.client.patch(Pod, keyOf(first), { metadata: { labels: { app: "other" } } });
    plane.run(3);
    const owners = plane.podList().map((pod) => controllerOf(pod)?.name);
    assert.deepEqual(owners.toSorted(), ["web", undefined]);
  });

  it("counts a Pod as available minReadySeconds after it became ready", () => {
    const plane = new ControlPlane();
    plane.addMachine("worker");
    plane.client.create(ReplicaSet, replicaSet("web", { replicas: 1, minReadySeconds: 20 }));
    const ready = plane.runUntil(() => statusOf(plane)?.readyReplicas === 1);
    const available = plane.runUntil(() => statusOf(plane)?.availableReplicas === 1);
    assert.ok(Math.abs(available - ready - 20) < 1, `${available - ready}`);
  });

  it("starts slowly and says why when the server refuses", () => {
    const plane = new ControlPlane();
    const { metadata, spec } = template();
    const nobodys = { metadata, spec: { ...spec, serviceAccountName: "nobody" } };
    plane.client.create(ReplicaSet, replicaSet("web", { replicas: 10, template: nobodys }));
    plane.run(0.004);
    const [failure] = statusOf(plane)?.conditions ?? [];
    assert.equal(failure?.type, "ReplicaFailure");
    assert.equal(failure?.reason, "FailedCreate");
    // One try, and a second one because the status changed: not ten. Both say the same.
    const refused = 'pods "web-" is forbidden: error looking up service account default/nobody';
    assert.deepEqual(plane.eventsOf("web"), [
      `FailedCreate: Error creating: ${refused}: serviceaccount "nobody" not found`,
    ]);
    plane.run(60);
    const failed = plane
      .traced("reconcile")
      .filter(
        (event) => event.type === "reconcile" && event.controller === "replicaset-controller",
      );
    // 5 ms, 10 ms, 20 ms, ... fit into a minute 14 times.
    assert.ok(failed.length >= 13 && failed.length <= 15, `${failed.length} runs`);
  });

  it("names itself as the cause of what it writes", () => {
    const plane = makeSet(1);
    plane.run(1);
    const create = plane
      .traced("request")
      .find((event) => event.type === "request" && event.target.kind === "Pod");
    const cause = plane.trace.get(create?.cause ?? 0);
    assert.deepEqual(
      cause?.type === "reconcile" && [cause.controller, cause.key, cause.writes],
      // The Pod, its Event and the status.
      ["replicaset-controller", "default/web", 3],
    );
    const origin = plane.trace.get(cause?.cause ?? 0);
    assert.equal(origin?.type === "request" && origin.target.kind, "ReplicaSet");
  });
});
