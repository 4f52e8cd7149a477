import assert from "node:assert/strict";
import fc from "fast-check";
import type { Node, Pod } from "../../src/api/types.ts";
import { changedNode, changedPod } from "../../src/scheduler/applyRemedy.ts";
import { defaultProfile } from "../../src/scheduler/defaultProfile.ts";
import type { ObjectLists } from "../../src/scheduler/snapshotOf.ts";
import { whatIf } from "../../src/scheduler/whatIf.ts";
import { nodeSentences, remedySentence } from "../../src/tutor/schedulingSentences.ts";
import { node, pod } from "./objects.ts";

const profiles = [defaultProfile];
const placed = (name: string, on: string, cpu: string): Pod =>
  pod(name, { requests: { cpu }, spec: { nodeName: on } });
const tainted = node("gpu", { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } });

function help(asked: Pod, objects: ObjectLists): string[] {
  const answer = whatIf({ pod: asked, objects, profiles });
  assert.equal(answer.type, "decided");
  return answer.type === "decided" ? answer.remedies.map(remedySentence) : [];
}

describe("what-if", () => {
  it("says where a Pod would go", () => {
    const answer = whatIf({ pod: pod("new"), objects: { nodes: [node("a"), tainted] }, profiles });
    assert.ok(answer.type === "decided" && answer.outcome.type === "scheduled");
    assert.equal(answer.outcome.node, "a");
    assert.deepEqual(answer.remedies, []);
  });

  for (const [claim, asked, expected] of [
    [
      "a priority class that is missing",
      pod("new", { spec: { priorityClassName: "none" } }),
      'pods "new" is forbidden: no PriorityClass with name none was found',
    ],
    [
      "a scheduler that is missing",
      pod("new", { spec: { schedulerName: "mine" } }),
      "no scheduler is called mine",
    ],
    [
      "a gate",
      pod("new", { spec: { schedulingGates: [{ name: "wait" }] } }),
      "waiting for scheduling gates: [wait]",
    ],
  ] as const)
    it(`says so of ${claim}`, () => {
      const answer = whatIf({ pod: asked, objects: { nodes: [node("a")] }, profiles });
      assert.deepEqual(answer, { type: "refused", message: expected });
    });

  it("names who holds what is lacking", () => {
    const objects = {
      nodes: [node("a")],
      pods: [placed("web-2", "a", "2500m"), placed("api-1", "a", "1200m")],
    };
    const answer = whatIf({ pod: pod("new", { requests: { cpu: "500m" } }), objects, profiles });
    assert.ok(answer.type === "decided");
    assert.deepEqual(answer.explanation.nodes.flatMap(nodeSentences), [
      "a has 300m of cpu free, this Pod asks for 500m: default/web-2 (2500m), default/api-1 (1200m) use 3700m of its 4.",
    ]);
  });

  for (const [claim, asked, objects, expected] of [
    [
      "a smaller request, or a Pod out of the way",
      pod("new", { requests: { cpu: "2" } }),
      { nodes: [node("a")], pods: [placed("big", "a", "2"), placed("small", "a", "1")] },
      [
        "Lower the cpu request of container main from 2 to 1: the Pod then fits on a.",
        "Remove default/small from node a: the Pod then fits on a.",
        "Give node a 5 of cpu instead of 4: the Pod then fits on a.",
      ],
    ],
    [
      "a toleration, or a taint less",
      pod("new"),
      { nodes: [tainted] },
      [
        "Add a toleration for the taint gpu:NoSchedule: the Pod then fits on gpu.",
        "Remove the taint gpu:NoSchedule from node gpu: the Pod then fits on gpu.",
      ],
    ],
    [
      "a label",
      pod("new", { spec: { nodeSelector: { disk: "ssd" } } }),
      { nodes: [node("a")] },
      [
        "Remove disk=ssd from the node selector: the Pod then fits on a.",
        "Label node a with disk=ssd: the Pod then fits on a.",
      ],
    ],
    [
      "an open node",
      pod("new"),
      { nodes: [node("a", { spec: { unschedulable: true } })] },
      [
        "Add a toleration for the taint node.kubernetes.io/unschedulable:NoSchedule: the Pod then fits on a.",
        "Uncordon node a: the Pod then fits on a.",
      ],
    ],
    [
      "two changes where one is not enough",
      pod("new", { requests: { cpu: "6" }, spec: { nodeSelector: { disk: "ssd" } } }),
      { nodes: [node("a")] },
      [
        "Remove disk=ssd from the node selector; Lower the cpu request of container main from 6 to 4: the Pod then fits on a.",
      ],
    ],
  ] satisfies readonly (readonly [string, Pod, ObjectLists, readonly string[]])[])
    it(`proposes ${claim}`, () => {
      const sentences = help(asked, objects);
      for (const text of expected) assert.ok(sentences.includes(text), sentences.join("\n"));
    });

  it("every remedy works when it is carried out", () => {
    const quantities = fc.constantFrom("100m", "1", "2", "3", "5");
    const nodes = fc.array(
      fc.record({ cpu: quantities, tainted: fc.boolean(), closed: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        nodes,
        quantities,
        fc.array(quantities, { maxLength: 4 }),
        (shapes, cpu, held) => {
          const made: Node[] = shapes.map((shape, i) =>
            node(`n${i}`, {
              allocatable: { cpu: shape.cpu },
              spec: {
                ...(shape.closed ? { unschedulable: true } : {}),
                ...(shape.tainted ? { taints: [{ key: "x", effect: "NoSchedule" as const }] } : {}),
              },
            }),
          );
          const pods = held.map((amount, i) => placed(`p${i}`, `n${i % made.length}`, amount));
          const asked = pod("new", { requests: { cpu }, spec: { nodeSelector: {} } });
          const answer = whatIf({ pod: asked, objects: { nodes: made, pods }, profiles });
          if (answer.type !== "decided") return;
          for (const { changes } of answer.remedies) {
            const gone = new Set(
              changes.flatMap((change) => (change.type === "removePods" ? change.pods : [])),
            );
            const again = whatIf({
              pod: changes.reduce(changedPod, asked),
              objects: {
                nodes: made.map((each) => changes.reduce(changedNode, each)),
                pods: pods.filter(({ metadata }) => !gone.has(`default/${metadata.name}`)),
              },
              profiles,
            });
            assert.ok(again.type === "decided" && again.outcome.type === "scheduled");
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
