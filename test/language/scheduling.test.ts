import assert from "node:assert/strict";
import { parseManifest } from "../../src/language/manifest.ts";
import { remedyEdits } from "../../src/language/remedyEdits.ts";
import { forecast } from "../../src/language/scheduling.ts";
import type { TextEdit } from "../../src/language/treeEdits.ts";
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

  it("counts the workers alone where the control plane is out of the question", () => {
    const control = node("control-plane", {
      labels: { "node-role.kubernetes.io/control-plane": "" },
      spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
    });
    const world = { ...view, objects: { nodes: [control, ...view.objects.nodes] } };
    const count = (tolerations: string) => {
      const text = deployment(`${tolerations}containers: [{name: c, image: i}]`);
      const [found] = parseManifest(text).flatMap((each) => forecast(each, text, world));
      return [found?.fits, found?.nodes, found?.areWorkers];
    };
    assert.deepEqual(count(""), [2, 2, true]);
    assert.deepEqual(count("tolerations: [{operator: Exists}]\n"), [3, 3, false]);
  });

  it("has nothing to say of what is no Pod, and of DaemonSets", () => {
    assert.deepEqual(look("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), []);
    const spec = "containers: [{name: c, image: i}]";
    assert.deepEqual(look(deployment(spec).replace("Deployment", "DaemonSet")), []);
  });
});

describe("what would help", () => {
  const cpu = "containers:\n- name: c\n  image: i\n  resources:\n    requests:\n      cpu: 9";
  for (const [claim, spec] of [
    ["a smaller request", cpu],
    ["a smaller request in braces", cpu.replace(":\n      cpu: 9", ": {cpu: 9}")],
    ["no node selector", "nodeSelector:\n  disk: ssd\ncontainers: [{name: c, image: i}]"],
    [
      "less of a node selector",
      "nodeSelector:\n  disk: ssd\n  zone: a\n".concat(cpu.replace("9", "1")),
    ],
    [
      "no affinity for nodes",
      "affinity:\n  nodeAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      nodeSelectorTerms: [{matchExpressions: [{key: gpu, operator: Exists}]}]\ncontainers: [{name: c, image: i}]",
    ],
    ["a toleration", "terminationGracePeriodSeconds: 3\ncontainers:\n- name: c\n  image: i"],
    [
      "one more toleration",
      "tolerations:\n- key: a\n  operator: Exists\ncontainers:\n- name: c\n  image: i",
    ],
  ] as const)
    it(`is ${claim}: put into the text, the Pod fits`, () => {
      const tainted = node("a", {
        spec: { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] },
      });
      const nodes = claim.includes("toleration")
        ? [tainted]
        : [node("a", { labels: { zone: "a" } })];
      const world = { ...view, objects: { nodes } };
      const text = deployment(spec);
      const [document] = parseManifest(text);
      const [found] = document ? forecast(document, text, world) : [];
      assert.ok(found && found.fits === 0);
      const mended = found.remedies.flatMap((remedy) => {
        const edits = remedyEdits(remedy, found.template, text);
        return edits ? [applyEdits(text, edits)] : [];
      });
      assert.ok(mended.length > 0);
      for (const next of mended) {
        const [again] = parseManifest(next).flatMap((each) => forecast(each, next, world));
        assert.equal(again?.fits, 1, next);
      }
    });
});

function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, newText }) => all.slice(0, start) + newText + all.slice(end), text);
}
