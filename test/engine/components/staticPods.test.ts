// A control plane that runs as static Pods, as kubeadm sets it up.
import assert from "node:assert/strict";
import type { Fault } from "../../../src/api/fault.ts";
import { Event } from "../../../src/api/kinds/event.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { ApiError } from "../../../src/api/status.ts";
import type { Pod as PodObject } from "../../../src/api/types.ts";
import { second } from "../../../src/base/time.ts";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine, type StoredHistory } from "../../../src/engine/engine.ts";

const spec = { ...uniformCluster(1), setUp: "kubeadm", hasDefaultStorage: false } as const;
const scheduler: Fault = { type: "stopComponent", component: "kube-scheduler" };
const apiServer: Fault = { type: "stopComponent", component: "kube-apiserver" };
const etcd: Fault = { type: "stopEtcdMember", member: "etcd-0" };

class Kubeadm {
  readonly engine: Engine;

  constructor(history?: StoredHistory) {
    this.engine = new Engine({
      now: Date.UTC(2026, 0, 31),
      seed: 1,
      spec,
      ...(history ? { history } : {}),
    });
  }

  run(seconds: number): this {
    this.engine.clock.run(seconds * second);
    return this;
  }

  away(fault: Fault): this {
    this.engine.faults.inject(fault);
    return this;
  }

  back(fault: Fault): this {
    this.engine.faults.heal(fault);
    return this;
  }

  get admin() {
    return this.engine.client("kubernetes-admin");
  }

  pods(namespace = "kube-system"): readonly PodObject[] {
    return this.admin
      .list(Pod, { namespace })
      .items.filter(({ metadata }) => metadata.labels?.tier === "control-plane");
  }

  pod(name: string): PodObject | undefined {
    return this.pods().find(({ metadata }) => metadata.name === `${name}-control-plane`);
  }

  /** "kube-scheduler 1/1 Running", as kubectl tells it. */
  states(): readonly string[] {
    return this.pods().map(({ metadata, status }) => {
      const ready = status?.containerStatuses?.filter((container) => container.ready).length;
      return `${metadata.name} ${ready}/1 ${status?.phase}`;
    });
  }
}

describe("a control plane of static Pods", () => {
  it("is there as mirror Pods, all of them ready", () =>
    assert.deepEqual(new Kubeadm().run(60).states(), [
      "etcd-control-plane 1/1 Running",
      "kube-apiserver-control-plane 1/1 Running",
      "kube-controller-manager-control-plane 1/1 Running",
      "kube-scheduler-control-plane 1/1 Running",
    ]));

  it("has mirrors that belong to their Node and say where they come from", () => {
    const cluster = new Kubeadm().run(60);
    const { metadata, spec: podSpec, status } = cluster.pod("kube-scheduler") ?? {};
    const node = cluster.admin.get(Node, { namespace: "", name: "control-plane" });
    const hash = metadata?.annotations?.["kubernetes.io/config.hash"];
    assert.match(hash ?? "", /^[0-9a-f]{32}$/);
    assert.deepEqual(metadata?.annotations, {
      "kubernetes.io/config.hash": hash,
      "kubernetes.io/config.mirror": hash,
      "kubernetes.io/config.seen": metadata?.annotations?.["kubernetes.io/config.seen"],
      "kubernetes.io/config.source": "file",
    });
    assert.deepEqual(metadata?.ownerReferences, [
      {
        apiVersion: "v1",
        kind: "Node",
        name: "control-plane",
        uid: node.metadata.uid,
        controller: true,
      },
    ]);
    assert.deepEqual(podSpec?.tolerations, [{ operator: "Exists", effect: "NoExecute" }]);
    assert.equal(podSpec?.priority, 2_000_001_000);
    assert.equal(status?.podIP, "172.18.0.2");
  });

  it("tells events of static Pods by the hash that describe looks for", () => {
    const cluster = new Kubeadm().run(60);
    const hash = cluster.pod("etcd")?.metadata.annotations?.["kubernetes.io/config.hash"];
    const reasons = cluster.admin
      .list(Event, { namespace: "kube-system" })
      .items.filter(({ involvedObject }) => involvedObject.uid === hash)
      .map(({ reason }) => reason);
    assert.deepEqual(reasons.slice(0, 3), ["Pulled", "Created", "Started"]);
  });

  it("brings a mirror back that somebody deletes, and goes on meanwhile", () => {
    const cluster = new Kubeadm().run(60);
    const before = cluster.pod("kube-scheduler");
    cluster.admin.delete(Pod, { namespace: "kube-system", name: "kube-scheduler-control-plane" });
    const after = cluster.run(5).pod("kube-scheduler");
    assert.ok(after && after.metadata.uid !== before?.metadata.uid);
    const startedAt = (pod?: PodObject) =>
      pod?.status?.containerStatuses?.[0]?.state?.running?.startedAt;
    assert.equal(startedAt(after), startedAt(before));
    assert.equal(after.status?.phase, "Running");
  });

  it("stops a component whose manifest is moved away, and starts it when it is put back", () => {
    const cluster = new Kubeadm().run(60).away(scheduler).run(10);
    assert.equal(cluster.pod("kube-scheduler"), undefined);
    assert.equal(cluster.engine.status().scheduler.running, false);
    cluster.back(scheduler).run(30);
    assert.equal(cluster.pod("kube-scheduler")?.status?.phase, "Running");
    assert.equal(cluster.engine.status().scheduler.running, true);
  });

  it("starts one anew whose manifest comes back before the old one is gone", () => {
    const cluster = new Kubeadm().run(60).away(scheduler).back(scheduler).run(30);
    assert.equal(cluster.pod("kube-scheduler")?.status?.phase, "Running");
    assert.equal(cluster.engine.status().scheduler.running, true);
  });

  it("refuses clients without kube-apiserver, and goes on when it is back", () => {
    const cluster = new Kubeadm().run(60).away(apiServer).run(60);
    assert.throws(() => cluster.pods(), ApiError);
    cluster.back(apiServer).run(60);
    assert.deepEqual(
      cluster.states().map((state) => state.replace(/.* /, "")),
      ["Running", "Running", "Running", "Running"],
    );
  });

  it("restarts a kube-apiserver that fails its probes for want of etcd", () => {
    const cluster = new Kubeadm().run(60).away(etcd).run(180);
    assert.match(
      cluster.engine
        .componentLog("kube-apiserver")
        .map(({ text }) => text)
        .join("\n"),
      /Error creating leases: error creating storage factory: context deadline exceeded/,
    );
    cluster.back(etcd).run(600);
    const { restartCount = 0 } =
      cluster.pod("kube-apiserver")?.status?.containerStatuses?.[0] ?? {};
    assert.ok(restartCount > 0);
    assert.deepEqual(
      cluster.states().map((state) => state.replace(/.*-plane /, "")),
      ["1/1 Running", "1/1 Running", "1/1 Running", "1/1 Running"],
    );
  });

  it("is gone with the power of its machine, and comes back with it", () => {
    const off: Fault = { type: "powerOff", node: "control-plane" };
    const cluster = new Kubeadm().run(60).away(off).run(30);
    assert.throws(() => cluster.pods(), /connection refused/);
    cluster.back(off).run(120);
    assert.deepEqual(cluster.states().length, 4);
  });
});
