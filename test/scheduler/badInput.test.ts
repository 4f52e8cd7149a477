// What nobody should write: the scheduler says what is wrong, or does without, and never throws.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Node, PersistentVolumeClaim, Pod } from "../../src/api/types.ts";
import { defaultProfile } from "../../src/scheduler/defaultProfile.ts";
import type { ObjectLists } from "../../src/scheduler/snapshotOf.ts";
import { whatIf } from "../../src/scheduler/whatIf.ts";
import { node, pod } from "./objects.ts";

const profiles = [defaultProfile];

function messageOf(asked: Pod, objects: ObjectLists): string {
  const answer = whatIf({ pod: asked, objects, profiles });
  if (answer.type === "refused") return answer.message;
  const { outcome } = answer;
  return outcome.type === "scheduled" ? `goes to ${outcome.node}` : outcome.message;
}

const start = (message: string): string => message.split(". ")[0] ?? "";
const withClaim = pod("new", {
  spec: { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }] },
});
const lost: PersistentVolumeClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", namespace: "default" },
  spec: { accessModes: ["ReadWriteOnce"], volumeName: "gone" },
  status: { phase: "Lost" },
};

describe("bad input of the scheduler", () => {
  for (const [claim, asked, objects, expected] of [
    ["no nodes at all", pod("new"), {}, "no nodes available to schedule pods"],
    [
      "a node without a status",
      pod("new"),
      { nodes: [{ apiVersion: "v1", kind: "Node", metadata: { name: "a" } } as Node] },
      "0/1 nodes are available: 1 Insufficient cpu, 1 Too many pods",
    ],
    [
      "a claim that is missing",
      withClaim,
      { nodes: [node("a")] },
      '0/1 nodes are available: persistentvolumeclaim "data" not found',
    ],
    [
      "a claim that has lost its volume",
      withClaim,
      { nodes: [node("a")], persistentvolumeclaims: [lost] },
      '0/1 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "gone"',
    ],
    [
      "affinity that selects by nothing",
      pod("new", {
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] },
            },
          },
        },
      }),
      { nodes: [node("a")] },
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector",
    ],
    [
      "a Pod bound to a node that is gone",
      pod("new"),
      { nodes: [node("a")], pods: [pod("old", { spec: { nodeName: "gone" } })] },
      "goes to a",
    ],
  ] satisfies readonly (readonly [string, Pod, ObjectLists, string])[])
    it(`answers for ${claim}`, () => assert.equal(start(messageOf(asked, objects)), expected));

  it("never throws, whatever labels, taints, selectors and amounts there are", () => {
    const word = fc.constantFrom("", "a", "zone", "kubernetes.io/hostname", "-1", "x".repeat(70));
    const labels = fc.dictionary(word, word, { maxKeys: 3 });
    const amount = fc.constantFrom("0", "1", "100m", "1Gi", "9E", "1e-9", "18446744073709551616");
    const effect = fc.constantFrom("NoSchedule", "NoExecute", "PreferNoSchedule", "Whatever");
    const requirement = fc.record({
      key: word,
      operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Odd"),
      values: fc.array(word, { maxLength: 2 }),
    });
    const nodes = fc.array(
      fc.record({
        labels,
        taints: fc.array(fc.record({ key: word, value: word, effect }), { maxLength: 2 }),
        cpu: amount,
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        nodes,
        labels,
        amount,
        fc.array(requirement, { maxLength: 2 }),
        (shapes, own, cpu, terms) => {
          const made = shapes.map(({ labels: its, taints, cpu: has }, i) =>
            node(`n${i}`, {
              labels: its,
              spec: { taints: taints as NonNullable<Node["spec"]>["taints"] & object },
              allocatable: { cpu: has },
            }),
          );
          const asked = pod("new", {
            labels: own,
            requests: { cpu },
            spec: {
              topologySpreadConstraints: [
                {
                  maxSkew: 1,
                  topologyKey: "zone",
                  whenUnsatisfiable: "DoNotSchedule",
                  labelSelector: { matchExpressions: terms as never },
                },
              ],
              affinity: {
                nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [{ matchExpressions: terms as never }],
                  },
                },
              },
            },
          });
          assert.ok(messageOf(asked, { nodes: made }).length > 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
