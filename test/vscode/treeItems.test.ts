import assert from "node:assert/strict";
import type { Fault } from "../../src/api/fault.ts";
import type { TreeElement } from "../../src/vscode/treeElements.ts";
import { rowOf } from "../../src/vscode/treeItems.ts";
import type { TreeRow } from "../../src/vscode/treeRow.ts";
import {
  factsOf,
  idleStatus,
  type NodeOptions,
  node,
  type PodOptions,
  pod,
} from "./clusterFacts.ts";

const powerOff: Fault = { type: "powerOff", node: "worker-1" };
const stopScheduler: Fault = { type: "stopComponent", component: "kube-scheduler" };

function nodeRow(options: NodeOptions, faults: readonly Fault[] = []): TreeRow | undefined {
  const facts = factsOf({
    nodes: [node("worker-1", options)],
    pods: [pod("web", { on: "worker-1" })],
    status: { ...idleStatus, faults },
  });
  return rowOf({ type: "node", id: "n", name: "worker-1" }, facts);
}

function podRow(options: PodOptions): TreeRow | undefined {
  const facts = factsOf({ pods: [pod("web", options)] });
  const key = { namespace: options.namespace ?? "default", name: "web" };
  return rowOf({ type: "pod", id: "p", key }, facts);
}

describe("rows of the tree", () => {
  for (const [claim, options, faults, description, context] of [
    [
      "a worker that is well",
      { zone: "zone-a" },
      [],
      "Ready · 1 Pod · 2 cpu · 4Gi · zone-a",
      "node.worker.on",
    ],
    [
      "a silent worker",
      { ready: "Unknown" },
      [],
      "NotReady · 1 Pod · 2 cpu · 4Gi",
      "node.worker.on",
    ],
    [
      "a cordoned worker",
      { cordoned: true },
      [],
      "Ready,SchedulingDisabled · 1 Pod · 2 cpu · 4Gi",
      "node.worker.on",
    ],
    [
      "a worker without power, before anybody noticed",
      {},
      [powerOff],
      "Ready · powered off · 1 Pod · 2 cpu · 4Gi",
      "node.worker.off",
    ],
    [
      "the control plane's node",
      { controlPlane: true },
      [],
      "Ready · control-plane · 1 Pod · 2 cpu · 4Gi",
      "node",
    ],
  ] as const)
    it(`describes ${claim}`, () => {
      const row = nodeRow(options, faults);
      assert.equal(row?.description, description);
      assert.equal(row?.context, context);
    });

  for (const [claim, options, description, icon] of [
    ["a Pod that runs", { on: "a" }, "Running · 1/1", "pass"],
    ["a Pod that waits for a node", {}, "Pending", "question"],
    [
      "a Pod that is created",
      { on: "a", phase: "Pending", waiting: "ContainerCreating" },
      "ContainerCreating · 0/1",
      "loading",
    ],
    [
      "a Pod that crashes",
      { on: "a", waiting: "CrashLoopBackOff", restarts: 3 },
      "CrashLoopBackOff · 0/1 · 3 restarts",
      "error",
    ],
    [
      "a Pod whose image is missing",
      { on: "a", phase: "Pending", waiting: "ErrImagePull" },
      "ErrImagePull · 0/1",
      "error",
    ],
    ["a Pod that is deleted", { on: "a", deleted: true }, "Terminating · 1/1", "trash"],
    [
      "a Pod of another namespace",
      { on: "a", namespace: "kube-system" },
      "Running · 1/1 · kube-system",
      "pass",
    ],
  ] as const)
    it(`describes ${claim}`, () => {
      const row = podRow(options);
      assert.equal(row?.description, description);
      assert.equal(row?.icon.id, icon);
    });

  it("tells health not by colour alone", () => {
    assert.equal(
      nodeRow({ ready: "Unknown" })?.accessibleLabel,
      "worker-1, NotReady · 1 Pod · 2 cpu · 4Gi",
    );
  });

  const scheduler: TreeElement = { type: "component", id: "s", component: "kube-scheduler" };

  it("counts the scheduler's queues", () => {
    const queues = { ...idleStatus.scheduler, active: 1, unschedulable: 2 };
    const facts = factsOf({ status: { ...idleStatus, scheduler: queues } });
    assert.equal(rowOf(scheduler, factsOf())?.description, "queue empty");
    assert.equal(rowOf(scheduler, facts)?.description, "1 active · 2 unschedulable");
  });

  it("offers to start what is stopped and to stop what runs", () => {
    const stopped = factsOf({ status: { ...idleStatus, faults: [stopScheduler] } });
    assert.equal(
      rowOf(scheduler, factsOf())?.context,
      "component.stoppable.running.kube-scheduler",
    );
    assert.equal(rowOf(scheduler, stopped)?.context, "component.stoppable.stopped.kube-scheduler");
    assert.equal(rowOf(scheduler, stopped)?.description, "Stopped");
  });

  it("tells why a controller looked at an object, and what it did", () => {
    const recent = [
      {
        at: idleStatus.now - 5_000,
        key: "default/web",
        reason: { type: "deleted", kind: "Pod", key: "default/web-1" },
        writes: [{ verb: "create", kind: "Pod", count: 2 }],
      },
    ] as const;
    const [controller] = idleStatus.controllers;
    assert.ok(controller);
    const facts = factsOf({ status: { ...idleStatus, controllers: [{ ...controller, recent }] } });
    const element = { type: "reconcile", id: "r", controller: controller.name, index: 0 } as const;
    const found = rowOf(element, facts);
    assert.equal(found?.label, "default/web");
    assert.match(found?.description ?? "", /^Pod default\/web-1 is gone · created Pod × 2 · 5/);
  });

  it("offers to start a controller that is stopped alone", () => {
    const [controller] = idleStatus.controllers;
    assert.ok(controller);
    const element = { type: "controller", id: "c", name: controller.name } as const;
    const stopped = { ...controller, running: false };
    const faults = [{ type: "stopController", controller: controller.name }] as const;
    const rowWith = (status: object) =>
      rowOf(element, factsOf({ status: { ...idleStatus, ...status } }))?.context;
    assert.equal(rowWith({}), "controller.running");
    assert.equal(rowWith({ controllers: [stopped], faults }), "controller.stopped");
    assert.equal(rowWith({ controllers: [stopped] }), "controller");
  });

  it("has no row for what is gone", () => {
    assert.equal(rowOf({ type: "node", id: "n", name: "gone" }, factsOf()), undefined);
    const key = { namespace: "default", name: "gone" };
    assert.equal(rowOf({ type: "pod", id: "p", key }, factsOf()), undefined);
  });

  it("counts the workers that are Ready", () => {
    const nodes = [node("a"), node("b", { ready: "Unknown" }), node("c", { controlPlane: true })];
    const row = rowOf({ type: "group", id: "workers", group: "workers" }, factsOf({ nodes }));
    assert.equal(row?.description, "1 of 2 Ready");
  });
});
