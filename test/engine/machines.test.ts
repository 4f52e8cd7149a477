// Machines that come and go while the cluster runs.
import assert from "node:assert/strict";
import { isReady, Node } from "../../src/api/kinds/node.ts";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../src/api/kinds/replicaSet.ts";
import { second } from "../../src/base/time.ts";
import { uniformCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";
import { conformanceRuntime } from "../../src/engine/node/conformanceRuntime.ts";

function cluster(options: Partial<ConstructorParameters<typeof Engine>[0]> = {}) {
  const spec = { ...uniformCluster(1), setUp: "kubeadm", hasDefaultStorage: false } as const;
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec, ...options });
  const run = (seconds: number): void => engine.clock.run(seconds * second);
  run(30);
  const admin = engine.client("kubernetes-admin");
  const nodes = () => admin.list(Node).items;
  return { engine, run, admin, nodes, names: () => nodes().map(({ metadata }) => metadata.name) };
}

const large = {
  name: "large",
  role: "worker",
  cpu: "32",
  memory: "128Gi",
  zone: "zone-z",
  labels: { disktype: "nvme", "node-role.kubernetes.io/gpu": "" },
  taints: [{ key: "gpu", effect: "NoSchedule" }],
} as const;

function replicas(count: number) {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: count,
      selector: { matchLabels: labels },
      template: {
        metadata: { name: "", labels },
        spec: { containers: [{ name: "web", image: "registry.k8s.io/pause:3.10.1" }] },
      },
    },
  };
}

describe("a machine", () => {
  it("that is added becomes a node of its size, place, labels and taints", () => {
    const { engine, run, admin } = cluster();
    engine.addMachine(large);
    run(20);
    const node = admin.get(Node, { namespace: "", name: "large" });
    assert.ok(isReady(node));
    assert.equal(node.status?.capacity?.cpu, "32");
    assert.equal(node.metadata.labels?.["topology.kubernetes.io/zone"], "zone-z");
    assert.equal(node.metadata.labels?.disktype, "nvme");
    assert.equal(node.metadata.labels?.["node-role.kubernetes.io/gpu"], "");
    assert.deepEqual(node.spec.taints, [{ key: "gpu", effect: "NoSchedule" }]);
    assert.ok(engine.spec.machines.some(({ name }) => name === "large"));
  });

  for (const [what, machine, message] of [
    [
      "of a name that is taken",
      { ...large, name: "worker-1" },
      /there is a machine called worker-1 already/,
    ],
    ["without a size", { ...large, cpu: "0" }, /cpu: Invalid value: "0": must be greater than 0/],
    ["that would run the control plane", { ...large, role: "control-plane" }, /only workers/],
  ] as const)
    it(`${what} is refused`, () =>
      assert.throws(() => cluster().engine.addMachine(machine), message));

  it("that is pulled out is gone with its Node, and its Pods start elsewhere", () => {
    const { engine, run, admin, names } = cluster();
    engine.addMachine({ ...large, taints: [] });
    run(20);
    admin.create(ReplicaSet, replicas(4));
    run(30);
    engine.removeMachine("worker-1", "pullThePlug");
    // The Pod garbage collector waits 40 s before it believes that a node is gone.
    run(120);
    assert.deepEqual(names(), ["control-plane", "large"]);
    const pods = admin.list(Pod, { namespace: "default" }).items;
    assert.deepEqual(
      pods.map(({ spec, status }) => `${spec.nodeName} ${status?.phase}`),
      Array(4).fill("large Running"),
    );
  });

  it("that is drained goes once its Pods have left it", () => {
    const { engine, run, admin, names } = cluster();
    engine.addMachine({ ...large, taints: [] });
    run(20);
    admin.create(ReplicaSet, replicas(4));
    run(30);
    engine.removeMachine("worker-1", "drain");
    engine.clock.run(10);
    assert.equal(admin.get(Node, { namespace: "", name: "worker-1" }).spec.unschedulable, true);
    run(90);
    assert.deepEqual(names(), ["control-plane", "large"]);
  });

  it("of the control plane stays", () =>
    assert.throws(
      () => cluster().engine.removeMachine("control-plane", "pullThePlug"),
      /control-plane runs the control plane/,
    ));

  it("comes with a Node that somebody makes, and goes with it", () => {
    const { engine, run, admin, names } = cluster();
    admin.create(Node, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "applied", labels: { disktype: "ssd" } },
      spec: {},
      status: { capacity: { cpu: "2", memory: "4Gi" } },
    });
    run(30);
    const node = admin.get(Node, { namespace: "", name: "applied" });
    assert.ok(isReady(node));
    assert.equal(node.status?.capacity?.cpu, "2");
    assert.equal(node.metadata.labels?.disktype, "ssd");
    admin.delete(Node, { namespace: "", name: "applied" });
    run(30);
    assert.deepEqual(names(), ["control-plane", "worker-1"]);
    assert.equal(engine.kubelet("applied"), undefined);
  });

  it("does not come with a Node where Nodes are only tested", () => {
    const { run, admin } = cluster({ runtime: conformanceRuntime });
    const metadata = { name: "applied" };
    admin.create(Node, { apiVersion: "v1", kind: "Node", metadata, spec: {} });
    run(30);
    assert.equal(isReady(admin.get(Node, { namespace: "", name: "applied" })), false);
  });
});
