import assert from "node:assert/strict";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { keyOf } from "../../../src/api/object.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment } from "./objects.ts";

function makePlane(): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Deployment, deployment("web"));
  plane.run(5);
  return plane;
}

function statusOf(plane: ControlPlane, name: string) {
  return plane.manager.status().find((status) => status.name === name);
}

function killOnePod(plane: ControlPlane): void {
  const [pod] = plane.podList();
  if (pod) plane.client.delete(Pod, keyOf(pod));
}

describe("kube-controller-manager", () => {
  it("does nothing while it is stopped, and catches up when it starts", () => {
    const plane = makePlane();
    plane.manager.stop();
    killOnePod(plane);
    plane.run(60);
    assert.equal(plane.podList().length, 2);
    assert.ok(plane.manager.status().every(({ running }) => !running));
    plane.manager.start();
    plane.run(3);
    assert.equal(plane.podList().length, 3);
  });

  it("can do without one controller", () => {
    const plane = makePlane();
    plane.manager.stop("replicaset-controller");
    killOnePod(plane);
    plane.run(60);
    assert.equal(plane.podList().length, 2);
    assert.equal(statusOf(plane, "replicaset-controller")?.running, false);
    assert.equal(statusOf(plane, "deployment-controller")?.running, true);
    plane.manager.start("replicaset-controller");
    plane.run(3);
    assert.equal(plane.podList().length, 3);
  });

  it("leaves out a controller that was stopped by name when it starts", () => {
    const plane = makePlane();
    plane.manager.stop("replicaset-controller");
    plane.manager.stop();
    plane.manager.start();
    assert.equal(statusOf(plane, "replicaset-controller")?.running, false);
    plane.manager.start("replicaset-controller");
    assert.equal(statusOf(plane, "replicaset-controller")?.running, true);
    assert.throws(() => plane.manager.stop("none"), /there is no controller called none/);
  });

  it("tells of each controller's last runs: why it looked, and what it did", () => {
    const plane = makePlane();
    const [deleted] = plane.podList();
    plane.run(10);
    killOnePod(plane);
    plane.run(0.1);
    const { recent = [] } = statusOf(plane, "replicaset-controller") ?? {};
    const run = recent.find(({ writes }) => writes.some(({ verb }) => verb === "create"));
    const { name } = deleted?.metadata ?? {};
    assert.deepEqual(run?.reason, { type: "changed", kind: "Pod", key: `default/${name}` });
    assert.ok(run?.writes.some(({ kind, count }) => kind === "Pod" && count === 1));
    assert.ok(recent.length <= 5);
  });

  it("counts what each controller does, over all its starts", () => {
    const plane = makePlane();
    const before = statusOf(plane, "deployment-controller");
    assert.ok((before?.writes ?? 0) > 3);
    assert.equal(before?.lastKey, "default/web");
    plane.manager.stop();
    plane.manager.start();
    plane.run(1);
    const after = statusOf(plane, "deployment-controller");
    assert.ok((after?.reconciles ?? 0) > (before?.reconciles ?? 0));
    assert.equal(after?.writes, before?.writes);
  });

  it("sends each controller's requests under its own account", () => {
    const plane = makePlane();
    const users = new Set(
      plane.traced("request").map((event) => (event.type === "request" ? event.user : "")),
    );
    for (const account of ["deployment-controller", "replicaset-controller", "node-controller"])
      assert.ok(users.has(`system:serviceaccount:kube-system:${account}`), account);
  });

  it("settles: once all is done nobody writes any more", () => {
    const plane = makePlane();
    plane.run(60);
    const before = plane.manager.status().map(({ writes }) => writes);
    plane.run(600);
    assert.deepEqual(
      plane.manager.status().map(({ writes }) => writes),
      before,
    );
  });

  it("does the same twice", () => {
    const [one, other] = [makePlane(), makePlane()].map((plane) => {
      killOnePod(plane);
      plane.run(30);
      return JSON.stringify(plane.trace.since(1));
    });
    assert.equal(one, other);
  });
});
