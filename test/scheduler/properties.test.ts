import assert from "node:assert/strict";
import fc from "fast-check";
import type { SchedulingExplanation } from "../../src/api/schedulingExplanation.ts";
import type { Pod } from "../../src/api/types.ts";
import { Random } from "../../src/base/random.ts";
import { SchedulerCache } from "../../src/scheduler/cache.ts";
import { defaultProfile } from "../../src/scheduler/defaultProfile.ts";
import { explainPod } from "../../src/scheduler/explain.ts";
import { type Outcome, scheduleOne } from "../../src/scheduler/schedule.ts";
import type { Snapshot } from "../../src/scheduler/snapshot.ts";
import { cacheOf, snapshotOf } from "../../src/scheduler/snapshotOf.ts";
import { type RandomCluster, randomClusters } from "./clusters.ts";

function attempt(pod: Pod, snapshot: Snapshot, seed: number) {
  return { pod, snapshot, profile: defaultProfile, random: new Random(seed) };
}

function decide(pod: Pod, snapshot: Snapshot, seed: number): Outcome {
  return scheduleOne(attempt(pod, snapshot, seed));
}

function explain(pod: Pod, snapshot: Snapshot, seed = 1): SchedulingExplanation {
  return explainPod(attempt(pod, snapshot, seed));
}

/** What is said of each node, in the order of their names. */
function findings({ nodes, top }: SchedulingExplanation) {
  const byName = [...nodes].sort((a, b) => a.node.localeCompare(b.node));
  return { nodes: byName, top: [...top].sort() };
}

function check(property: (cluster: RandomCluster) => void): void {
  fc.assert(fc.property(randomClusters, property), { numRuns: 150 });
}

/** The first Pod goes, the pending one is placed. @returns the Pods that are bound then */
function oneStep(
  cache: SchedulerCache,
  [gone, ...others]: readonly Pod[],
  { pod, seed }: { pod: Pod; seed: number },
): readonly Pod[] {
  // Asking fills the memory, whose answers must not outlive the nodes they are about.
  explain(pod, cache.snapshot());
  if (gone) cache.removePod(gone);
  const outcome = decide(pod, cache.snapshot(), seed);
  if (outcome.type !== "scheduled") return others;
  cache.assumePod(pod, outcome.node);
  return [...others, { ...pod, spec: { ...pod.spec, nodeName: outcome.node } }];
}

function assertSameAnswers(a: Snapshot, b: Snapshot, pods: readonly Pod[]): void {
  for (const pod of pods) assert.deepEqual(findings(explain(pod, a)), findings(explain(pod, b)));
}

describe("in any cluster", () => {
  it("the order of the nodes changes no verdict and no score", () =>
    check(({ nodes, pods, pending }) => {
      const forwards = snapshotOf({ nodes, pods });
      const backwards = snapshotOf({ nodes: [...nodes].reverse(), pods });
      for (const pod of pending)
        assert.deepEqual(findings(explain(pod, forwards)), findings(explain(pod, backwards)));
    }));

  it("a Pod that fits a node fits it emptied as well", () =>
    check(({ nodes, pods, pending }) => {
      for (const pod of pending)
        for (const { node, feasible } of explain(pod, snapshotOf({ nodes, pods })).nodes) {
          if (!feasible) continue;
          const others = pods.filter(({ spec }) => spec.nodeName !== node);
          const emptied = explain(pod, snapshotOf({ nodes, pods: others }));
          assert.ok(emptied.nodes.find((each) => each.node === node)?.feasible);
        }
    }));

  it("the explained rejection is the one that was decided on, and the first of all", () =>
    check(({ nodes, pods, pending, seed }) => {
      const snapshot = snapshotOf({ nodes, pods });
      for (const pod of pending) {
        const { statuses } = decide(pod, snapshot, seed) as Extract<Outcome, { statuses: unknown }>;
        for (const { node, rejection, verdicts } of explain(pod, snapshot, seed).nodes) {
          const decided = statuses.explicit(node);
          const first = verdicts.find(({ code }) => code !== "Success");
          assert.deepEqual(rejection, first);
          assert.deepEqual(rejection, decided && { ...decided });
        }
      }
    }));

  it("what-if says what then happens under the same seed", () =>
    check(({ nodes, pods, pending, seed }) => {
      const snapshot = snapshotOf({ nodes, pods });
      for (const pod of pending) {
        const explanation = explain(pod, snapshot, seed);
        const outcome = decide(pod, snapshot, seed);
        assert.equal(explanation.chosen, "node" in outcome ? outcome.node : undefined);
        assert.equal(explanation.message, "message" in outcome ? outcome.message : undefined);
        if ("node" in outcome) assert.ok(explanation.top.includes(outcome.node));
      }
    }));

  it("one that changed step by step answers as one that is built at once", () =>
    check(({ nodes, pods, pending, seed }) => {
      const cache = new SchedulerCache();
      for (const pod of pods) cache.setPod(pod);
      for (const node of nodes) cache.setNode(node);
      let placed = pods;
      for (const pod of pending) {
        placed = oneStep(cache, placed, { pod, seed });
        assertSameAnswers(cache.snapshot(), snapshotOf({ nodes, pods: placed }), pending);
      }
    }));

  it("a Pod that preempts fits once its victims are gone", () =>
    check(({ nodes, pods, pending, seed }) => {
      for (const pod of pending) {
        const cache = cacheOf({ nodes, pods });
        const outcome = decide(pod, cache.snapshot(), seed);
        if (outcome.type !== "unschedulable") continue;
        const { nominatedNode, victims = [] } = outcome.postFilter ?? {};
        if (!nominatedNode) continue;
        for (const victim of victims) cache.removePod(victim.pod);
        const { nodes: after } = explain(pod, cache.snapshot());
        assert.ok(after.find(({ node }) => node === nominatedNode)?.feasible);
        assert.ok(victims.every(({ priority }) => priority < (pod.spec.priority ?? 0)));
      }
    }));
});
