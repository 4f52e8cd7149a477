// A cluster in which nothing runs: what each component makes possible, and how it fails without the others.
import assert from "node:assert/strict";
import type { Fault } from "../../../src/api/fault.ts";
import type { Kind } from "../../../src/api/kind.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Event } from "../../../src/api/kinds/event.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import { second } from "../../../src/base/time.ts";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";

const etcd: Fault = { type: "stopEtcdMember", member: "etcd-0" };
const apiServer: Fault = { type: "stopComponent", component: "kube-apiserver" };
const scheduler: Fault = { type: "stopComponent", component: "kube-scheduler" };
const controllerManager: Fault = { type: "stopComponent", component: "kube-controller-manager" };
const kubelet: Fault = { type: "stopNodeService", node: "worker-1", service: "kubelet" };
const kubeProxy: Fault = { type: "stopNodeService", node: "worker-1", service: "kube-proxy" };
const refused = "dial tcp 172.18.0.2:6443: connect: connection refused";

class ByHand {
  readonly engine = new Engine({
    now: Date.UTC(2026, 0, 31),
    seed: 1,
    spec: { ...uniformCluster(1), setUp: "byHand", hasDefaultStorage: false },
  });

  start(...faults: readonly Fault[]): this {
    for (const fault of faults) this.engine.faults.heal(fault);
    return this.run(30);
  }

  stop(fault: Fault): this {
    this.engine.faults.inject(fault);
    return this;
  }

  run(seconds: number): this {
    this.engine.clock.run(seconds * second);
    return this;
  }

  get admin() {
    return this.engine.client("kubernetes-admin");
  }

  list<T extends KubeObject>(kind: Kind<T>): readonly T[] {
    return this.admin.list(kind).items;
  }

  log(name: Parameters<Engine["componentLog"]>[0]): string {
    return this.engine
      .componentLog(name)
      .map(({ text }) => text)
      .join("\n");
  }

  createPod(): void {
    const spec = { containers: [{ name: "web", image: "nginx:1.29" }] };
    this.admin.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "default" },
      spec: { ...spec, automountServiceAccountToken: false },
    });
  }
}

describe("a cluster that is started by hand", () => {
  it("refuses connections while kube-apiserver is not started", () =>
    assert.throws(() => new ByHand().list(Node), {
      message: `Get "https://172.18.0.2:6443/api/v1/nodes": ${refused}`,
    }));

  it("has a kube-apiserver that gives up without etcd after 20 s, and is started again", () => {
    const cluster = new ByHand().start(apiServer);
    const fatal =
      "Error creating leases: error creating storage factory: context deadline exceeded";
    assert.match(cluster.log("kube-apiserver"), new RegExp(`F0131 00:00:20.*${fatal}`));
    assert.match(cluster.log("kube-apiserver"), /code=exited, status=1\/FAILURE/);
    assert.throws(() => cluster.list(Node), /connection refused/);
    cluster.start(etcd);
    assert.deepEqual(cluster.list(Node), []);
  });

  it("has a kube-scheduler that waits for kube-apiserver to get its lease", () => {
    const cluster = new ByHand().start(scheduler);
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    const why = `error retrieving resource lock kube-system/kube-scheduler: Get "https://172.18.0.2:6443${leases}/kube-scheduler?timeout=5s": ${refused}`;
    assert.ok(cluster.log("kube-scheduler").includes(why));
    cluster.start(etcd, apiServer);
    assert.match(cluster.log("kube-scheduler"), /successfully acquired lease/);
  });

  it("leaves Pods Pending without an event while kube-scheduler is not started", () => {
    const cluster = new ByHand().start(etcd, apiServer, controllerManager, kubelet);
    cluster.createPod();
    cluster.run(60);
    assert.equal(cluster.list(Pod)[0]?.status?.phase, "Pending");
    assert.deepEqual(
      cluster.list(Event).filter(({ involvedObject }) => involvedObject.kind === "Pod"),
      [],
    );
    cluster.start(scheduler);
    assert.equal(cluster.list(Pod)[0]?.status?.phase, "Running");
  });

  it("keeps a Deployment without ReplicaSets while kube-controller-manager is not started", () => {
    const cluster = new ByHand().start(etcd, apiServer, scheduler, kubelet);
    const labels = { app: "web" };
    cluster.admin.create(Deployment, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { name: "", labels },
          spec: { containers: [{ name: "web", image: "nginx:1.29" }] },
        },
      },
    });
    assert.deepEqual(cluster.run(60).list(ReplicaSet), []);
    assert.equal(cluster.start(controllerManager).list(Pod).length, 1);
  });

  it("has nodes as far as kubelets are started", () => {
    const cluster = new ByHand().start(etcd, apiServer);
    assert.deepEqual(cluster.list(Node), []);
    cluster.start(kubelet);
    assert.deepEqual(
      cluster.list(Node).map(({ metadata }) => metadata.name),
      ["worker-1"],
    );
  });

  it("has no rules on a machine before kube-proxy is started there, and old ones after it stops", () => {
    const cluster = new ByHand().start(etcd, apiServer);
    const services = () => cluster.engine.proxy("worker-1")?.rules().services;
    assert.equal(services(), 0);
    cluster.start(kubeProxy);
    assert.equal(services(), 1);
  });

  it("has a kube-scheduler that ends 10 s after it lost kube-apiserver, and comes back with it", () => {
    const cluster = new ByHand().start(etcd, apiServer, scheduler).stop(apiServer).run(20);
    assert.match(
      cluster.log("kube-scheduler"),
      /failed to renew lease .*context deadline exceeded/,
    );
    cluster.start(apiServer);
    assert.match(cluster.log("kube-scheduler").split("\n").at(-1) ?? "", /successfully acquired/);
  });

  it("has kubelets and kube-proxies that say how kube-apiserver refuses them", () => {
    const { engine } = new ByHand().start(kubelet, kubeProxy);
    const said = (service: "kubelet" | "kube-proxy"): string =>
      engine
        .agentLog("worker-1", service)
        .map(({ text }) => text)
        .join("\n");
    const nodes = "https://172.18.0.2:6443/api/v1/nodes";
    assert.ok(
      said("kubelet").includes(
        `"Unable to register node with API server" err="Post \\"${nodes}\\": ${refused}" node="worker-1"`,
      ),
    );
    assert.ok(
      said("kube-proxy").includes(
        `"Failed to retrieve node info" err="Get \\"${nodes}/worker-1\\": ${refused}"`,
      ),
    );
  });

  it("keeps containers running while their kubelet is stopped", () => {
    const all = [etcd, apiServer, scheduler, controllerManager, kubelet];
    const cluster = new ByHand().start(...all);
    cluster.createPod();
    const started = () => cluster.list(Pod)[0]?.status?.containerStatuses?.[0]?.state?.running;
    const before = cluster.run(30) && started();
    assert.ok(before);
    cluster.stop(kubelet).run(20);
    cluster.start(kubelet);
    assert.deepEqual(started(), before);
  });
});
