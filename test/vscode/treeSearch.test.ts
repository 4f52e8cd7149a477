import assert from "node:assert/strict";
import { elementOf } from "../../src/vscode/treeSearch.ts";
import { factsOf, node, pod } from "./clusterFacts.ts";

const many = Array.from({ length: 250 }, (_, i) => pod(`many-${i}`, { on: "worker-2" }));
const facts = factsOf({
  nodes: [
    node("control-plane", { controlPlane: true }),
    ...Array.from({ length: 120 }, (_, i) => node(`worker-${i + 1}`, { zone: `zone-${i % 3}` })),
  ],
  pods: [pod("web", { on: "worker-1" }), pod("waiting", {}), ...many],
});

/** The types of the elements from the root to the row. */
function way(kind: string, name: string): string[] {
  const namespace = kind === "Pod" ? "default" : "";
  const types: string[] = [];
  for (let each = elementOf({ kind, namespace, name }, facts); each; each = each.parent)
    types.unshift(each.type);
  return types;
}

describe("the row of an object", () => {
  for (const [claim, kind, name, expected] of [
    ["of a worker", "Node", "worker-7", ["group", "zone", "node"]],
    ["of the control plane", "Node", "control-plane", ["group", "node"]],
    ["of a Pod", "Pod", "web", ["group", "zone", "node", "nodePods", "pod"]],
    [
      "of one of many Pods",
      "Pod",
      "many-249",
      ["group", "zone", "node", "nodePods", "page", "pod"],
    ],
    ["of a Pod without a node", "Pod", "waiting", ["group", "pod"]],
    ["of what is not there", "Pod", "other", []],
    ["of a kind without rows", "ConfigMap", "web", []],
  ] as const)
    it(claim, () => assert.deepEqual(way(kind, name), expected));
});
