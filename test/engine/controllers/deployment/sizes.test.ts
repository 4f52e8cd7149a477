import assert from "node:assert/strict";
import type { IntOrString } from "../../../../src/api/types.ts";
import { fenceposts } from "../../../../src/engine/controllers/deployment/fenceposts.ts";
import {
  newReplicasFor,
  shrinkOldSets,
  sizesAfterScaling,
} from "../../../../src/engine/controllers/deployment/sizes.ts";
import { deployment, replicaSet } from "../objects.ts";

function rolling(replicas: number, maxSurge: IntOrString, maxUnavailable: IntOrString) {
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } as const;
  return deployment("web", { replicas, strategy });
}

/** A set of `size` Pods, `available` of them available. */
function set(name: string, size: number, available = size) {
  const made = replicaSet(name, { replicas: size });
  return { ...made, status: { replicas: size, availableReplicas: available } };
}

describe("a rolling update's fenceposts", () => {
  for (const [claim, replicas, surge, unavailable, expected] of [
    ["are numbers as given", 10, 3, 2, [3, 2]],
    ["round surge up and unavailability down", 10, "25%", "25%", [3, 2]],
    ["of one Pod let it be replaced", 1, "25%", "25%", [1, 0]],
    ["are never both zero", 3, 0, "25%", [0, 1]],
    ["never leave more unavailable than there are", 3, 0, 10, [0, 3]],
    ["let nothing be unavailable of nothing", 0, 1, 1, [1, 0]],
  ] as const)
    it(claim, () => {
      const { maxSurge, maxUnavailable } = fenceposts(rolling(replicas, surge, unavailable));
      assert.deepEqual([maxSurge, maxUnavailable], expected);
    });

  it("do not count for Recreate", () => {
    const { maxSurge, maxUnavailable } = fenceposts(
      deployment("web", { strategy: { type: "Recreate" } }),
    );
    assert.deepEqual([maxSurge, maxUnavailable], [0, 0]);
  });
});

describe("the new ReplicaSet", () => {
  // The first five are the rows of kubernetes' own TestDeploymentController_reconcileNewReplicaSet.
  for (const [claim, replicas, surge, old, now, expected] of [
    ["takes nothing without a surge", 10, 0, 10, 0, 0],
    ["takes the surge beside the old", 10, 2, 10, 0, 2],
    ["takes what the old have left, and the surge", 10, 2, 5, 0, 7],
    ["takes nothing when the surge is used up", 10, 2, 10, 2, 2],
    ["shrinks when it is larger than the Deployment", 10, 2, 2, 11, 10],
    ["grows to all when the old are gone", 10, 2, 0, 5, 10],
    ["never outgrows the Deployment", 10, 5, 4, 8, 10],
  ] as const)
    it(claim, () => {
      const current = set("new", now);
      const all = [set("old", old), current];
      assert.equal(newReplicasFor(rolling(replicas, surge, 0), all, current), expected);
    });
});

describe("the old ReplicaSets", () => {
  // The first five are the rows of kubernetes' own TestDeploymentController_reconcileOldReplicaSets.
  for (const [claim, unavailable, old, current, expected] of [
    ["give one if nothing else may move", 0, [10, 10], [0, 0], [9]],
    ["give what may be unavailable", 2, [10, 10], [0, 0], [8]],
    ["lose unhealthy Pods", 2, [10, 8], [0, 0], [8]],
    ["lose unhealthy Pods, then healthy ones", 2, [10, 9], [0, 0], [9, 8]],
    ["give nothing for new Pods that aren't available", 2, [8, 8], [2, 0], []],
    ["give one more while the new one is not available", 0, [10, 10], [10, 0], [9]],
    ["give as many as the new one has, and one", 0, [10, 10], [1, 1], [8]],
    ["go altogether once the new one stands", 0, [3, 3], [10, 10], [0]],
    ["wait while their status lags behind their size", 0, [2, 3], [10, 10], []],
  ] as const)
    it(claim, () => {
      const steps = shrinkOldSets(rolling(10, 0, unavailable), {
        current: set("new", current[0], current[1]),
        old: [set("old", old[0], old[1])],
      });
      assert.deepEqual(
        steps.map(({ size }) => size),
        expected,
      );
    });

  it("shrink from the oldest on", () => {
    const steps = shrinkOldSets(rolling(10, 0, 4), {
      current: set("new", 0),
      old: [set("a", 2), set("b", 8)],
    });
    assert.deepEqual(
      steps.map(({ set: { metadata }, size }) => [metadata.name, size]),
      [
        ["a", 0],
        ["b", 6],
      ],
    );
  });
});

describe("a change of the number of replicas", () => {
  // Desired and surge, now and when the sets were last sized; the current set and the old ones, newest
  // first; what becomes of them. The rows of kubernetes' own TestScale.
  for (const [claim, now, before, current, old, expected] of [
    ["10 to 12 goes to the only set", [12, 0], [10, 0], 10, [], [12]],
    ["10 to 5 is taken from the only set", [5, 0], [10, 0], 10, [], [5]],
    ["5 to 10 is spread", [10, 0], [5, 0], 2, [3], [4, 6]],
    ["5 to 3 is spread", [3, 0], [5, 0], 2, [3], [1, 2]],
    ["9 to 4 is spread", [4, 0], [9, 0], 8, [1], [4, 0]],
    ["7 to 10 is spread over three", [10, 0], [7, 0], 2, [3, 2], [3, 4, 3]],
    ["13 to 8 is spread over three", [8, 0], [13, 0], 2, [8, 3], [1, 5, 2]],
    ["3 to 4 goes to the newest of equals", [4, 0], [3, 0], 1, [1, 1], [2, 1, 1]],
    ["3 to 2 is taken from the oldest of equals", [2, 0], [3, 0], 1, [1, 1], [1, 1, 0]],
    ["4 to 5 without a current set is spread", [5, 0], [4, 0], undefined, [2, 2], [3, 2]],
    ["6 to 0 takes all", [0, 0], [6, 0], 3, [2, 1], [0, 0, 0]],
    ["0 to 6 goes to the current set", [6, 0], [6, 0], 0, [0, 0], [6, 0, 0]],
    ["counts the surge", [20, 2], [10, 2], 6, [6], [11, 11]],
    ["counts a change of the surge", [50, 6], [10, 3], 5, [8], [22, 34]],
    ["with a new template is spread over the old", [14, 0], [10, 0], undefined, [7, 3], [10, 4]],
    ["leaves old Pods beside a broken current set", [2, 1], [2, 1], 2, [1], [2, 1]],
  ] as const)
    it(claim, () => {
      const [[desired, surge], [desiredBefore, surgeBefore]] = [now, before];
      const make = (size: number, age: number) =>
        lastSized(`v${9 - age}`, size, desiredBefore, surgeBefore, 9 - age);
      const oldSets = old.map((size, i) => make(size, i + 1));
      const currentSet = current === undefined ? undefined : make(current, 0);
      const resized = new Map(
        sizesAfterScaling(rolling(desired, surge, 0), { current: currentSet, old: oldSets }).map(
          (step) => [step.set, step.size],
        ),
      );
      const sets = currentSet ? [currentSet, ...oldSets] : oldSets;
      assert.deepEqual(
        sets.map((each) => resized.get(each) ?? each.spec.replicas),
        expected,
      );
    });

  it("lets the old sets go once the current one stands", () => {
    const current = {
      ...lastSized("new", 3, 3, 1, 2),
      status: { replicas: 3, availableReplicas: 3 },
    };
    const steps = sizesAfterScaling(rolling(3, 1, 0), {
      current,
      old: [lastSized("old", 2, 3, 1, 1)],
    });
    assert.deepEqual(
      steps.map(({ size }) => size),
      [0],
    );
  });
});

function lastSized(name: string, size: number, desired: number, surge: number, hour: number) {
  const made = replicaSet(name, { replicas: size });
  const annotations = {
    "deployment.kubernetes.io/desired-replicas": String(desired),
    "deployment.kubernetes.io/max-replicas": String(desired + surge),
  };
  const creationTimestamp = `2016-05-20T0${hour}:00:00Z`;
  return { ...made, metadata: { ...made.metadata, annotations, creationTimestamp } };
}
