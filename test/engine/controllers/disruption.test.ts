import assert from "node:assert/strict";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Job } from "../../../src/api/kinds/job.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { PodDisruptionBudget } from "../../../src/api/kinds/podDisruptionBudget.ts";
import { keyOf } from "../../../src/api/object.ts";
import { ApiError } from "../../../src/api/status.ts";
import type {
  PodDisruptionBudget as BudgetObject,
  Pod as PodObject,
} from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment, job, template } from "./objects.ts";

const key = { namespace: "default", name: "web" };

function budget(name: string, spec: BudgetObject["spec"]): BudgetObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app: "web" } }, ...spec },
  };
}

function start(spec: BudgetObject["spec"], replicas = 4): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(Deployment, deployment("web", { replicas }));
  plane.client.create(PodDisruptionBudget, budget("web", spec));
  plane.run(5);
  return plane;
}

function statusOf(plane: ControlPlane): NonNullable<BudgetObject["status"]> {
  const { status } = plane.client.get(PodDisruptionBudget, key);
  assert.ok(status);
  return status;
}

function countsOf(plane: ControlPlane): readonly number[] {
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = statusOf(plane);
  return [expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed];
}

function aPod(plane: ControlPlane): PodObject {
  const [pod] = plane.podList().filter(({ metadata }) => !metadata.deletionTimestamp);
  assert.ok(pod);
  return pod;
}

/** Asks for an eviction. @returns the refusal: code, message and details */
function evict(plane: ControlPlane, pod: PodObject): readonly unknown[] | undefined {
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: pod.metadata.name, namespace: "default" },
  };
  try {
    plane.client.createSubresource(Pod, keyOf(pod), "eviction", body);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [error.code, error.message, error.status.details];
  }
}

const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

describe("Disruption controller", () => {
  for (const [claim, spec, counts] of [
    ["a number that must stay", { minAvailable: 3 }, [4, 3, 4, 1]],
    ["a share that must stay, rounded up", { minAvailable: "30%" }, [4, 2, 4, 2]],
    ["a number that may be away", { maxUnavailable: 1 }, [4, 3, 4, 1]],
    ["a share that may be away, rounded up", { maxUnavailable: "30%" }, [4, 2, 4, 2]],
    ["neither", {}, [0, 0, 4, 0]],
  ] as const)
    it(`counts with ${claim}`, () => assert.deepEqual(countsOf(start(spec)), counts));

  it("says whether anything may go", () => {
    const plane = start({ minAvailable: 4 });
    const { conditions, observedGeneration } = statusOf(plane);
    assert.equal(observedGeneration, 1);
    assert.deepEqual(
      conditions?.map(({ lastTransitionTime: _, ...condition }) => condition),
      [
        {
          type: "DisruptionAllowed",
          status: "False",
          observedGeneration: 1,
          reason: "InsufficientPods",
          message: "",
        },
      ],
    );
    plane.client.patch(PodDisruptionBudget, key, { spec: { minAvailable: 2 } });
    plane.run(1);
    const [condition] = statusOf(plane).conditions ?? [];
    assert.deepEqual([condition?.status, condition?.reason], ["True", "SufficientPods"]);
  });

  it("allows nothing of Pods whose controller has no scale, and says why", () => {
    const plane = new ControlPlane();
    plane.addMachine("worker");
    const { spec, metadata } = template();
    plane.client.create(
      Job,
      job("web", { template: { metadata, spec: { ...spec, restartPolicy: "Never" } } }),
    );
    plane.client.create(PodDisruptionBudget, budget("web", { maxUnavailable: 1 }));
    plane.run(5);
    const [condition] = statusOf(plane).conditions ?? [];
    assert.deepEqual(
      [condition?.reason, condition?.message],
      ["SyncFailed", "jobs.batch does not implement the scale subresource"],
    );
    assert.ok(
      plane
        .eventsOf("web")
        .includes(
          "CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: jobs.batch does not implement the scale subresource",
        ),
    );
    assert.deepEqual(evict(plane, aPod(plane)), [
      429,
      refusal,
      {
        causes: [
          {
            reason: "DisruptionBudget",
            message:
              "The disruption budget web does not allow evicting pods currently because it failed sync: jobs.batch does not implement the scale subresource",
          },
        ],
      },
    ]);
  });

  it("says that nothing matches", () => {
    const plane = new ControlPlane();
    plane.client.create(PodDisruptionBudget, budget("web", { minAvailable: 1 }));
    plane.run(1);
    assert.equal(plane.eventsOf("web")[0], "NoPods: No matching pods found");
  });
});

describe("An eviction", () => {
  it("takes what the budget allows, and tells the Pod why it goes", () => {
    const plane = start({ minAvailable: 3 });
    const pod = aPod(plane);
    assert.equal(evict(plane, pod), undefined);
    const going = plane.client.get(Pod, keyOf(pod));
    assert.ok(going.metadata.deletionTimestamp);
    const condition = going.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.message],
      ["True", "EvictionByEvictionAPI", "Eviction API: evicting"],
    );
    const { disruptedPods, disruptionsAllowed } = statusOf(plane);
    assert.deepEqual(Object.keys(disruptedPods ?? {}), [pod.metadata.name]);
    assert.equal(disruptionsAllowed, 0);
    assert.deepEqual(evict(plane, aPod(plane))?.slice(0, 2), [429, refusal]);
    plane.run(5);
    assert.deepEqual(countsOf(plane), [4, 3, 4, 1]);
    assert.equal(statusOf(plane).disruptedPods, undefined);
  });

  it("is refused where all are needed, with the numbers", () => {
    const plane = start({ minAvailable: 4 });
    assert.deepEqual(evict(plane, aPod(plane)), [
      429,
      refusal,
      {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget web needs 4 healthy pods and has 4 currently",
          },
        ],
      },
    ]);
  });

  it("is refused until the budget's newest state is known", () => {
    const plane = start({ minAvailable: 1 });
    plane.client.patch(PodDisruptionBudget, key, { spec: { minAvailable: 2 } });
    assert.deepEqual(evict(plane, aPod(plane)), [
      429,
      refusal,
      {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget web is still being processed by the server.",
          },
        ],
        retryAfterSeconds: 10,
      },
    ]);
  });

  it("minds no budget for a Pod that does not run yet", () => {
    const plane = new ControlPlane();
    plane.client.create(Deployment, deployment("web", { replicas: 1 }));
    plane.client.create(PodDisruptionBudget, budget("web", { minAvailable: 1 }));
    plane.run(2);
    assert.equal(evict(plane, aPod(plane)), undefined);
  });

  it("lets Pods go that are not ready, as far as the budget is met without them", () => {
    const plane = start({ minAvailable: 4 });
    for (const machine of plane.machines.values()) machine.startsReady = false;
    plane.client.patch(Deployment, key, { spec: { replicas: 5 } });
    plane.run(3);
    const unready = plane
      .podList()
      .find(({ status }) =>
        status?.conditions?.some((c) => c.type === "Ready" && c.status !== "True"),
      );
    assert.ok(unready);
    assert.equal(evict(plane, unready), undefined);
    assert.deepEqual(evict(plane, aPod(plane))?.slice(0, 2), [429, refusal]);
  });

  it("must name the Pod that it is about", () => {
    const plane = start({ minAvailable: 1 });
    const pod = aPod(plane);
    assert.throws(
      () =>
        plane.client.createSubresource(Pod, keyOf(pod), "eviction", { metadata: { name: "x" } }),
      { message: "name in URL does not match name in Eviction object" },
    );
  });
});
