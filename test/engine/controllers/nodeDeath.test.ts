import assert from "node:assert/strict";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { isActive, isPodReady } from "../../../src/api/kinds/pod/kind.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment } from "./objects.ts";

function makeCluster(machines = ["a", "b"]): ControlPlane {
  const plane = new ControlPlane();
  for (const name of machines) plane.addMachine(name);
  plane.client.create(Deployment, deployment("web", { replicas: machines.length }));
  plane.run(20);
  return plane;
}

function nodeOf(plane: ControlPlane, name: string) {
  return plane.client.get(Node, { namespace: "", name });
}

function readiness(plane: ControlPlane, name: string): string {
  const { conditions } = nodeOf(plane, name).status ?? {};
  const { status, reason, message } = conditions?.find(({ type }) => type === "Ready") ?? {};
  return `${status} ${reason}: ${message}`;
}

function taints(plane: ControlPlane, name: string): readonly string[] {
  const list = nodeOf(plane, name).spec?.taints ?? [];
  return list.map(({ key, effect }) => `${key}:${effect}`).toSorted();
}

function podsOn(plane: ControlPlane, name: string) {
  return plane.podList().filter(({ spec }) => spec.nodeName === name);
}

const unreachable = [
  "node.kubernetes.io/unreachable:NoExecute",
  "node.kubernetes.io/unreachable:NoSchedule",
];

describe("A node that dies", () => {
  it("is found silent 50 s after its last sign of life, tainted, and emptied after 300 s", () => {
    const plane = makeCluster();
    const [pod] = podsOn(plane, "a");
    const name = pod?.metadata.name ?? "";
    plane.machines.get("a")?.kill();
    // The last Lease came at 20 s, and was noticed in the round at 25 s or just before.
    const silent = plane.runUntil(() => readiness(plane, "a").startsWith("Unknown"));
    assert.ok(silent >= 70 && silent <= 75.2, `silent at ${silent}`);
    assert.equal(
      readiness(plane, "a"),
      "Unknown NodeStatusUnknown: Kubelet stopped posting node status.",
    );
    assert.ok(plane.eventsOf("a").includes("NodeNotReady: Node a status is now: NodeNotReady"));
    assert.deepEqual(podsOn(plane, "a").map(isPodReady), [false]);
    assert.ok(plane.eventsOf(name).includes("NodeNotReady: Node is not ready"));
    const tainted = plane.runUntil(() => taints(plane, "a").length === 2);
    assert.deepEqual(taints(plane, "a"), unreachable);
    // The NoExecute taint waits for the round that finds the condition Unknown.
    assert.ok(tainted - silent < 5.3, `tainted ${tainted - silent} s later`);
    const evicted = plane.runUntil(() => !podsOn(plane, "a").some(isActive));
    assert.ok(Math.abs(evicted - tainted - 300) < 0.3, `evicted ${evicted - tainted} s later`);
    assert.ok(
      plane
        .eventsOf(name)
        .includes(`TaintManagerEviction: Marking for deletion Pod default/${name}`),
    );
    const target = podsOn(plane, "a")[0]?.status?.conditions?.find(
      ({ type }) => type === "DisruptionTarget",
    );
    assert.equal(target?.reason, "DeletionByTaintManager");
    assert.equal(target?.message, "Taint manager: deleting due to NoExecute taint");
    plane.run(3);
    // The replacement runs elsewhere; the old Pod stays Terminating, for its kubelet is dead.
    assert.equal(podsOn(plane, "b").filter(isPodReady).length, 2);
    assert.equal(podsOn(plane, "a").length, 1);
  });

  it("keeps its Pods if it comes back in time", () => {
    const plane = makeCluster();
    const name = podsOn(plane, "a")[0]?.metadata.name ?? "";
    plane.machines.get("a")?.kill();
    plane.runUntil(() => taints(plane, "a").length === 2);
    plane.run(60);
    plane.machines.get("a")?.revive();
    plane.run(10);
    assert.deepEqual(taints(plane, "a"), []);
    assert.ok(
      plane
        .eventsOf(name)
        .includes(`TaintManagerEviction: Cancelling deletion of Pod default/${name}`),
    );
    plane.run(400);
    assert.equal(podsOn(plane, "a").filter(isActive).length, 1);
  });

  it("whose Node object goes has its Pods removed after the quarantine", () => {
    const plane = makeCluster();
    plane.machines.get("a")?.kill();
    plane.client.delete(Node, { namespace: "", name: "a" });
    const before = plane.elapsed;
    const gone = plane.runUntil(() => podsOn(plane, "a").length === 0);
    assert.ok(gone - before >= 40 && gone - before <= 61, `${gone - before} s`);
    assert.ok(plane.eventsOf("a").some((event) => event.startsWith("RemovingNode: Node a event")));
  });

  it("swaps its taint when its kubelet reports that it is not ready", () => {
    const plane = makeCluster();
    plane.machines.get("a")?.report("False");
    plane.run(10);
    assert.deepEqual(taints(plane, "a"), [
      "node.kubernetes.io/not-ready:NoExecute",
      "node.kubernetes.io/not-ready:NoSchedule",
    ]);
    plane.machines.get("a")?.kill();
    plane.run(65);
    assert.deepEqual(taints(plane, "a"), unreachable);
  });

  it("with all the others is not emptied: the fault is rather ours", () => {
    const plane = makeCluster();
    for (const machine of plane.machines.values()) machine.kill();
    plane.run(600);
    assert.deepEqual(taints(plane, "a"), ["node.kubernetes.io/unreachable:NoSchedule"]);
    assert.equal(plane.podList().filter(isActive).length, 2);
  });

  it("is tainted ten seconds after another of its zone", () => {
    const plane = makeCluster(["a", "b", "c", "d", "e"]);
    plane.machines.get("a")?.kill();
    plane.machines.get("b")?.kill();
    const first = plane.runUntil(() =>
      [taints(plane, "a"), taints(plane, "b")].some((t) => t.length === 2),
    );
    const both = plane.runUntil(() =>
      [taints(plane, "a"), taints(plane, "b")].every((t) => t.length === 2),
    );
    assert.ok(Math.abs(both - first - 10) < 0.3, `${both - first} s`);
  });

  it("is not emptied when most of its small zone is silent", () => {
    const plane = makeCluster(["a", "b", "c", "d", "e"]);
    for (const name of ["a", "b", "c"]) plane.machines.get(name)?.kill();
    plane.run(600);
    const noExecute = ["a", "b", "c"].flatMap((name) =>
      taints(plane, name).filter((taint) => taint.endsWith("NoExecute")),
    );
    assert.deepEqual(noExecute, []);
  });
});

describe("A node", () => {
  it("gets a range of Pod addresses", () => {
    const plane = makeCluster();
    assert.equal(nodeOf(plane, "a").spec?.podCIDR, "10.244.0.0/24");
    assert.equal(nodeOf(plane, "b").spec?.podCIDR, "10.244.1.0/24");
  });

  it("that is cordoned or under pressure keeps new Pods off", () => {
    const plane = makeCluster();
    plane.client.patch(Node, { namespace: "", name: "a" }, { spec: { unschedulable: true } });
    plane.run(1);
    assert.deepEqual(taints(plane, "a"), ["node.kubernetes.io/unschedulable:NoSchedule"]);
    plane.client.patch(Node, { namespace: "", name: "a" }, { spec: { unschedulable: null } });
    const node = nodeOf(plane, "a");
    const conditions = (node.status?.conditions ?? []).map((condition) =>
      condition.type === "MemoryPressure" ? { ...condition, status: "True" } : condition,
    );
    plane.client.updateStatus(Node, { ...node, status: { ...node.status, conditions } });
    plane.run(1);
    assert.deepEqual(taints(plane, "a"), ["node.kubernetes.io/memory-pressure:NoSchedule"]);
  });

  it("is registered with an event", () => {
    const plane = makeCluster();
    assert.ok(
      plane.eventsOf("a").includes("RegisteredNode: Node a event: Registered Node a in Controller"),
    );
  });
});
