import assert from "node:assert/strict";
import { Job } from "../../../src/api/kinds/job.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { keyOf } from "../../../src/api/object.ts";
import type { JobCondition, Job as JobObject, Pod as PodObject } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { job } from "./objects.ts";

const pi = { namespace: "default", name: "pi" };

function start(spec: Partial<JobObject["spec"]> = {}): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Job, job("pi", spec));
  plane.run(5);
  return plane;
}

function statusOf(plane: ControlPlane): NonNullable<JobObject["status"]> {
  return plane.client.get(Job, pi).status ?? {};
}

function conditionsOf(plane: ControlPlane): readonly string[] {
  return (statusOf(plane).conditions ?? []).map(conditionText);
}

function conditionText({ type, status, reason = "", message = "" }: JobCondition): string {
  return `${type}=${status} ${reason}: ${message}`;
}

function running(plane: ControlPlane): readonly PodObject[] {
  return plane.podList().filter(({ status }) => status?.phase === "Running");
}

function endAll(plane: ControlPlane, exitCode: number): void {
  for (const pod of running(plane)) plane.endPod(pod, exitCode);
}

function indexOf({ metadata }: PodObject): string {
  return metadata.annotations?.["batch.kubernetes.io/job-completion-index"] ?? "";
}

function podOf(plane: ControlPlane, index: string): PodObject {
  const pod = running(plane).find((each) => indexOf(each) === index);
  assert.ok(pod, `no Pod of index ${index}`);
  return pod;
}

describe("Job controller", () => {
  it("makes a Pod that it holds until it is counted", () => {
    const plane = start();
    const [pod] = plane.podList();
    assert.match(pod?.metadata.name ?? "", /^pi-[a-z0-9]{5}$/);
    assert.deepEqual(pod?.metadata.finalizers, ["batch.kubernetes.io/job-tracking"]);
    const { startTime, ...status } = statusOf(plane);
    assert.ok(startTime);
    assert.deepEqual(status, { active: 1, ready: 1, terminating: 0, uncountedTerminatedPods: {} });
    assert.deepEqual(plane.eventsOf("pi"), [
      `SuccessfulCreate: Created pod: ${pod?.metadata.name}`,
    ]);
  });

  it("completes when the Pod succeeds, and says so twice", () => {
    const plane = start();
    endAll(plane, 0);
    plane.run(3);
    const { completionTime, startTime, conditions, ...status } = statusOf(plane);
    assert.ok(startTime && completionTime);
    assert.deepEqual(status, {
      ready: 0,
      succeeded: 1,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    const reached = "CompletionsReached: Reached expected number of succeeded pods";
    assert.deepEqual(conditions?.map(conditionText), [
      `SuccessCriteriaMet=True ${reached}`,
      `Complete=True ${reached}`,
    ]);
    assert.equal(plane.podList()[0]?.metadata.finalizers, undefined);
    assert.equal(plane.eventsOf("pi").at(-1), "Completed: Job completed");
  });

  it("runs no more Pods than there are completions left", () => {
    const plane = start({ completions: 3, parallelism: 2 });
    assert.equal(plane.podList().length, 2);
    endAll(plane, 0);
    plane.run(5);
    assert.equal(running(plane).length, 1);
    endAll(plane, 0);
    plane.run(3);
    assert.equal(statusOf(plane).succeeded, 3);
    assert.equal(conditionsOf(plane).length, 2);
  });

  it("without completions is done when one Pod has succeeded and the others have ended", () => {
    const plane = start({ parallelism: 2 });
    const [first, second] = running(plane);
    assert.ok(first && second);
    plane.endPod(first, 0);
    plane.run(5);
    assert.equal(running(plane).length, 1);
    assert.deepEqual(conditionsOf(plane), []);
    plane.endPod(second, 1);
    plane.run(3);
    assert.match(conditionsOf(plane)[1] ?? "", /^Complete=True/);
  });

  it("replaces failed Pods later and later, and gives up after the limit", () => {
    const plane = start({ backoffLimit: 2 });
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      const failedAt = plane.elapsed;
      endAll(plane, 1);
      if (i === 2) break;
      plane.runUntil(() => plane.podList().length === i + 2);
      waits.push(Math.round(plane.elapsed - failedAt));
      plane.run(2);
    }
    assert.deepEqual(waits, [10, 20]);
    plane.run(3);
    const exceeded = "BackoffLimitExceeded: Job has reached the specified backoff limit";
    assert.deepEqual(conditionsOf(plane), [
      `FailureTarget=True ${exceeded}`,
      `Failed=True ${exceeded}`,
    ]);
    assert.equal(statusOf(plane).failed, 3);
    assert.equal(plane.eventsOf("pi").at(-1), exceeded);
  });

  it("counts a deleted Pod as failed and replaces it", () => {
    const plane = start();
    const [pod] = running(plane);
    assert.ok(pod);
    plane.client.delete(Pod, keyOf(pod));
    plane.run(15);
    assert.equal(statusOf(plane).failed, 1);
    assert.equal(running(plane).length, 1);
  });

  it("ends at its deadline with what runs", () => {
    const plane = start({ activeDeadlineSeconds: 30, completions: 2, parallelism: 2 });
    plane.run(35);
    const exceeded = "DeadlineExceeded: Job was active longer than specified deadline";
    assert.deepEqual(conditionsOf(plane), [
      `FailureTarget=True ${exceeded}`,
      `Failed=True ${exceeded}`,
    ]);
    assert.equal(statusOf(plane).failed, 2);
    assert.deepEqual(running(plane), []);
  });

  it("lets go of its Pods while suspended and starts afresh when it goes on", () => {
    const plane = start({ parallelism: 2, completions: 4 });
    const before = statusOf(plane).startTime;
    plane.client.patch(Job, pi, { spec: { suspend: true } });
    plane.run(5);
    assert.deepEqual(plane.podList(), []);
    assert.deepEqual(conditionsOf(plane), ["Suspended=True JobSuspended: Job suspended"]);
    assert.equal(statusOf(plane).failed, undefined);
    plane.client.patch(Job, pi, { spec: { suspend: false } });
    plane.run(5);
    assert.equal(running(plane).length, 2);
    assert.deepEqual(conditionsOf(plane), ["Suspended=False JobResumed: Job resumed"]);
    assert.notEqual(statusOf(plane).startTime, before);
    const events = plane.eventsOf("pi").filter((text) => /^(Suspended|Resumed)/.test(text));
    assert.deepEqual(events, ["Suspended: Job suspended", "Resumed: Job resumed"]);
  });

  it("shrinks when less parallelism is asked for", () => {
    const plane = start({ parallelism: 3, completions: 9 });
    plane.client.patch(Job, pi, { spec: { parallelism: 1 } });
    plane.run(5);
    assert.equal(running(plane).length, 1);
    assert.equal(statusOf(plane).failed, undefined);
  });

  it("leaves a Job to whom it names", () => {
    const plane = start({ managedBy: "example.com/other" });
    assert.deepEqual(plane.podList(), []);
    assert.deepEqual(statusOf(plane), {});
  });

  it("frees Pods whose Job is gone", () => {
    const plane = start();
    plane.client.delete(Job, pi, { propagationPolicy: "Orphan" });
    plane.run(5);
    const [pod] = plane.podList();
    assert.ok(pod);
    assert.equal(pod.metadata.ownerReferences, undefined);
    assert.equal(pod.metadata.finalizers, undefined);
  });

  it("takes its Pods with it", () => {
    const plane = start({ parallelism: 2, completions: 2 });
    plane.client.delete(Job, pi, { propagationPolicy: "Background" });
    plane.run(10);
    assert.deepEqual(plane.podList(), []);
  });
});

describe("An indexed Job", () => {
  const indexed = { completionMode: "Indexed", completions: 4, parallelism: 4 } as const;

  it("gives each Pod its index by name, host name, label and variable", () => {
    const plane = start(indexed);
    const pod = podOf(plane, "2");
    assert.match(pod.metadata.name, /^pi-2-[a-z0-9]{5}$/);
    assert.equal(pod.spec.hostname, "pi-2");
    assert.equal(pod.metadata.labels?.["batch.kubernetes.io/job-completion-index"], "2");
    assert.deepEqual(pod.spec.containers[0]?.env, [
      {
        name: "JOB_COMPLETION_INDEX",
        valueFrom: {
          fieldRef: {
            apiVersion: "v1",
            fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']",
          },
        },
      },
    ]);
  });

  it("writes down which indexes are done", () => {
    const plane = start(indexed);
    for (const index of ["0", "1", "3"]) plane.endPod(podOf(plane, index), 0);
    plane.run(3);
    assert.equal(statusOf(plane).completedIndexes, "0,1,3");
    plane.endPod(podOf(plane, "2"), 0);
    plane.run(3);
    assert.equal(statusOf(plane).completedIndexes, "0-3");
    assert.match(conditionsOf(plane)[1] ?? "", /^Complete=True/);
  });

  it("tries a failed index again", () => {
    const plane = start(indexed);
    plane.endPod(podOf(plane, "1"), 1);
    plane.run(15);
    assert.equal(running(plane).length, 4);
    assert.ok(podOf(plane, "1"));
    assert.equal(statusOf(plane).failed, 1);
  });

  it("gives up an index that fails too often and goes on with the others", () => {
    const plane = start({ ...indexed, backoffLimitPerIndex: 1 });
    plane.endPod(podOf(plane, "0"), 1);
    plane.run(3);
    // The failed Pod stays until its successor has taken over its count.
    const [failed] = plane.podList().filter(({ status }) => status?.phase === "Failed");
    assert.ok(failed?.metadata.finalizers);
    plane.run(12);
    const next = podOf(plane, "0");
    const count = "batch.kubernetes.io/job-index-failure-count";
    assert.equal(next.metadata.annotations?.[count], "1");
    plane.endPod(next, 1);
    for (const index of ["1", "2", "3"]) plane.endPod(podOf(plane, index), 0);
    plane.run(3);
    const { failedIndexes, completedIndexes } = statusOf(plane);
    assert.deepEqual(
      { failedIndexes, completedIndexes },
      {
        failedIndexes: "0",
        completedIndexes: "1-3",
      },
    );
    assert.deepEqual(conditionsOf(plane), [
      "FailureTarget=True FailedIndexes: Job has failed indexes",
      "Failed=True FailedIndexes: Job has failed indexes",
    ]);
  });

  it("fails once too many indexes have failed", () => {
    const plane = start({ ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 1 });
    for (const index of ["0", "1"]) plane.endPod(podOf(plane, index), 1);
    plane.run(5);
    assert.match(
      conditionsOf(plane)[1] ?? "",
      /^Failed=True MaxFailedIndexesExceeded: Job has exceeded the specified maximal number/,
    );
  });

  it("succeeds early when its policy is met, and stops the rest", () => {
    const plane = start({
      ...indexed,
      successPolicy: { rules: [{ succeededIndexes: "0" }, { succeededCount: 2 }] },
    });
    for (const index of ["1", "3"]) plane.endPod(podOf(plane, index), 0);
    plane.run(8);
    assert.deepEqual(conditionsOf(plane), [
      "SuccessCriteriaMet=True SuccessPolicy: Matched rules at index 1",
      "Complete=True SuccessPolicy: Matched rules at index 1",
    ]);
    assert.deepEqual(running(plane), []);
    const { failed, succeeded } = statusOf(plane);
    assert.deepEqual({ failed, succeeded }, { failed: undefined, succeeded: 2 });
  });

  it("grows and shrinks as a whole", () => {
    const plane = start(indexed);
    plane.endPod(podOf(plane, "3"), 0);
    plane.run(3);
    plane.client.patch(Job, pi, { spec: { completions: 2, parallelism: 2 } });
    plane.run(5);
    assert.deepEqual(running(plane).map(indexOf).toSorted(), ["0", "1"]);
    assert.equal(statusOf(plane).completedIndexes, undefined);
  });
});

describe("A Job's failure policy", () => {
  const policy = (rule: object): Partial<JobObject["spec"]> => ({
    completions: 2,
    parallelism: 2,
    podFailurePolicy: { rules: [rule] } as NonNullable<JobObject["spec"]["podFailurePolicy"]>,
  });

  it("fails the whole Job at an exit code", () => {
    const plane = start(
      policy({ action: "FailJob", onExitCodes: { operator: "In", values: [42] } }),
    );
    const [pod] = running(plane);
    assert.ok(pod);
    plane.endPod(pod, 42);
    plane.run(6);
    const message = `Container main for pod default/${pod.metadata.name} failed with exit code 42 matching FailJob rule at index 0`;
    assert.deepEqual(conditionsOf(plane), [
      `FailureTarget=True PodFailurePolicy: ${message}`,
      `Failed=True PodFailurePolicy: ${message}`,
    ]);
    assert.deepEqual(running(plane), []);
  });

  it("ignores failures that are not the Pod's own", () => {
    const plane = start({
      ...policy({
        action: "Ignore",
        onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
      }),
      backoffLimit: 0,
    });
    const [pod] = running(plane);
    assert.ok(pod);
    plane.endPod(pod, 137);
    plane.client.patch(
      Pod,
      keyOf(pod),
      { status: { conditions: [{ type: "DisruptionTarget", status: "True" }] } },
      { subresource: "status" },
    );
    plane.run(15);
    assert.equal(statusOf(plane).failed, undefined);
    assert.equal(running(plane).length, 2);
  });
});
