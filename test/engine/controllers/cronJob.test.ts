import assert from "node:assert/strict";
import { CronJob } from "../../../src/api/kinds/cronJob.ts";
import { Job } from "../../../src/api/kinds/job.ts";
import { controllerOf, keyOf } from "../../../src/api/object.ts";
import type { CronJob as CronJobObject, Job as JobObject } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { cronJob } from "./objects.ts";

const tick = { namespace: "default", name: "tick" };
/** The cluster starts at nine o'clock UTC. */
const nine = Date.UTC(2026, 0, 31, 9) / 60_000;

function start(spec: Partial<CronJobObject["spec"]> = {}): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(CronJob, cronJob("tick", spec));
  return plane;
}

function jobs(plane: ControlPlane): readonly JobObject[] {
  return plane.client.list(Job).items;
}

function names(plane: ControlPlane): readonly string[] {
  return jobs(plane).map(({ metadata }) => metadata.name);
}

function statusOf(plane: ControlPlane): NonNullable<CronJobObject["status"]> {
  return plane.client.get(CronJob, tick).status ?? {};
}

function finish(plane: ControlPlane, exitCode = 0): void {
  for (const pod of plane.podList())
    if (pod.status?.phase === "Running") plane.endPod(pod, exitCode);
}

describe("CronJob controller", () => {
  it("makes a Job at its time, named after the minute", () => {
    const plane = start();
    plane.run(299);
    assert.deepEqual(names(plane), []);
    plane.run(3);
    assert.deepEqual(names(plane), [`tick-${nine + 5}`]);
    const [job] = jobs(plane);
    assert.ok(job);
    assert.equal(controllerOf(job)?.name, "tick");
    assert.deepEqual(job.metadata.annotations, {
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-31T09:05:00Z",
    });
    const { active, lastScheduleTime } = statusOf(plane);
    assert.equal(lastScheduleTime, "2026-01-31T09:05:00Z");
    assert.deepEqual(
      active?.map(({ kind, name, uid }) => [kind, name, uid]),
      [["Job", job.metadata.name, job.metadata.uid]],
    );
    assert.deepEqual(plane.eventsOf("tick"), [
      `SuccessfulCreate: Created job ${job.metadata.name}`,
    ]);
  });

  it("takes note of what has completed", () => {
    const plane = start();
    plane.run(305);
    finish(plane);
    plane.run(5);
    const { active, lastSuccessfulTime } = statusOf(plane);
    assert.equal(active, undefined);
    assert.match(lastSuccessfulTime ?? "", /^2026-01-31T09:05/);
    assert.equal(
      plane.eventsOf("tick").at(-1),
      `SawCompletedJob: Saw completed job: tick-${nine + 5}, condition: Complete`,
    );
  });

  it("keeps three Jobs that succeeded and one that failed", () => {
    const plane = start();
    for (let i = 0; i < 5; i++) {
      plane.run(300);
      plane.run(5);
      finish(plane);
    }
    plane.run(10);
    assert.deepEqual(
      names(plane),
      [3, 4, 5].map((n) => `tick-${nine + 5 * n}`),
    );
  });

  it("runs one beside the other", () => {
    const plane = start();
    plane.run(610);
    assert.equal(statusOf(plane).active?.length, 2);
  });

  it("leaves out a time while one runs, where concurrency is forbidden", () => {
    const plane = start({ concurrencyPolicy: "Forbid" });
    plane.run(610);
    assert.equal(names(plane).length, 1);
    assert.equal(
      plane.eventsOf("tick").at(-1),
      "JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid",
    );
    finish(plane);
    plane.run(5);
    // What was left out is made up for, as it is not too late for anyone.
    assert.deepEqual(names(plane), [`tick-${nine + 5}`, `tick-${nine + 10}`]);
  });

  it("replaces what runs, where that is asked for", () => {
    const plane = start({ concurrencyPolicy: "Replace" });
    plane.run(610);
    assert.deepEqual(names(plane), [`tick-${nine + 10}`]);
    assert.equal(statusOf(plane).active?.length, 1);
    assert.ok(plane.eventsOf("tick").includes(`SuccessfulDelete: Deleted job tick-${nine + 5}`));
  });

  it("does nothing while it is suspended, and makes up for the last time only", () => {
    const plane = start({ suspend: true });
    plane.run(1_000);
    assert.deepEqual(names(plane), []);
    plane.client.patch(CronJob, tick, { spec: { suspend: false } });
    plane.run(1);
    assert.deepEqual(names(plane), [`tick-${nine + 15}`]);
  });

  it("leaves out what would be too late", () => {
    const plane = start({ suspend: true, startingDeadlineSeconds: 30 });
    plane.run(1_000);
    plane.client.patch(CronJob, tick, { spec: { suspend: false } });
    plane.run(5);
    assert.deepEqual(names(plane), []);
    plane.run(200);
    assert.deepEqual(names(plane), [`tick-${nine + 20}`]);
  });

  it("goes by the clock of its zone", () => {
    const plane = start({ schedule: "30 18 * * *", timeZone: "Asia/Seoul" });
    plane.run(31 * 60);
    const [job] = jobs(plane);
    assert.equal(job?.metadata.name, `tick-${nine + 30}`);
    assert.deepEqual(job?.metadata.annotations, {
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-31T18:30:00+09:00",
    });
  });

  it("minds a new schedule", () => {
    const plane = start({ schedule: "@yearly" });
    plane.run(10);
    plane.client.patch(CronJob, tick, { spec: { schedule: "* * * * *" } });
    plane.run(60);
    assert.deepEqual(names(plane), [`tick-${nine + 1}`]);
  });

  it("misses a Job that someone deleted", () => {
    const plane = start();
    plane.run(305);
    const [job] = jobs(plane);
    assert.ok(job);
    plane.client.delete(Job, keyOf(job), { propagationPolicy: "Background" });
    plane.run(5);
    assert.equal(statusOf(plane).active, undefined);
    assert.equal(
      plane.eventsOf("tick").at(-1),
      `MissingJob: Active job went missing: tick-${nine + 5}`,
    );
  });
});
