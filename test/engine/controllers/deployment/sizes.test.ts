import assert from "node:assert/strict";
import type { IntOrString } from "../../../../src/api/types.ts";
import { fenceposts } from "../../../../src/engine/controllers/deployment/fenceposts.ts";
import {
  newReplicasFor,
  proportionalSizes,
  shrinkOldSets,
} from "../../../../src/engine/controllers/deployment/sizes.ts";
import { deployment, replicaSet } from "../objects.ts";

function rolling(replicas: number, maxSurge: IntOrString, maxUnavailable: IntOrString) {
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } as const;
  return deployment("web", { replicas, strategy });
}

/** A set of `size` Pods, `available` of them available; `max` when it was last sized. */
function set(name: string, size: number, available = size, max?: number) {
  const made = replicaSet(name, { replicas: size });
  const annotations = { "deployment.kubernetes.io/max-replicas": String(max) };
  return {
    ...made,
    metadata: { ...made.metadata, ...(max === undefined ? {} : { annotations }) },
    status: { replicas: size, availableReplicas: available },
  };
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
  // Source of the rows: kubernetes v1.34 TestNewRSNewReplicas and TestReconcileNewReplicaSet.
  for (const [claim, replicas, surge, old, now, expected] of [
    ["takes what the surge leaves beside the old", 10, 2, 10, 0, 2],
    ["takes nothing when the surge is used up", 10, 0, 10, 0, 0],
    ["grows to all when the old are gone", 10, 2, 0, 5, 10],
    ["never outgrows the Deployment", 10, 5, 4, 8, 10],
    ["shrinks to the Deployment's size", 5, 5, 0, 8, 5],
  ] as const)
    it(claim, () => {
      const current = set("new", now);
      const all = [set("old", old), current];
      assert.equal(newReplicasFor(rolling(replicas, surge, 0), all, current), expected);
    });
});

describe("the old ReplicaSets", () => {
  // Source of the rows: kubernetes v1.34 TestReconcileOldReplicaSets and its neighbours.
  for (const [claim, unavailable, old, current, expected] of [
    ["stay while the new one isn't available", 0, [10, 10], [10, 0], []],
    ["give as many as the new one has beyond the minimum", 0, [10, 10], [1, 1], [9]],
    ["give what may be unavailable at once", 2, [10, 10], [0, 0], [8]],
    ["lose unhealthy Pods first", 2, [10, 8], [0, 0], [8]],
    ["lose unhealthy, then healthy ones", 2, [10, 9], [0, 0], [9, 8]],
    ["go altogether once the new one stands", 0, [3, 3], [10, 10], [0]],
    ["wait while their status lags behind their size", 0, [2, 3], [10, 10], []],
  ] as const)
    it(claim, () => {
      const steps = shrinkOldSets(rolling(10, 3, unavailable), {
        current: set("new", ...current),
        old: [set("old", ...old)],
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

describe("scaling in the midst of a rollout", () => {
  // Source of the rows: kubernetes v1.34 TestScale (deployment/sync_test.go).
  for (const [claim, replicas, surge, max, before, expected] of [
    ["up keeps the proportions", 20, 0, 10, [5, 5], [10, 10]],
    ["up gives the rest to the larger", 12, 0, 10, [5, 3, 2], [6, 4, 2]],
    ["down keeps the proportions", 10, 0, 20, [12, 8], [6, 4]],
    ["to nothing takes all", 0, 0, 10, [6, 4], [0, 0]],
    ["with a surge counts it", 15, 3, 13, [8, 5], [11, 7]],
    ["to the same size changes nothing", 10, 0, 10, [6, 4], [6, 4]],
  ] as const)
    it(claim, () => {
      const sets = before.map((size, i) => set(String(before.length - i), size, size, max));
      const [current, ...old] = sets;
      const sizes = proportionalSizes(rolling(replicas, surge, surge === 0 ? 1 : 0), {
        current,
        old,
      });
      const byName = new Map(sizes.map((step) => [step.set.metadata.name, step.size]));
      assert.deepEqual(
        sets.map(({ metadata }) => byName.get(metadata.name)),
        expected,
      );
    });
});
