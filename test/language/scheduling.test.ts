import assert from "node:assert/strict";
import { parseManifest } from "../../src/language/manifest.ts";
import { forecast } from "../../src/language/scheduling.ts";
import { defaultProfile } from "../../src/scheduler/defaultProfile.ts";
import { remedySentence } from "../../src/tutor/schedulingSentences.ts";
import { node } from "../scheduler/objects.ts";

const view = {
  objects: { nodes: [node("a"), node("b", { allocatable: { cpu: "2" } })] },
  priorityClasses: [],
  profiles: [defaultProfile],
};

function deployment(spec: string): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n${spec.replace(/^/gm, "      ")}\n`;
}

function look(text: string) {
  const [document] = parseManifest(text);
  assert.ok(document);
  return forecast(document, text, view);
}

describe("scheduling as you type", () => {
  it("says how many nodes fit, and where the Pod would go", () => {
    const [found] = look(
      deployment("containers: [{name: c, image: i, resources: {requests: {cpu: 3}}}]"),
    );
    assert.deepEqual([found?.fits, found?.nodes, found?.top], [1, 2, ["a"]]);
    assert.equal(found?.message, undefined);
  });

  for (const [claim, spec, blamed, help] of [
    [
      "the request that is too large",
      "containers:\n- name: c\n  image: i\n  resources:\n    requests:\n      cpu: 9",
      "9",
      "Lower the cpu request of container c from 9 to 4: the Pod then fits on a.",
    ],
    [
      "the node selector",
      "nodeSelector:\n  disk: ssd\ncontainers: [{name: c, image: i}]",
      "disk: ssd",
      "Remove disk=ssd from the node selector: the Pod then fits on a.",
    ],
  ] as const)
    it(`blames ${claim}, and says what would help`, () => {
      const text = deployment(spec);
      const [found] = look(text);
      assert.match(found?.message ?? "", /^0\/2 nodes are available: /);
      assert.equal(text.slice(found?.blame?.start, found?.blame?.end), blamed);
      assert.ok(found?.remedies.map(remedySentence).includes(help), help);
    });

  it("has nothing to say of what is no Pod, and of DaemonSets", () => {
    assert.deepEqual(look("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), []);
    const spec = "containers: [{name: c, image: i}]";
    assert.deepEqual(look(deployment(spec).replace("Deployment", "DaemonSet")), []);
  });
});
