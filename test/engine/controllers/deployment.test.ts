import assert from "node:assert/strict";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import type { Deployment as DeploymentObject } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment, template } from "./objects.ts";

const web = { namespace: "default", name: "web" };

function deploy(spec: Partial<DeploymentObject["spec"]> = {}): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Deployment, deployment("web", spec));
  return plane;
}

function read(plane: ControlPlane): DeploymentObject {
  return plane.client.get(Deployment, web);
}

function change(plane: ControlPlane, spec: Record<string, unknown>): void {
  plane.client.patch(Deployment, web, { spec });
}

function sets(plane: ControlPlane) {
  return plane.client.list(ReplicaSet, { namespace: "default" }).items;
}

function conditions(plane: ControlPlane): Record<string, string> {
  const list = read(plane).status?.conditions ?? [];
  return Object.fromEntries(list.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

/** Image → replicas of the ReplicaSets. */
function sizes(plane: ControlPlane): Record<string, number> {
  return Object.fromEntries(
    sets(plane).map(({ spec }) => [spec.template?.spec?.containers[0]?.image, spec.replicas ?? 0]),
  );
}

function isRolledOut(plane: ControlPlane): boolean {
  return conditions(plane).Progressing === "True NewReplicaSetAvailable";
}

function withoutHashes(events: readonly string[]): readonly string[] {
  return events.map((event) => event.replace(/web-[a-z0-9]{5,10}/g, "web-#"));
}

describe("Deployment controller", () => {
  it("makes one ReplicaSet, named and labelled by the template's hash", () => {
    const plane = deploy();
    plane.run(5);
    const [set, ...others] = sets(plane);
    assert.equal(others.length, 0);
    const hash = set?.metadata.labels?.["pod-template-hash"] ?? "";
    assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
    assert.equal(set?.metadata.name, `web-${hash}`);
    assert.equal(set?.spec.selector.matchLabels?.["pod-template-hash"], hash);
    assert.deepEqual(set?.metadata.annotations, {
      "deployment.kubernetes.io/revision": "1",
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
    });
    assert.equal(read(plane).metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
    assert.deepEqual(withoutHashes(plane.eventsOf("web")), [
      "ScalingReplicaSet: Scaled up replica set web-# from 0 to 3",
    ]);
  });

  it("tells how the first rollout went", () => {
    const plane = deploy();
    plane.run(5);
    const { conditions: list, ...counts } = read(plane).status ?? {};
    assert.deepEqual(counts, {
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    const name = sets(plane)[0]?.metadata.name;
    assert.deepEqual(
      list?.map(({ type, status, reason, message }) => [type, status, reason, message]),
      [
        ["Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."],
        [
          "Progressing",
          "True",
          "NewReplicaSetAvailable",
          `ReplicaSet "${name}" has successfully progressed.`,
        ],
      ],
    );
  });

  it("rolls within its surge and its unavailability", () => {
    const plane = deploy({ replicas: 4 });
    plane.run(5);
    change(plane, { template: template("nginx:2") });
    for (let step = 0; step < 100; step++) {
      plane.run(0.1);
      const { replicas = 0, availableReplicas = 0 } = read(plane).status ?? {};
      assert.ok(replicas <= 5, `${replicas} replicas`);
      assert.ok(availableReplicas >= 3, `${availableReplicas} available`);
    }
    assert.ok(isRolledOut(plane));
    assert.deepEqual(sizes(plane), { "nginx:1": 0, "nginx:2": 4 });
    assert.deepEqual(withoutHashes(plane.eventsOf("web")), [
      "ScalingReplicaSet: Scaled up replica set web-# from 0 to 4",
      "ScalingReplicaSet: Scaled up replica set web-# from 0 to 1",
      "ScalingReplicaSet: Scaled down replica set web-# from 4 to 3",
      "ScalingReplicaSet: Scaled up replica set web-# from 1 to 2",
      "ScalingReplicaSet: Scaled down replica set web-# from 3 to 2",
      "ScalingReplicaSet: Scaled up replica set web-# from 2 to 3",
      "ScalingReplicaSet: Scaled down replica set web-# from 2 to 1",
      "ScalingReplicaSet: Scaled up replica set web-# from 3 to 4",
      "ScalingReplicaSet: Scaled down replica set web-# from 1 to 0",
    ]);
  });

  it("goes back to a revision under a new number", () => {
    const plane = deploy();
    plane.run(5);
    change(plane, { template: template("nginx:2") });
    plane.run(20);
    change(plane, { template: template("nginx:1") });
    plane.run(20);
    assert.deepEqual(sizes(plane), { "nginx:1": 3, "nginx:2": 0 });
    const first = sets(plane).find(({ spec }) => spec.replicas === 3);
    assert.equal(first?.metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
    assert.equal(first?.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
    assert.equal(read(plane).metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
  });

  it("keeps revisionHistoryLimit old ReplicaSets", () => {
    const plane = deploy({ replicas: 1, revisionHistoryLimit: 2 });
    for (const version of [2, 3, 4, 5, 6]) {
      plane.run(10);
      change(plane, { template: template(`nginx:${version}`) });
    }
    plane.run(30);
    assert.deepEqual(Object.keys(sizes(plane)).toSorted(), ["nginx:4", "nginx:5", "nginx:6"]);
  });

  it("takes all old Pods down first with Recreate", () => {
    const plane = deploy({ strategy: { type: "Recreate" } });
    plane.run(5);
    change(plane, { template: template("nginx:2") });
    const images = new Set<string>();
    for (let step = 0; step < 100; step++) {
      plane.run(0.1);
      const running = new Set(plane.podList().map(({ spec }) => spec.containers[0]?.image));
      images.add([...running].toSorted().join("+"));
    }
    assert.ok(isRolledOut(plane));
    assert.ok(!images.has("nginx:1+nginx:2"), [...images].join(" "));
  });

  it("says that the rollout is stuck once its deadline is over", () => {
    const plane = deploy({ progressDeadlineSeconds: 60 });
    plane.run(5);
    const machine = plane.machines.get("worker");
    if (machine) machine.startsReady = false;
    change(plane, { template: template("nginx:2") });
    plane.run(50);
    assert.equal(conditions(plane).Progressing, "True ReplicaSetUpdated");
    plane.run(20);
    assert.equal(conditions(plane).Progressing, "False ProgressDeadlineExceeded");
    assert.equal(conditions(plane).Available, "True MinimumReplicasAvailable");
    assert.deepEqual(sizes(plane), { "nginx:1": 3, "nginx:2": 1 });
  });

  it("does nothing while it is paused, and says so", () => {
    const plane = deploy();
    plane.run(5);
    change(plane, { paused: true, template: template("nginx:2") });
    plane.run(5);
    assert.deepEqual(sizes(plane), { "nginx:1": 3 });
    assert.equal(conditions(plane).Progressing, "Unknown DeploymentPaused");
    change(plane, { paused: false });
    plane.run(20);
    assert.deepEqual(sizes(plane), { "nginx:1": 0, "nginx:2": 3 });
  });

  it("scales in proportion in the midst of a rollout", () => {
    const plane = deploy({
      replicas: 10,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    plane.run(5);
    const machine = plane.machines.get("worker");
    if (machine) machine.startsReady = false;
    change(plane, { template: template("nginx:2") });
    plane.run(5);
    assert.deepEqual(sizes(plane), { "nginx:1": 8, "nginx:2": 5 });
    change(plane, { replicas: 15 });
    plane.run(1);
    // 8:5 of 18, as in Kubernetes' own documentation of proportional scaling.
    assert.deepEqual(sizes(plane), { "nginx:1": 11, "nginx:2": 7 });
  });

  it("starts a new rollout before the last one ended", () => {
    const plane = deploy();
    plane.run(5);
    const machine = plane.machines.get("worker");
    if (machine) machine.startsReady = false;
    change(plane, { template: template("nginx:2") });
    plane.run(5);
    if (machine) machine.startsReady = true;
    change(plane, { template: template("nginx:3") });
    plane.run(20);
    assert.ok(isRolledOut(plane));
    assert.deepEqual(sizes(plane), { "nginx:1": 0, "nginx:2": 0, "nginx:3": 3 });
  });
});
