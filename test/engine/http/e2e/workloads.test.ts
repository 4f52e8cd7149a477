// "[sig-apps]" of the conformance tests: Deployments, ReplicaSets, ReplicationControllers, StatefulSets,
// DaemonSets. Source: test/e2e/apps, kubernetes v1.34.
import assert from "node:assert/strict";
import {
  apps,
  conditionOf,
  core,
  isRunning,
  ownersOf,
  pause,
  pod,
  podTemplate,
  WorkloadScene,
  webserver,
  workload,
} from "./workloadScene.ts";

const collections = [
  ["Deployment", `${apps}/deployments`],
  ["ReplicaSet", `${apps}/replicasets`],
  ["StatefulSet", `${apps}/statefulsets`],
  ["DaemonSet", `${apps}/daemonsets`],
] as const;

const scaled = [
  ...collections.filter(([kind]) => kind !== "DaemonSet"),
  ["ReplicationController", `${core}/replicationcontrollers`],
] as const;

describe("workloads of the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  for (const [kind, path] of collections) {
    it(`${kind} should validate ${kind} Status endpoints`, async () => {
      const { resourceVersion } = (await scene.list(path)).metadata;
      await scene.create(path, workload(kind, "test"));
      const count = kind === "DaemonSet" ? 2 : 1;
      await scene.podsRunning("test", count);
      const seen = await scene.see(`${path}/test/status`);
      const added = {
        type: "StatusUpdate",
        status: "True",
        reason: "E2E",
        message: "Set from e2e test",
      };
      const conditions = [...(seen.status.conditions ?? []), added];
      await scene.update(`${path}/test/status`, {
        ...seen,
        status: { ...seen.status, conditions },
      });
      scene.run(5_000);
      const payload = { status: { conditions: [{ type: "StatusPatched", status: "True" }] } };
      const patched = (await scene.patch(`${path}/test/status`, payload)) as never;
      assert.ok(conditionOf(patched, "StatusPatched"));
      const watch = await scene.watch(
        `${path}?watch=true&resourceVersion=${resourceVersion}&labelSelector=app%3Dtest`,
      );
      const types = watch
        .frames()
        .map(({ object }) =>
          (object as unknown as typeof seen).status.conditions?.map(
            ({ type }: { type: string }) => type,
          ),
        );
      assert.ok(types.some((all) => all?.includes("StatusUpdate")));
      assert.ok(types.some((all) => all?.includes("StatusPatched")));
    });

    it(`${kind} should list and delete a collection of ${kind}s`, async () => {
      await scene.create(path, workload(kind, "test", kind === "DaemonSet" ? {} : { replicas: 2 }));
      await scene.podsRunning("test", 2);
      const everywhere = `${path.replace("/namespaces/default", "")}?labelSelector=app%3Dtest`;
      assert.equal((await scene.list(everywhere)).items.length, 1);
      await scene.delete(`${path}?labelSelector=app%3Dtest`, { gracePeriodSeconds: 1 });
      assert.equal((await scene.list(everywhere)).items.length, 0);
      await scene.until(
        60,
        "the Pods are gone",
        async () => (await scene.pods("test")).length === 0,
      );
    });
  }

  for (const [kind, path] of scaled)
    it(`${kind} should have a working scale subresource`, async () => {
      await scene.create(path, workload(kind, "test", { replicas: 1 }));
      await scene.podsRunning("test", 1);
      const scale = await scene.see(`${path}/test/scale`);
      assert.deepEqual([scale.spec.replicas, scale.status.replicas], [1, 1]);
      const { resourceVersion: _, ...metadata } = scale.metadata;
      const updated = await scene.update(`${path}/test/scale`, {
        ...scale,
        metadata,
        spec: { replicas: 2 },
      });
      assert.equal((updated as typeof scale).spec.replicas, 2);
      assert.equal((await scene.see(`${path}/test`)).spec.replicas, 2);
      const payload = {
        metadata: { creationTimestamp: null },
        spec: { replicas: 4 },
        status: { replicas: 0 },
      };
      await scene.patch(`${path}/test/scale`, payload, "strategic-merge");
      assert.equal((await scene.see(`${path}/test`)).spec.replicas, 4);
      await scene.podsRunning("test", 4);
    });

  for (const [kind, path] of [
    ["ReplicaSet", `${apps}/replicasets`],
    ["ReplicationController", `${core}/replicationcontrollers`],
  ] as const)
    it(`${kind} should adopt matching pods on creation and release no longer matching pods`, async () => {
      await scene.create(`${core}/pods`, pod("adopted", {}, { labels: { app: "test" } }));
      await scene.podsRunning("test", 1);
      await scene.create(path, workload(kind, "test", { replicas: 1 }));
      await scene.field(`${core}/pods/adopted`, "owner", (seen) => ownersOf(seen).includes("test"));
      const seen = await scene.see(`${core}/pods/adopted`);
      await scene.update(`${core}/pods/adopted`, {
        ...seen,
        metadata: { ...seen.metadata, labels: { app: "no" } },
      });
      await scene.field(`${core}/pods/adopted`, "release", (one) => ownersOf(one).length === 0);
      await scene.podsRunning("test", 1);
    });

  it("ReplicationController should surface a failure condition on a common issue like exceeded quota", async () => {
    const path = `${core}/replicationcontrollers`;
    await scene.create(`${core}/resourcequotas`, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "condition-test" },
      spec: { hard: { pods: "2" } },
    });
    await scene.field(
      `${core}/resourcequotas/condition-test`,
      "hard",
      ({ status }) => status.hard?.pods === "2",
    );
    await scene.create(path, workload("ReplicationController", "test", { replicas: 3 }));
    const failed = await scene.field(
      `${path}/test`,
      "failure",
      (one) => conditionOf(one, "ReplicaFailure") !== undefined,
    );
    assert.equal(failed.status.observedGeneration, 1);
    const seen = await scene.see(`${path}/test`);
    await scene.update(`${path}/test`, { ...seen, spec: { ...seen.spec, replicas: 2 } });
    const mended = await scene.field(
      `${path}/test`,
      "no failure",
      (one) => conditionOf(one, "ReplicaFailure") === undefined,
    );
    assert.equal(mended.status.observedGeneration, 2);
  });

  it("ReplicationController should test the lifecycle of a ReplicationController", async () => {
    const path = `${core}/replicationcontrollers`;
    const watch = await scene.watch(`${path}?watch=true&labelSelector=app%3Dtest`);
    await scene.create(path, workload("ReplicationController", "test", { replicas: 1 }));
    await scene.podsRunning("test", 1);
    await scene.patch(
      `${path}/test`,
      { metadata: { labels: { "test-rc": "patched" } } },
      "strategic-merge",
    );
    const status = { status: { readyReplicas: 0, availableReplicas: 0 } };
    await scene.patch(`${path}/test/status`, status, "strategic-merge");
    await scene.field(`${path}/test`, "readiness", (one) => one.status.readyReplicas === 1);
    const seen = await scene.see(`${path}/test/status`);
    await scene.update(`${path}/test/status`, {
      ...seen,
      metadata: { ...seen.metadata, labels: { app: "test", "test-rc": "patched" } },
    });
    await scene.patch(`${path}/test/scale`, { spec: { replicas: 2 } }, "strategic-merge");
    await scene.podsRunning("test", 2);
    await scene.delete(`${path}?labelSelector=test-rc%3Dpatched`);
    // A v1 ReplicationController leaves its Pods behind, unless one says otherwise.
    scene.run(1_000);
    assert.equal((await scene.list(path)).items.length, 0);
    await scene.told();
    assert.equal(watch.frames().at(-1)?.type, "DELETED");
  });

  it("ReplicaSet Replace and Patch tests", async () => {
    const path = `${apps}/replicasets`;
    await scene.create(path, workload("ReplicaSet", "test", { replicas: 1 }));
    await scene.podsRunning("test", 1);
    const containers = [{ name: "test", image: pause }];
    await scene.patch(
      `${path}/test`,
      {
        metadata: { labels: { "test-rs": "patched" } },
        spec: { replicas: 3, template: { spec: { terminationGracePeriodSeconds: 0, containers } } },
      },
      "strategic-merge",
    );
    const seen = await scene.field(
      `${path}/test`,
      "availability",
      ({ status }) => status.availableReplicas === 3,
    );
    assert.equal(seen.spec.template.spec.containers[0].image, pause);
  });

  it("Deployment RecreateDeployment should delete old pods and create new ones", async () => {
    const path = `${apps}/deployments`;
    await scene.create(path, workload("Deployment", "test", { strategy: { type: "Recreate" } }));
    await scene.podsRunning("test", 1);
    const watch = await scene.watch(`${core}/pods?watch=true&labelSelector=app%3Dtest`);
    const { spec } = workload("Deployment", "test", {}, podTemplate("test", pause));
    await scene.patch(`${path}/test`, { spec: { template: spec.template } }, "strategic-merge");
    await scene.field(
      `${path}/test`,
      "update",
      ({ status }) => status.updatedReplicas === 1 && status.availableReplicas === 1,
    );
    await scene.told();
    // No new Pod runs while an old one does.
    const frames = watch.frames().map(({ type, object }) => [type, object.metadata?.name]);
    const old = frames[0]?.[1];
    const end = frames.findIndex(([type, name]) => type === "DELETED" && name === old);
    const begin = frames.findIndex(([, name]) => name !== old);
    assert.ok(end >= 0 && end < begin, JSON.stringify(frames));
  });

  it("Deployment RollingUpdateDeployment should delete old pods and create new ones", async () => {
    const set = workload("ReplicaSet", "test", { replicas: 1 });
    const annotations = { "deployment.kubernetes.io/revision": "3546343826724305832" };
    await scene.create(`${apps}/replicasets`, {
      ...set,
      metadata: { ...set.metadata, annotations },
    });
    await scene.podsRunning("test", 1);
    const template = podTemplate("test", pause);
    await scene.create(
      `${apps}/deployments`,
      workload("Deployment", "test", { replicas: 1 }, template),
    );
    const path = `${apps}/deployments/test`;
    await scene.field(
      path,
      "revision",
      ({ metadata }) =>
        metadata.annotations?.["deployment.kubernetes.io/revision"] === "3546343826724305833",
    );
    await scene.field(
      path,
      "update",
      ({ status }) =>
        status.updatedReplicas === 1 && status.replicas === 1 && status.availableReplicas === 1,
    );
    const sets = await scene.seeAll(`${apps}/replicasets`);
    assert.deepEqual(sets.map(({ spec }) => spec.replicas).toSorted(), [0, 1]);
    assert.ok(sets.every((one) => ownersOf(one).includes("test")));
  });

  it("Deployment deployment should delete old replica sets", async () => {
    await scene.create(`${apps}/replicasets`, workload("ReplicaSet", "test", { replicas: 1 }));
    await scene.podsRunning("test", 1);
    const spec = { replicas: 1, revisionHistoryLimit: 0 };
    await scene.create(
      `${apps}/deployments`,
      workload("Deployment", "test", spec, podTemplate("test", pause)),
    );
    await scene.until(
      300,
      "one ReplicaSet is left",
      async () => (await scene.seeAll(`${apps}/replicasets`)).length === 1,
    );
  });

  it("Deployment deployment should support rollover", async () => {
    await scene.create(`${apps}/replicasets`, workload("ReplicaSet", "test", { replicas: 1 }));
    await scene.podsRunning("test", 1);
    const strategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    const bad = podTemplate("test", "gcr.io/google_samples/gb-redisslave:nonexistent");
    await scene.create(
      `${apps}/deployments`,
      workload("Deployment", "test", { replicas: 1, minReadySeconds: 10, strategy }, bad),
    );
    scene.run(5_000);
    const containers = [{ name: "test", image: pause }];
    await scene.patch(
      `${apps}/deployments/test`,
      { spec: { template: { spec: { containers } } } },
      "strategic-merge",
    );
    await scene.field(
      `${apps}/deployments/test`,
      "update",
      ({ status }) =>
        status.updatedReplicas === 1 && status.replicas === 1 && status.availableReplicas === 1,
    );
    const sets = await scene.seeAll(`${apps}/replicasets`);
    assert.deepEqual(sets.map(({ spec }) => spec.replicas).toSorted(), [0, 0, 1]);
  });

  it("Deployment deployment should support proportional scaling", async () => {
    const path = `${apps}/deployments`;
    const strategy = { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    await scene.create(path, workload("Deployment", "test", { replicas: 10, strategy }));
    await scene.podsRunning("test", 10);
    const containers = [{ name: "test", image: "webserver:404" }];
    await scene.patch(
      `${path}/test`,
      { spec: { template: { spec: { containers } } } },
      "strategic-merge",
    );
    const sizes = async () =>
      (await scene.seeAll(`${apps}/replicasets`))
        .map(({ spec }) => spec.replicas)
        .toSorted((a, b) => a - b);
    await scene.until(60, "8 and 5", async () => (await sizes()).join() === "5,8");
    await scene.patch(`${path}/test`, { spec: { replicas: 30 } });
    await scene.until(60, "20 and 13", async () => (await sizes()).join() === "13,20");
  });

  it("Deployment should run the lifecycle of a Deployment", async () => {
    const path = `${apps}/deployments`;
    const { resourceVersion } = (await scene.list(path)).metadata;
    await scene.create(path, workload("Deployment", "test", { replicas: 2 }));
    await scene.field(`${path}/test`, "readiness", ({ status }) => status.readyReplicas === 2);
    const containers = [{ name: "test", image: pause }];
    const patch = {
      metadata: { labels: { "test-deployment": "patched" } },
      spec: { replicas: 1, template: { spec: { containers } } },
    };
    await scene.patch(`${path}/test`, patch, "strategic-merge");
    await scene.field(
      `${path}/test`,
      "readiness",
      ({ status }) => status.readyReplicas === 1 && status.updatedReplicas === 1,
    );
    const everywhere = "/apis/apps/v1/deployments?labelSelector=app%3Dtest";
    assert.equal((await scene.list(everywhere)).items.length, 1);
    const seen = await scene.see(`${path}/test/status`);
    await scene.update(`${path}/test/status`, {
      ...seen,
      status: { ...seen.status, readyReplicas: 2 },
    });
    await scene.patch(
      `${path}/test/status`,
      { status: { readyReplicas: 0, availableReplicas: 0 } },
      "strategic-merge",
    );
    await scene.field(
      `${path}/test`,
      "readiness set right",
      ({ status }) => status.readyReplicas === 1,
    );
    await scene.delete(`${path}?labelSelector=app%3Dtest`, { gracePeriodSeconds: 1 });
    const watch = await scene.watch(
      `${path}?watch=true&resourceVersion=${resourceVersion}&labelSelector=app%3Dtest`,
    );
    const types = watch.frames().map(({ type }) => type);
    assert.deepEqual([types[0], types.at(-1)], ["ADDED", "DELETED"]);
    const ready = watch
      .frames()
      .map(({ object }) => (object as unknown as typeof seen).status.readyReplicas ?? 0);
    assert.ok(ready.includes(2) && ready.includes(0));
  });

  const ordered = (replicas: number, image = webserver) =>
    workload("StatefulSet", "ss", { replicas }, podTemplate("ss", image, {}));
  const sets = `${apps}/statefulsets`;

  it("StatefulSet should perform rolling updates and roll backs of template modifications", async () => {
    await scene.create(sets, ordered(3));
    await scene.podsRunning("ss", 3);
    const first = await scene.field(
      `${sets}/ss`,
      "revision",
      ({ status }) => status.currentRevision === status.updateRevision,
    );
    const imageIs = async (image: string) => {
      await scene.patch(
        `${sets}/ss`,
        { spec: { template: podTemplate("ss", image) } },
        "strategic-merge",
      );
      await scene.field(
        `${sets}/ss`,
        `${image} everywhere`,
        ({ status, metadata }) =>
          status.observedGeneration ===
            (metadata as unknown as { generation: number }).generation &&
          status.updatedReplicas === 3 &&
          status.currentRevision === status.updateRevision &&
          status.readyReplicas === 3,
      );
      assert.ok((await scene.pods("ss")).every(({ spec }) => spec.containers[0].image === image));
    };
    await imageIs(pause);
    await imageIs(webserver);
    const last = await scene.see(`${sets}/ss`);
    assert.equal(last.status.currentRevision, first.status.currentRevision);
  });

  it("StatefulSet should perform canary updates and phased rolling updates of template modifications", async () => {
    const set = ordered(3);
    const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 3 } };
    await scene.create(sets, { ...set, spec: { ...set.spec, updateStrategy } });
    await scene.podsRunning("ss", 3);
    await scene.patch(
      `${sets}/ss`,
      { spec: { template: podTemplate("ss", pause) } },
      "strategic-merge",
    );
    scene.run(20_000);
    const imagesOf = async () =>
      (await scene.pods("ss")).map(({ spec }) => spec.containers[0].image);
    assert.deepEqual(await imagesOf(), [webserver, webserver, webserver]);
    for (const [partition, images] of [
      [2, [webserver, webserver, pause]],
      [1, [webserver, pause, pause]],
      [0, [pause, pause, pause]],
    ] as const) {
      await scene.patch(`${sets}/ss`, {
        spec: { updateStrategy: { rollingUpdate: { partition } } },
      });
      const holds = async () =>
        (await imagesOf()).join() === images.join() && (await scene.running("ss")) === 3;
      await scene.until(120, `partition ${partition}`, holds);
    }
  });

  it("StatefulSet Scaling should happen in predictable order and halt if any stateful pod is unhealthy", async () => {
    const set = ordered(1);
    const readinessGates = [{ conditionType: "e2e/healthy" }];
    const template = podTemplate("ss", pause, { readinessGates });
    await scene.create(sets, { ...set, spec: { ...set.spec, template } });
    scene.run(20_000);
    await scene.patch(`${sets}/ss`, { spec: { replicas: 3 } });
    scene.run(20_000);
    assert.equal((await scene.pods("ss")).length, 1, "halts while ss-0 is not ready");
    const heal = (name: string, status: string) =>
      scene.patch(
        `${core}/pods/${name}/status`,
        { status: { conditions: [{ type: "e2e/healthy", status }] } },
        "strategic-merge",
      );
    for (const name of ["ss-0", "ss-1", "ss-2"]) {
      await scene.until(
        60,
        `${name} is there`,
        async () => (await scene.cluster.json("GET", `${core}/pods/${name}`)).code === 200,
      );
      await heal(name, "True");
    }
    await scene.podsRunning("ss", 3);
    for (const name of ["ss-0", "ss-1", "ss-2"]) await heal(name, "False");
    await scene.podsRunning("ss", 0);
    await scene.patch(`${sets}/ss`, { spec: { replicas: 0 } });
    scene.run(20_000);
    assert.equal((await scene.pods("ss")).length, 3, "halts while ss-2 is not ready");
    for (const name of ["ss-0", "ss-1", "ss-2"]) await heal(name, "True");
    await scene.until(120, "all are gone", async () => (await scene.pods("ss")).length === 0);
  });

  it("StatefulSet Burst scaling should run to completion even with unhealthy pods", async () => {
    const set = ordered(3);
    const template = podTemplate("ss", pause, {
      readinessGates: [{ conditionType: "e2e/healthy" }],
    });
    await scene.create(sets, {
      ...set,
      spec: { ...set.spec, podManagementPolicy: "Parallel", template },
    });
    scene.run(20_000);
    const phases = (await scene.pods("ss")).map(({ status }) => status.phase);
    assert.deepEqual(phases, ["Running", "Running", "Running"]);
    await scene.patch(`${sets}/ss`, { spec: { replicas: 0 } });
    await scene.until(60, "all are gone", async () => (await scene.pods("ss")).length === 0);
  });

  it("StatefulSet Should recreate evicted statefulset", async () => {
    const nodeName = "worker-1";
    const ports = [{ containerPort: 21017, hostPort: 21017 }];
    const conflicting = { nodeName, containers: [{ name: "c", image: pause, ports }] };
    await scene.create(`${core}/pods`, pod("test-pod", conflicting));
    await scene.podsRunning("test-pod", 1);
    const set = ordered(1);
    const template = podTemplate("ss", pause, conflicting);
    await scene.create(sets, { ...set, spec: { ...set.spec, template } });
    const watch = await scene.watch(`${core}/pods?watch=true&fieldSelector=metadata.name%3Dss-0`);
    scene.run(5_000);
    await scene.told();
    const phases = watch
      .frames()
      .map(
        ({ type, object }) =>
          `${type} ${(object as unknown as { status: { phase: string } }).status.phase}`,
      );
    assert.ok(phases.includes("MODIFIED Failed"), phases.join());
    assert.ok(phases.some((one) => one.startsWith("DELETED")));
    await scene.delete(`${core}/pods/test-pod`);
    await scene.podsRunning("ss", 1);
  });

  const daemons = `${apps}/daemonsets`;

  it("Daemon set should run and stop simple daemon", async () => {
    await scene.create(daemons, workload("DaemonSet", "ds"));
    await scene.field(
      `${daemons}/ds`,
      "daemons everywhere",
      ({ status }) =>
        status.desiredNumberScheduled === 2 &&
        status.currentNumberScheduled === 2 &&
        status.numberReady === 2,
    );
    const [first] = await scene.pods("ds");
    await scene.delete(`${core}/pods/${first?.metadata.name}`);
    await scene.podsRunning("ds", 2);
    assert.ok(
      !(await scene.pods("ds")).some(({ metadata }) => metadata.uid === first?.metadata.uid),
    );
    await scene.delete(`${daemons}/ds`, { propagationPolicy: "Background" });
    await scene.until(60, "no daemon is left", async () => (await scene.pods("ds")).length === 0);
  });

  it("Daemon set should run and stop complex daemon", async () => {
    const color = (value: string) => ({ metadata: { labels: { "daemonset-color": value } } });
    const template = (value: string) =>
      podTemplate("ds", pause, { nodeSelector: { "daemonset-color": value } });
    await scene.create(daemons, workload("DaemonSet", "ds", {}, template("blue")));
    scene.run(5_000);
    assert.equal(await scene.running("ds"), 0);
    await scene.patch("/api/v1/nodes/worker-1", color("blue"), "strategic-merge");
    await scene.podsRunning("ds", 1);
    await scene.patch("/api/v1/nodes/worker-1", color("green"), "strategic-merge");
    await scene.until(60, "the daemon is gone", async () => (await scene.pods("ds")).length === 0);
    const seen = await scene.see(`${daemons}/ds`);
    const updateStrategy = { type: "RollingUpdate" };
    await scene.update(`${daemons}/ds`, {
      ...seen,
      spec: { ...seen.spec, updateStrategy, template: template("green") },
    });
    await scene.podsRunning("ds", 1);
  });

  it("Daemon set should retry creating failed daemon pods", async () => {
    await scene.create(daemons, workload("DaemonSet", "ds"));
    await scene.podsRunning("ds", 2);
    const [listed] = await scene.pods("ds");
    const first = await scene.see(`${core}/pods/${listed?.metadata.name}`);
    const { resourceVersion: _, ...metadata } = first.metadata;
    await scene.update(`${core}/pods/${metadata.name}/status`, {
      ...first,
      metadata,
      status: { ...first.status, phase: "Failed" },
    });
    await scene.gone(`${core}/pods/${metadata.name}`);
    await scene.podsRunning("ds", 2);
  });

  it("Daemon set should update pod when spec was updated and update strategy is RollingUpdate", async () => {
    await scene.create(
      daemons,
      workload("DaemonSet", "ds", { updateStrategy: { type: "RollingUpdate" } }),
    );
    await scene.podsRunning("ds", 2);
    const revisions = () => scene.seeAll(`${apps}/controllerrevisions?labelSelector=app%3Dds`);
    assert.equal((await revisions()).length, 1);
    await scene.patch(
      `${daemons}/ds`,
      { spec: { template: podTemplate("ds", pause) } },
      "strategic-merge",
    );
    const holds = async () => {
      const pods = await scene.pods("ds");
      return (
        pods.length === 2 &&
        pods.every((one) => isRunning(one) && one.spec.containers[0].image === pause)
      );
    };
    await scene.until(120, "all are updated", holds);
    const hashes = (await revisions()).map(
      ({ metadata }) => metadata.labels?.["controller-revision-hash"],
    );
    const [daemon] = await scene.pods("ds");
    assert.equal(hashes.length, 2);
    assert.ok(hashes.includes(daemon?.metadata.labels?.["controller-revision-hash"]));
  });

  it("Daemon set should rollback without unnecessary restarts", async () => {
    await scene.create(
      daemons,
      workload("DaemonSet", "ds", { updateStrategy: { type: "RollingUpdate" } }),
    );
    await scene.podsRunning("ds", 2);
    const before = (await scene.pods("ds")).map(({ metadata }) => metadata.name);
    const image = (name: string) =>
      scene.patch(
        `${daemons}/ds`,
        { spec: { template: podTemplate("ds", name) } },
        "strategic-merge",
      );
    await image("foo:non-existent");
    const isUnderWay = async () =>
      (await scene.pods("ds")).some(({ spec }) => spec.containers[0].image === "foo:non-existent");
    await scene.until(60, "the rollout is under way", isUnderWay);
    await image(webserver);
    await scene.podsRunning("ds", 2);
    const after = await scene.pods("ds");
    const kept = after.filter(({ metadata }) => before.includes(metadata.name));
    assert.equal(kept.length, 1);
    assert.equal(kept[0]?.status.containerStatuses[0].restartCount, 0);
  });
});
