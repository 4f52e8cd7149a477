import assert from "node:assert/strict";
import type { Pod } from "../../src/api/types.ts";
import { Random } from "../../src/base/random.ts";
import { defaultProfile } from "../../src/scheduler/defaultProfile.ts";
import { nodesToFind } from "../../src/scheduler/runtime.ts";
import { type Outcome, scheduleOne } from "../../src/scheduler/schedule.ts";
import { type ObjectLists, snapshotOf } from "../../src/scheduler/snapshotOf.ts";
import { node, pod } from "./objects.ts";

function attempt(pending: Pod, lists: ObjectLists, start = 0): Outcome {
  const random = new Random(1);
  const snapshot = snapshotOf(lists);
  return scheduleOne({ pod: pending, snapshot, profile: defaultProfile, random, start });
}

function manyNodes(count: number) {
  return Array.from({ length: count }, (_, i) => node(`node-${String(i).padStart(4, "0")}`));
}

describe("the share of nodes that is looked for", () => {
  for (const [percentage, nodes, expected] of [
    [0, 99, 99],
    [0, 100, 100],
    [0, 1000, 420],
    [0, 5000, 500],
    [0, 6000, 300],
    [40, 1000, 400],
    [5, 1000, 100],
    [100, 5000, 5000],
  ] as const)
    it(`is ${expected} of ${nodes} at ${percentage} %`, () =>
      assert.equal(nodesToFind(percentage, nodes), expected));
});

describe("an attempt", () => {
  it("looks at so many nodes, and the next goes on from there", () => {
    const nodes = manyNodes(1000);
    const first = attempt(pod("web"), { nodes });
    assert.equal(first.feasibleNodes, 420);
    assert.equal(first.nextStart, 420);
    const third = attempt(pod("web"), { nodes }, 840);
    assert.equal(third.nextStart, 260);
  });

  it("picks among the best by the random numbers given", () => {
    const nodes = manyNodes(50);
    const outcome = attempt(pod("web"), { nodes });
    assert.ok(outcome.type === "scheduled" && outcome.top.length === 50);
    assert.deepEqual(attempt(pod("web"), { nodes }), outcome);
  });

  it("says what is to be written, binding last", () => {
    const outcome = attempt(pod("web"), { nodes: [node("a")] });
    assert.ok(outcome.type === "scheduled");
    assert.deepEqual(outcome.steps, [{ type: "bindPod", node: "a" }]);
  });

  it("takes the nominated node without looking further", () => {
    const nominated = pod("web", { status: { nominatedNodeName: "b" } });
    const outcome = attempt(nominated, { nodes: [node("a"), node("b")] });
    assert.ok(outcome.type === "scheduled" && outcome.isNominated);
    assert.equal(outcome.node, "b");
    assert.equal(outcome.evaluatedNodes, 1);
  });

  it("leaves room for nominated Pods of the same or a higher priority", () => {
    const waiting = pod("waiting", {
      requests: { cpu: "4" },
      spec: { priority: 5 },
      status: { nominatedNodeName: "a" },
    });
    const lists = { nodes: [node("a")], pods: [waiting] };
    assert.equal(attempt(pod("low"), lists).type, "unschedulable");
    assert.equal(attempt(pod("high", { spec: { priority: 6 } }), lists).type, "scheduled");
  });

  for (const [claim, pending, message] of [
    ["without nodes", pod("web"), "no nodes available to schedule pods"],
    [
      "that only preemption could help",
      pod("web", { requests: { cpu: "3" } }),
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
    ],
    [
      "that nothing can help",
      pod("web", { requests: { cpu: "5" } }),
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    ],
    [
      "that has a bad preference",
      pod("web", {
        spec: {
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 1,
                  preference: {
                    matchExpressions: [{ key: "gen", operator: "Gt", values: ["x"] }],
                  },
                },
              ],
            },
          },
        },
      }),
      "running PreScore plugin \"NodeAffinity\": [0].matchExpressions[0].values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ] as const)
    it(`${claim} fails in the scheduler's words`, () => {
      const busy = pod("busy", { requests: { cpu: "2" }, spec: { nodeName: "a" } });
      const nodes = claim.includes("without") ? [] : [node("a")];
      const more = claim.includes("preference") ? [node("b")] : [];
      const outcome = attempt(pending, { nodes: [...nodes, ...more], pods: [busy] });
      assert.ok(outcome.type !== "scheduled");
      assert.equal(outcome.message, message);
    });

  it("proposes the least important Pods as victims", () => {
    const outcome = attempt(pod("urgent", { requests: { cpu: "3" }, spec: { priority: 100 } }), {
      nodes: [node("a")],
      pods: [
        pod("keep", { spec: { nodeName: "a", priority: 50 } }),
        pod("evict", { requests: { cpu: "2" }, spec: { nodeName: "a", priority: 1 } }),
      ],
    });
    assert.ok(outcome.type === "unschedulable");
    assert.equal(outcome.postFilter?.nominatedNode, "a");
    assert.deepEqual(
      outcome.postFilter?.victims?.map(({ name }) => name),
      ["evict"],
    );
  });
});
