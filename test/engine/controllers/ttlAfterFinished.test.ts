import assert from "node:assert/strict";
import { Job } from "../../../src/api/kinds/job.ts";
import { ControlPlane } from "./controlPlane.ts";
import { job } from "./objects.ts";

const pi = { namespace: "default", name: "pi" };

function finished(ttlSecondsAfterFinished: number, exitCode = 0): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Job, job("pi", { ttlSecondsAfterFinished, backoffLimit: 0 }));
  plane.run(5);
  for (const pod of plane.podList()) plane.endPod(pod, exitCode);
  plane.run(5);
  return plane;
}

function isThere(plane: ControlPlane): boolean {
  return plane.client.list(Job).items.length > 0;
}

describe("TTL controller for finished Jobs", () => {
  for (const [end, exitCode] of [
    ["succeeded", 0],
    ["failed", 1],
  ] as const)
    it(`deletes a Job that ${end} once its time is over, with its Pods`, () => {
      const plane = finished(60, exitCode);
      plane.run(50);
      assert.ok(isThere(plane));
      plane.run(15);
      assert.ok(!isThere(plane));
      assert.deepEqual(plane.podList(), []);
    });

  it("gives more time to who asks for it", () => {
    const plane = finished(60);
    plane.client.patch(Job, pi, { spec: { ttlSecondsAfterFinished: 600 } });
    plane.run(300);
    assert.ok(isThere(plane));
  });

  it("leaves alone what still runs", () => {
    const plane = new ControlPlane();
    plane.addMachine("worker");
    plane.client.create(Job, job("pi", { ttlSecondsAfterFinished: 0 }));
    plane.run(60);
    assert.ok(isThere(plane));
  });
});
