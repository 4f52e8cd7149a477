// What conformance tests ask of the garbage collector, namespaces, quotas, nodes and the scheduler.
// Source: test/e2e/{apimachinery,auth,node,scheduling,network,storage}, kubernetes v1.34.
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
  type Seen,
  WorkloadScene,
  workload,
} from "./workloadScene.ts";

const controllers = `${core}/replicationcontrollers`;
const controller = (name: string, replicas: number) =>
  workload("ReplicationController", name, { replicas }, podTemplate(name, pause));
const ownerOf = (
  { metadata, kind = "ReplicationController", apiVersion = "v1" }: Seen,
  more = {},
) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  ...more,
});

describe("the garbage collector in the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  it("should delete RS created by deployment when not orphaning", async () => {
    await scene.create(`${apps}/deployments`, workload("Deployment", "foo", { replicas: 2 }));
    await scene.podsRunning("foo", 2);
    await scene.delete(`${apps}/deployments/foo`, { propagationPolicy: "Background" });
    await scene.until(
      30,
      "no ReplicaSet is left",
      async () => (await scene.seeAll(`${apps}/replicasets`)).length === 0,
    );
  });

  it("should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan", async () => {
    await scene.create(`${apps}/deployments`, workload("Deployment", "foo", { replicas: 2 }));
    await scene.podsRunning("foo", 2);
    await scene.delete(`${apps}/deployments/foo`, { propagationPolicy: "Orphan" });
    await scene.gone(`${apps}/deployments/foo`);
    scene.run(30_000);
    const sets = await scene.seeAll(`${apps}/replicasets`);
    assert.deepEqual(sets.map(ownersOf), [[]]);
  });

  it("should delete pods created by rc when not orphaning", async () => {
    await scene.create(controllers, controller("foo", 10));
    await scene.podsRunning("foo", 10);
    await scene.delete(`${controllers}/foo`, { propagationPolicy: "Background" });
    await scene.until(30, "no Pod is left", async () => (await scene.pods("foo")).length === 0);
  });

  it("should orphan pods created by rc if delete options say so", async () => {
    await scene.create(controllers, controller("foo", 20));
    await scene.podsRunning("foo", 20);
    await scene.delete(`${controllers}/foo`, { propagationPolicy: "Orphan" });
    await scene.gone(`${controllers}/foo`);
    scene.run(30_000);
    assert.equal(await scene.running("foo"), 20);
  });

  it("should keep the rc around until all its pods are deleted if the deleteOptions says so", async () => {
    await scene.create(controllers, controller("foo", 10));
    await scene.podsRunning("foo", 10);
    const { uid } = (await scene.see(`${controllers}/foo`)).metadata;
    await scene.delete(`${controllers}/foo`, {
      propagationPolicy: "Foreground",
      preconditions: { uid },
    });
    const watch = await scene.watch(`${controllers}?watch=true`);
    await scene.gone(`${controllers}/foo`);
    assert.equal((await scene.pods("foo")).length, 0);
    assert.equal(watch.frames().at(-1)?.type, "DELETED");
  });

  it("should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted", async () => {
    await scene.create(controllers, controller("foo", 10));
    await scene.create(controllers, controller("bar", 0));
    await scene.podsRunning("foo", 10);
    const stays = await scene.see(`${controllers}/bar`);
    const half = (await scene.pods("foo")).slice(0, 5).map(({ metadata }) => metadata.name);
    for (const name of half)
      await scene.patch(
        `${core}/pods/${name}`,
        { metadata: { ownerReferences: [ownerOf(stays)] } },
        "strategic-merge",
      );
    await scene.delete(`${controllers}/foo`, { propagationPolicy: "Foreground" });
    await scene.gone(`${controllers}/foo`);
    scene.run(30_000);
    const left = await scene.pods("foo");
    assert.deepEqual(left.map(({ metadata }) => metadata.name).toSorted(), half.toSorted());
    assert.ok(left.every((one) => ownersOf(one).join() === "bar" && isRunning(one)));
  });

  it("should not be blocked by dependency circle", async () => {
    const names = ["pod1", "pod2", "pod3"];
    for (const name of names) await scene.create(`${core}/pods`, pod(name));
    const pods = await Promise.all(names.map((name) => scene.see(`${core}/pods/${name}`)));
    for (const [index, owner] of [2, 0, 1].entries()) {
      const more = { controller: true, blockOwnerDeletion: true };
      const ownerReferences = [ownerOf(pods[owner] as Seen, more)];
      await scene.patch(
        `${core}/pods/${names[index]}`,
        { metadata: { ownerReferences } },
        "strategic-merge",
      );
    }
    const { uid } = (pods[0] as Seen).metadata;
    await scene.delete(`${core}/pods/pod1`, {
      propagationPolicy: "Foreground",
      preconditions: { uid },
    });
    for (const name of names) await scene.gone(`${core}/pods/${name}`, 90);
  });
});

describe("namespaces and quotas in the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

  it("Namespaces should ensure that all pods and services are removed when a namespace is deleted", async () => {
    const path = "/api/v1/namespaces/nsdeletetest";
    await scene.create("/api/v1/namespaces", namespace("nsdeletetest"));
    scene.run(1_000);
    await scene.create(`${path}/pods`, pod("a"));
    await scene.create(`${path}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { ports: [{ port: 80 }] },
    });
    await scene.delete(path);
    await scene.gone(path, 90);
    await scene.create("/api/v1/namespaces", namespace("nsdeletetest"));
    assert.equal((await scene.list(`${path}/pods`)).items.length, 0);
    assert.equal((await scene.list(`${path}/services`)).items.length, 0);
  });

  it("Namespaces should apply a finalizer to a Namespace", async () => {
    const path = "/api/v1/namespaces/fin";
    await scene.create("/api/v1/namespaces", namespace("fin"));
    const made = await scene.see(path);
    const finalizers = [...made.spec.finalizers, "e2e.example.com/fakeFinalizer"];
    const updated = (await scene.update(`${path}/finalize`, {
      ...made,
      spec: { finalizers },
    })) as Seen;
    assert.deepEqual(updated.spec.finalizers, finalizers);
    const removed = (await scene.update(`${path}/finalize`, {
      ...updated,
      spec: { finalizers: ["kubernetes"] },
    })) as Seen;
    assert.deepEqual(removed.spec.finalizers, ["kubernetes"]);
    await scene.delete(path);
    await scene.gone(path, 90);
  });

  it("ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace", async () => {
    const path = `${core}/configmaps/kube-root-ca.crt`;
    const made = await scene.see(path);
    await scene.delete(path);
    await scene.until(
      30,
      "it is made again",
      async () => (await scene.cluster.json("GET", path)).code === 200,
    );
    const again = await scene.see(path);
    await scene.update(path, { ...again, data: { "ca.crt": "" } });
    await scene.field(
      path,
      "certificate",
      (seen) => (seen as never as typeof made & { data: object }).data !== undefined,
    );
  });

  const hard = {
    pods: "5",
    services: "10",
    "services.nodeports": "1",
    "services.loadbalancers": "1",
    replicationcontrollers: "10",
    resourcequotas: "1",
    cpu: "1",
    memory: "500Mi",
    configmaps: "10",
    secrets: "10",
    persistentvolumeclaims: "10",
    "requests.storage": "10Gi",
    "ephemeral-storage": "50Gi",
    "count/replicasets.apps": "5",
    "requests.example.com/dongle": "3",
  };
  const quota = (name: string, spec: object) => ({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name },
    spec,
  });
  const quotas = `${core}/resourcequotas`;
  const usedIs = async (expected: Readonly<Record<string, string>>): Promise<void> => {
    await scene.field(`${quotas}/q`, JSON.stringify(expected), ({ status }) =>
      Object.entries(expected).every(([name, value]) => status.used?.[name] === value),
    );
  };
  const service = (name: string, type: string) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { type, ports: [{ port: 80 }] },
  });
  const requests = {
    cpu: "500m",
    memory: "252Mi",
    "ephemeral-storage": "30Gi",
    "example.com/dongle": "2",
  };
  const hungry = pod("p", {
    containers: [
      {
        name: "pause",
        image: pause,
        resources: { requests, limits: { "example.com/dongle": "2" } },
      },
    ],
  });

  for (const [what, path, object, used, free] of [
    [
      "configMap",
      `${core}/configmaps`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "o" } },
      { configmaps: "2" },
      { configmaps: "1" },
    ],
    [
      "secret",
      `${core}/secrets`,
      { apiVersion: "v1", kind: "Secret", metadata: { name: "o" } },
      { secrets: "1" },
      { secrets: "0" },
    ],
    [
      "service",
      `${core}/services`,
      service("o", "NodePort"),
      { services: "2", "services.nodeports": "1" },
      { services: "1", "services.nodeports": "0" },
    ],
    [
      "pod",
      `${core}/pods`,
      { ...hungry, metadata: { name: "o" } },
      {
        pods: "1",
        cpu: "500m",
        memory: "252Mi",
        "ephemeral-storage": "30Gi",
        "requests.example.com/dongle": "2",
      },
      { pods: "0", cpu: "0", memory: "0", "requests.example.com/dongle": "0" },
    ],
    [
      "replication controller",
      controllers,
      controller("o", 0),
      { replicationcontrollers: "1" },
      { replicationcontrollers: "0" },
    ],
    [
      "replica set",
      `${apps}/replicasets`,
      workload("ReplicaSet", "o", { replicas: 0 }),
      { "count/replicasets.apps": "1" },
      { "count/replicasets.apps": "0" },
    ],
  ] as const)
    it(`ResourceQuota should create a ResourceQuota and capture the life of a ${what}`, async () => {
      await scene.create(quotas, quota("q", { hard }));
      await usedIs({ resourcequotas: "1" });
      await scene.create(path, object);
      await usedIs(used);
      await scene.delete(`${path}/o`, { gracePeriodSeconds: 0 });
      await usedIs(free);
    });

  it("ResourceQuota: what would exceed it is refused, Pods and Services alike", async () => {
    await scene.create(quotas, quota("q", { hard }));
    await usedIs({ resourcequotas: "1" });
    await scene.create(`${core}/pods`, hungry);
    await usedIs({ pods: "1" });
    const larger = { ...hungry, metadata: { name: "b" } };
    assert.match(
      await scene.refusal("POST", `${core}/pods`, larger),
      /^403 Forbidden pods "b" is forbidden: exceeded quota: q/,
    );
    await scene.create(`${core}/services`, service("a", "LoadBalancer"));
    assert.match(
      await scene.refusal("POST", `${core}/services`, service("b", "LoadBalancer")),
      /^403 Forbidden .*exceeded quota: q/,
    );
  });

  it("ResourceQuota should manage the lifecycle of a ResourceQuota, and be updated and deleted", async () => {
    await scene.create(quotas, quota("q", { hard: { cpu: "1", memory: "500Mi" } }));
    const seen = await scene.see(`${quotas}/q`);
    await scene.update(`${quotas}/q`, { ...seen, spec: { hard: { cpu: "2", memory: "1Gi" } } });
    const patch = { metadata: { labels: { q: "patched" } }, spec: { hard: { memory: "750Mi" } } };
    await scene.patch(`${quotas}/q`, patch, "strategic-merge");
    await scene.field(
      `${quotas}/q`,
      "status",
      ({ status }) => status.hard?.memory === "750Mi" && status.hard?.cpu === "2",
    );
    assert.equal(
      (await scene.list("/api/v1/resourcequotas?labelSelector=q%3Dpatched")).items.length,
      1,
    );
    await scene.delete(`${quotas}?labelSelector=q%3Dpatched`);
    await scene.gone(`${quotas}/q`);
  });

  it("ResourceQuota should apply changes to a resourcequota status", async () => {
    await scene.create(quotas, quota("q", { hard: { cpu: "500m", memory: "500Mi" } }));
    await scene.field(`${quotas}/q`, "status", ({ status }) => status.hard?.memory === "500Mi");
    const seen = await scene.see(`${quotas}/q`);
    const status = { ...seen.status, hard: { ...seen.status.hard, memory: "250Mi" } };
    const updated = (await scene.update(`${quotas}/q/status`, { ...seen, status })) as Seen;
    assert.equal(updated.status.hard.memory, "250Mi");
    await scene.field(
      `${quotas}/q`,
      "status set right",
      (one) => one.status.hard.memory === "500Mi",
    );
    const patched = (await scene.patch(`${quotas}/q/status`, {
      status: { hard: { cpu: "1" } },
    })) as Seen;
    assert.equal(patched.status.hard.cpu, "1");
    await scene.field(`${quotas}/q`, "status set right", (one) => one.status.hard.cpu === "500m");
  });
});

describe("nodes and the scheduler in the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  const extended = "scheduling.k8s.io/foo";
  const addExtended = async (node: string, quantity: string): Promise<void> => {
    const list = { [extended]: quantity };
    const patch = { status: { capacity: list, allocatable: list } };
    await scene.patch(`/api/v1/nodes/${node}/status`, patch, "strategic-merge");
  };
  const wanting = (name: string, priorityClassName: string, more: object = {}) => {
    const resources = { requests: { [extended]: "1" }, limits: { [extended]: "1" } };
    const containers = [{ name: "c", image: pause, resources }];
    return pod(name, { priorityClassName, containers, ...more });
  };
  const priority = (name: string, value: number) => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
  });

  it("keep an extended resource that a client gives a node, whatever the kubelet reports", async () => {
    await addExtended("worker-1", "5");
    scene.run(6 * 60_000);
    const { status } = await scene.see("/api/v1/nodes/worker-1");
    assert.deepEqual([status.capacity[extended], status.allocatable[extended]], ["5", "5"]);
  });

  it("SchedulerPreemption validates basic preemption works, and the pod disruption condition", async () => {
    const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    await scene.create(classes, priority("high", 1_000));
    await scene.create(classes, priority("low", 1));
    await addExtended("worker-1", "1");
    const finalizers = ["example.com/test-finalizer"];
    await scene.create(`${core}/pods`, {
      ...wanting("victim", "low"),
      metadata: { name: "victim", labels: { app: "victim" }, finalizers },
    });
    await scene.podsRunning("victim", 1);
    await scene.create(`${core}/pods`, wanting("preemptor", "high"));
    const victim = await scene.field(
      `${core}/pods/victim`,
      "condition",
      (one) => conditionOf(one, "DisruptionTarget") !== undefined,
    );
    assert.equal(conditionOf(victim, "DisruptionTarget")?.reason, "PreemptionByScheduler");
    await scene.podsRunning("preemptor", 1);
    await scene.patch(`${core}/pods/victim`, { metadata: { finalizers: null } });
    await scene.gone(`${core}/pods/victim`);
  });

  it("SchedulerPreemption validates lower priority pod preemption by critical pod", async () => {
    await addExtended("worker-1", "1");
    await scene.create("/apis/scheduling.k8s.io/v1/priorityclasses", priority("low", 1));
    await scene.create(`${core}/pods`, wanting("victim", "low"));
    await scene.podsRunning("victim", 1);
    await scene.create(
      "/api/v1/namespaces/kube-system/pods",
      wanting("critical", "system-cluster-critical"),
    );
    const path = "/api/v1/namespaces/kube-system/pods/critical";
    await scene.field(path, "readiness", isRunning);
    await scene.gone(`${core}/pods/victim`);
  });

  it("SchedulerPredicates validates resource limits of pods that are allowed to run", async () => {
    const requests = { cpu: "3" };
    const filler = (name: string) =>
      pod(name, {
        containers: [{ name: "c", image: pause, resources: { requests, limits: requests } }],
      });
    await scene.create(`${core}/pods`, filler("a"));
    await scene.create(`${core}/pods`, filler("b"));
    await scene.until(
      60,
      "both run",
      async () => (await scene.running("a")) + (await scene.running("b")) === 2,
    );
    await scene.create(`${core}/pods`, filler("additional-pod"));
    scene.run(5_000);
    const events = await scene.seeAll(
      `${core}/events?fieldSelector=involvedObject.name%3Dadditional-pod`,
    );
    const failed = events.find((event) => event.reason === "FailedScheduling");
    assert.equal(failed?.type, "Warning");
    assert.ok(failed?.metadata.name.startsWith("additional-pod"));
  });

  it("SchedulerPredicates validates that NodeSelector is respected", async () => {
    await scene.create(`${core}/pods`, pod("restricted", { nodeSelector: { "e2e/label": "x" } }));
    scene.run(5_000);
    assert.equal((await scene.see(`${core}/pods/restricted`)).spec.nodeName, undefined);
    await scene.patch(
      "/api/v1/nodes/worker-2",
      { metadata: { labels: { "e2e/label": "x" } } },
      "strategic-merge",
    );
    await scene.podsRunning("restricted", 1);
    assert.equal((await scene.see(`${core}/pods/restricted`)).spec.nodeName, "worker-2");
  });

  it("SchedulerPredicates validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP", async () => {
    const nodeSelector = { "kubernetes.io/hostname": "worker-1" };
    const port = (hostIP: string) => ({
      nodeSelector,
      containers: [
        {
          name: "c",
          image: pause,
          ports: [{ hostPort: 54322, containerPort: 8080, protocol: "TCP", hostIP }],
        },
      ],
    });
    await scene.create(`${core}/pods`, pod("pod4", port("0.0.0.0")));
    await scene.podsRunning("pod4", 1);
    await scene.create(`${core}/pods`, pod("pod5", port("127.0.0.1")));
    scene.run(10_000);
    assert.equal((await scene.see(`${core}/pods/pod5`)).spec.nodeName, undefined);
  });

  it("NoExecuteTaintManager removing taint cancels eviction", async () => {
    const tolerations = [
      {
        key: "kubernetes.io/e2e-evict-taint-key",
        operator: "Equal",
        value: "evictTaintVal",
        effect: "NoExecute",
        tolerationSeconds: 130,
      },
    ];
    await scene.create(`${core}/pods`, pod("taint-eviction-4", { tolerations }));
    await scene.podsRunning("taint-eviction-4", 1);
    const { nodeName } = (await scene.see(`${core}/pods/taint-eviction-4`)).spec;
    const taints = [
      { key: "kubernetes.io/e2e-evict-taint-key", value: "evictTaintVal", effect: "NoExecute" },
    ];
    await scene.patch(`/api/v1/nodes/${nodeName}`, { spec: { taints } });
    scene.run(65_000);
    assert.equal(await scene.running("taint-eviction-4"), 1);
    await scene.patch(`/api/v1/nodes/${nodeName}`, { spec: { taints: null } });
    scene.run(195_000);
    assert.equal(await scene.running("taint-eviction-4"), 1);
  });

  it("RuntimeClass: a Pod takes its overhead, and none runs with a class that is not there", async () => {
    const classes = "/apis/node.k8s.io/v1/runtimeclasses";
    const overhead = { podFixed: { cpu: "10m", memory: "1Mi" } };
    await scene.create(classes, {
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name: "rc" },
      handler: "runc",
      overhead,
    });
    await scene.create(`${core}/pods`, pod("with", { runtimeClassName: "rc" }));
    assert.deepEqual((await scene.see(`${core}/pods/with`)).spec.overhead, {
      cpu: "10m",
      memory: "1Mi",
    });
    await scene.delete(`${classes}/rc`);
    for (const name of ["rc", "none"])
      assert.match(
        await scene.refusal("POST", `${core}/pods`, pod("without", { runtimeClassName: name })),
        new RegExp(
          `^403 Forbidden pods "without" is forbidden: pod rejected: RuntimeClass "${name}" not found`,
        ),
      );
  });

  it("Node Lifecycle should run through the lifecycle of a node", async () => {
    const ready = { type: "Ready", status: "True", reason: "E2E", message: "Set from e2e test" };
    const fake = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "e2e-fake-node" },
      status: { phase: "Running", conditions: [ready] },
    };
    const path = "/api/v1/nodes/e2e-fake-node";
    const made = (await scene.create("/api/v1/nodes", fake)) as Seen;
    assert.equal(made.metadata.name, "e2e-fake-node");
    const patch = { metadata: { labels: { "e2e-fake-node": "patched" } } };
    assert.equal(
      (await scene.patch(path, patch, "strategic-merge")).metadata.labels?.["e2e-fake-node"],
      "patched",
    );
    const seen = await scene.see(path);
    await scene.update(path, {
      ...seen,
      metadata: {
        ...seen.metadata,
        labels: { ...seen.metadata.labels, "e2e-fake-node": "updated" },
      },
    });
    const selector = "labelSelector=e2e-fake-node%3Dupdated";
    assert.equal((await scene.list(`/api/v1/nodes?${selector}`)).items.length, 1);
    await scene.delete(`/api/v1/nodes?${selector}`);
    await scene.gone(path);
  });
});

describe("Pods and volumes in the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  it("Pods should be submitted and removed, and delete a collection of pods", async () => {
    const { resourceVersion } = (await scene.list(`${core}/pods`)).metadata;
    const watch = await scene.watch(
      `${core}/pods?watch=true&labelSelector=app%3Dfoo&resourceVersion=${resourceVersion}`,
    );
    for (const name of ["a", "b", "c"])
      await scene.create(`${core}/pods`, pod(name, {}, { labels: { app: "foo" } }));
    await scene.podsRunning("foo", 3);
    await scene.delete(`${core}/pods?labelSelector=app%3Dfoo`);
    await scene.until(60, "no Pod is left", async () => (await scene.pods("foo")).length === 0);
    await scene.told();
    const ends = watch.frames().filter(({ type }) => type === "DELETED");
    assert.equal(ends.length, 3);
  });

  it("Pods should be updated, and allow activeDeadlineSeconds to be updated", async () => {
    await scene.create(`${core}/pods`, pod("foo"));
    await scene.podsRunning("foo", 1);
    const seen = await scene.see(`${core}/pods/foo`);
    const labels = { app: "foo", time: "value" };
    await scene.update(`${core}/pods/foo`, {
      ...seen,
      metadata: { ...seen.metadata, labels },
      spec: { ...seen.spec, activeDeadlineSeconds: 5 },
    });
    const ended = await scene.field(
      `${core}/pods/foo`,
      "end",
      ({ status }) => status.reason === "DeadlineExceeded",
    );
    assert.equal(ended.status.phase, "Failed");
  });

  it("Pods should patch a pod status, and get a host IP", async () => {
    await scene.create(`${core}/pods`, pod("foo"));
    await scene.podsRunning("foo", 1);
    const patch = { status: { message: "Patched by e2e test", reason: "E2E" } };
    const patched = (await scene.patch(`${core}/pods/foo/status`, patch)) as Seen;
    assert.deepEqual(
      [patched.status.message, patched.status.reason],
      ["Patched by e2e test", "E2E"],
    );
    assert.match(patched.status.hostIP, /^\d+\.\d+\.\d+\.\d+$/);
    assert.equal(patched.status.hostIPs[0].ip, patched.status.hostIP);
  });

  it("Pods should run through the lifecycle of Pods and PodStatus", async () => {
    const { resourceVersion } = (await scene.list(`${core}/pods`)).metadata;
    await scene.create(`${core}/pods`, pod("foo"));
    await scene.podsRunning("foo", 1);
    const containers = [{ name: "foo", image: "registry.k8s.io/e2e-test-images/agnhost:2.53" }];
    await scene.patch(
      `${core}/pods/foo`,
      { metadata: { labels: { app: "foo", "test-pod": "patched" } }, spec: { containers } },
      "strategic-merge",
    );
    const seen = await scene.see(`${core}/pods/foo/status`);
    const conditions = seen.status.conditions.map((one: { type: string }) =>
      one.type === "Ready" ? { ...one, status: "False" } : one,
    );
    const updated = (await scene.update(`${core}/pods/foo/status`, {
      ...seen,
      status: { ...seen.status, conditions },
    })) as Seen;
    assert.equal(conditionOf(updated, "Ready")?.status, "False");
    await scene.delete(`${core}/pods?labelSelector=app%3Dfoo`, { gracePeriodSeconds: 1 });
    await scene.gone(`${core}/pods/foo`);
    const watch = await scene.watch(`${core}/pods?watch=true&resourceVersion=${resourceVersion}`);
    assert.equal(watch.frames().at(-1)?.type, "DELETED");
  });

  it("Ephemeral Containers should update the ephemeral containers in an existing pod", async () => {
    await scene.create(`${core}/pods`, pod("foo"));
    await scene.podsRunning("foo", 1);
    const seen = await scene.see(`${core}/pods/foo`);
    const first = { name: "debugger", image: "busybox:1.36", command: ["sleep", "1000"] };
    const ephemeralContainers = [first];
    const updated = (await scene.update(`${core}/pods/foo/ephemeralcontainers`, {
      ...seen,
      spec: { ...seen.spec, ephemeralContainers },
    })) as Seen;
    assert.equal(updated.spec.ephemeralContainers.length, 1);
    const patch = { spec: { ephemeralContainers: [{ ...first, name: "debugger2" }] } };
    const patched = (await scene.patch(
      `${core}/pods/foo/ephemeralcontainers`,
      patch,
      "strategic-merge",
    )) as Seen;
    assert.equal(patched.spec.ephemeralContainers.length, 2);
    await scene.field(
      `${core}/pods/foo`,
      "running debuggers",
      ({ status }) =>
        status.ephemeralContainerStatuses?.length === 2 &&
        status.ephemeralContainerStatuses.every((one: { state: object }) => "running" in one.state),
    );
  });

  it("PersistentVolumes should run through the lifecycle of a PV and a PVC, and apply changes to their status", async () => {
    const volumes = "/api/v1/persistentvolumes";
    const claims = `${core}/persistentvolumeclaims`;
    const spec = {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      storageClassName: "e2e-sc",
      csi: { driver: "inline-driver", volumeHandle: "e2e-h" },
    };
    await scene.create(volumes, {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "pv", labels: { app: "pv" } },
      spec,
    });
    const resources = { requests: { storage: "1Gi" } };
    await scene.create(claims, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "pvc", labels: { app: "pv" } },
      spec: { accessModes: ["ReadWriteOnce"], resources, storageClassName: "e2e-sc" },
    });
    await scene.field(`${claims}/pvc`, "binding", ({ status }) => status.phase === "Bound");
    const message = { status: { message: "StatusPatched", reason: "E2E" } };
    assert.equal(
      ((await scene.patch(`${volumes}/pv/status`, message)) as Seen).status.reason,
      "E2E",
    );
    const condition = {
      type: "StatusPatched",
      status: "True",
      reason: "E2E patchStatus",
      message: "Set from e2e test",
    };
    const patched = (await scene.patch(`${claims}/pvc/status`, {
      status: { conditions: [condition] },
    })) as Seen;
    assert.ok(conditionOf(patched, "StatusPatched"));
    assert.equal((await scene.see(`${claims}/pvc/status`)).status.phase, "Bound");
    await scene.delete(`${claims}?labelSelector=app%3Dpv`);
    await scene.gone(`${claims}/pvc`);
    await scene.delete(`${volumes}?labelSelector=app%3Dpv`);
    await scene.gone(`${volumes}/pv`);
  });

  it("EndpointSlice should create Endpoints and EndpointSlices for Pods matching a Service", async () => {
    const labels = { foo: "bar" };
    const ports = [{ name: "example-name", containerPort: 3000, protocol: "TCP" }];
    await scene.create(
      `${core}/pods`,
      pod(
        "pod1",
        { containers: [{ name: "c", image: pause, ports }] },
        { labels: { ...labels, app: "foo" } },
      ),
    );
    await scene.create(`${core}/pods`, pod("pod2", {}, { labels: { ...labels, app: "foo" } }));
    await scene.create(`${core}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "svc" },
      spec: {
        selector: labels,
        publishNotReadyAddresses: true,
        ports: [
          { name: "example", port: 80, targetPort: "example-name" },
          { name: "plain", port: 81, targetPort: 3001 },
        ],
      },
    });
    await scene.podsRunning("foo", 2);
    const slices = () =>
      scene.seeAll(
        `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dsvc`,
      );
    scene.run(3_000);
    const portsOf = (await slices()).map((slice) =>
      (slice.ports as readonly { name: string; port: number }[])
        .map(({ name, port }) => `${name}=${port}`)
        .toSorted()
        .join(),
    );
    assert.deepEqual(portsOf.toSorted(), ["example=3000,plain=3001", "plain=3001"]);
    await scene.delete(`${core}/services/svc`);
    await scene.until(60, "no slice is left", async () => (await slices()).length === 0);
    await scene.gone(`${core}/endpoints/svc`);
  });

  it("Service endpoints latency should not be very high", async () => {
    await scene.create(`${core}/pods`, pod("foo"));
    await scene.podsRunning("foo", 1);
    for (let i = 0; i < 50; i++) {
      const spec = { selector: { app: "foo" }, ports: [{ port: 80 }] };
      const { metadata } = await scene.create(`${core}/services`, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { generateName: "latency-svc-" },
        spec,
      });
      const seen = async () =>
        (await scene.cluster.json("GET", `${core}/endpoints/${metadata.name}`)).code === 200;
      await scene.until(1, `endpoints of ${metadata.name}`, seen);
    }
  });

  it("LimitRange should create a LimitRange with defaults and ensure pod has those defaults applied", async () => {
    const limit = {
      type: "Container",
      min: { cpu: "50m", memory: "100Mi" },
      max: { cpu: "500m", memory: "500Mi" },
      default: { cpu: "500m", memory: "500Mi" },
      defaultRequest: { cpu: "100m", memory: "200Mi" },
    };
    await scene.create(`${core}/limitranges`, {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "limit-range" },
      spec: { limits: [limit] },
    });
    await scene.create(`${core}/pods`, pod("no-resources"));
    const { resources } = (await scene.see(`${core}/pods/no-resources`)).spec.containers[0];
    assert.deepEqual(resources, {
      limits: { cpu: "500m", memory: "500Mi" },
      requests: { cpu: "100m", memory: "200Mi" },
    });
    const large = pod("large", {
      containers: [
        {
          name: "c",
          image: pause,
          resources: { requests: { cpu: "600m" }, limits: { cpu: "600m" } },
        },
      ],
    });
    assert.match(
      await scene.refusal("POST", `${core}/pods`, large),
      /^403 Forbidden .*maximum cpu usage per Container is 500m, but limit is 600m/,
    );
  });
});
