// The tree of a cluster that is brought up: components by their manifests or as services, machines that
// nobody has registered yet.
import assert from "node:assert/strict";
import type { SimulatorStatus } from "../../src/api/clusterStatus.ts";
import type { Fault } from "../../src/api/fault.ts";
import { childrenOf, type TreeElement } from "../../src/vscode/treeElements.ts";
import { rowOf } from "../../src/vscode/treeItems.ts";
import { factsOf, idleStatus } from "./clusterFacts.ts";

const apiServer: TreeElement = { type: "component", id: "c", component: "kube-apiserver" };
const etcd: TreeElement = { type: "component", id: "e", component: "etcd" };
const kubelet: TreeElement = { type: "nodePart", id: "k", node: "worker-1", part: "kubelet" };
const kubeProxy: TreeElement = { type: "nodePart", id: "p", node: "worker-1", part: "kubeProxy" };
const stopApiServer: Fault = { type: "stopComponent", component: "kube-apiserver" };
const stopEtcd: Fault = { type: "stopEtcdMember", member: "etcd-0" };
const stopKubeProxy: Fault = { type: "stopNodeService", node: "worker-1", service: "kube-proxy" };
const stopKubelet: Fault = { type: "stopNodeService", node: "worker-1", service: "kubelet" };

const bare: SimulatorStatus = {
  ...idleStatus,
  setUp: "byHand",
  unregistered: [
    { name: "control-plane", isControlPlane: true },
    { name: "worker-1", isControlPlane: false },
  ],
};

function shown(element: TreeElement, status: SimulatorStatus) {
  const { description, context } = rowOf(element, factsOf({ status })) ?? {};
  return [description, context];
}

describe("a cluster that is brought up", () => {
  it("has components that are stopped and started as services", () => {
    const status = { ...bare, faults: [stopApiServer, stopEtcd] };
    assert.deepEqual(shown(apiServer, status), [
      "Stopped",
      "component.stoppable.stopped.kube-apiserver",
    ]);
    assert.deepEqual(shown(etcd, status), ["Stopped", "component.stoppable.stopped.etcd"]);
  });

  it("has components whose manifests are moved away and put back, with kubeadm", () => {
    const status: SimulatorStatus = { ...idleStatus, setUp: "kubeadm", faults: [stopApiServer] };
    assert.deepEqual(shown(apiServer, status), [
      "Manifest moved away",
      "component.manifest.stopped.kube-apiserver",
    ]);
    assert.equal(shown(etcd, status)[1], "component.manifest.running.etcd");
  });

  it("says what a component wrote that does not get to run", () => {
    const lastLine = "F1124 Error creating leases: context deadline exceeded";
    const components = [{ name: "kube-apiserver", isRunning: false, lastLine } as const];
    assert.deepEqual(shown(apiServer, { ...bare, components }), [
      `Not running · ${lastLine}`,
      "component.stoppable.running.kube-apiserver",
    ]);
  });

  it("shows machines that no kubelet has registered, with what can be started there", () => {
    const facts = factsOf({ status: { ...bare, faults: [stopKubelet] } });
    const group: TreeElement = { type: "group", id: "workers", group: "workers" };
    assert.equal(rowOf(group, facts)?.description, "0 of 1 Ready");
    const workers = childrenOf(group, facts);
    assert.deepEqual(
      workers.map((element) => rowOf(element, facts)?.label),
      ["worker-1"],
    );
    assert.deepEqual(shown(workers[0] ?? apiServer, bare), ["not registered", "node.unregistered"]);
    assert.deepEqual(shown(kubelet, { ...bare, faults: [stopKubelet] }), [
      "Stopped",
      "nodePart.stopped",
    ]);
    assert.equal(shown(kubeProxy, bare)[1], "kubeProxy.running");
    assert.equal(shown(kubeProxy, { ...bare, setUp: "kubeadm" })[1], "kubeProxy");
  });

  it("shows that kube-proxy is stopped where it is a Pod, too", () => {
    const status: SimulatorStatus = { ...bare, setUp: "kubeadm", faults: [stopKubeProxy] };
    assert.deepEqual(shown(kubeProxy, status), ["Stopped", "kubeProxy"]);
  });
});
