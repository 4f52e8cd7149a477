import assert from "node:assert/strict";
import type { ScheduleEvent } from "../../../src/api/traceEvent.ts";
import { funnelSteps, groupNodes, ranking } from "../../../src/webview/timeline/funnelModel.ts";
import { explainLarge, explainSmall } from "../harness/explanations.ts";
import { pod } from "./facts.ts";

const attempt: ScheduleEvent = {
  type: "schedule",
  pod,
  attempt: 1,
  outcome: "scheduled",
  node: "worker-1",
  feasibleNodes: 3,
  evaluatedNodes: 4,
  revision: 1,
};

const stepsOf = (...args: Parameters<typeof funnelSteps>) =>
  funnelSteps(...args)
    .filter(({ leftOut }) => leftOut > 0)
    .map(({ plugin, before, leftOut, after }) => [plugin, before, leftOut, after]);

describe("scheduling funnel", () => {
  it("narrows from all nodes to those that fit, in the order of the plugins", () => {
    assert.deepEqual(stepsOf(explainSmall(attempt)), [["TaintToleration", 4, 1, 3]]);
    assert.deepEqual(stepsOf(explainSmall({ ...attempt, outcome: "unschedulable" })), [
      ["TaintToleration", 4, 1, 3],
      ["NodeResourcesFit", 3, 3, 0],
    ]);
  });

  it("counts a node at the plugin that took it out, and its reasons there", () => {
    const steps = funnelSteps(explainLarge(attempt));
    const fit = steps.find(({ plugin }) => plugin === "NodeResourcesFit");
    assert.equal(
      steps.reduce((sum, { leftOut }) => sum + leftOut, 0),
      1_000 - (steps.at(-1)?.after ?? 0),
    );
    assert.equal(fit?.reasons[0]?.text, "Insufficient cpu");
    assert.equal(fit?.reasons[0]?.nodes, fit?.leftOut);
  });

  it("starts with what a PreFilter took out", () => {
    const explanation = explainSmall(attempt);
    const nodes = explanation.nodes.map((node, i) =>
      i === 1
        ? {
            ...node,
            feasible: false,
            rejection: {
              plugin: "DynamicResources",
              code: "Unschedulable",
              reasons: ["no"],
            } as const,
          }
        : node,
    );
    assert.deepEqual(stepsOf({ ...explanation, nodes })[0], ["DynamicResources", 4, 1, 3]);
  });

  it("leaves few nodes alone and groups many by what is said of them", () => {
    assert.equal(groupNodes(explainSmall(attempt)).length, 4);
    const groups = groupNodes(explainLarge(attempt));
    assert.equal(groups.length, 5);
    assert.equal(groups[0]?.isFeasible, true);
    assert.equal(
      groups.reduce((sum, { nodes }) => sum + nodes.length, 0),
      1_000,
    );
  });

  it("ranks by total, the chosen node first among equals", () => {
    const explanation = explainLarge({ ...attempt, node: "node-0740" });
    const [first, second] = ranking(explanation);
    assert.ok(first && second && first.total >= second.total);
    const tied = {
      ...explanation,
      chosen: "b",
      nodes: ["a", "b"].map((node) => ({
        node,
        feasible: true,
        verdicts: [],
        resources: [],
        scores: [],
        total: 7,
      })),
    };
    assert.deepEqual(
      ranking(tied).map(({ node }) => node),
      ["b", "a"],
    );
  });
});
