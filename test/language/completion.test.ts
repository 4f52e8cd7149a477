import assert from "node:assert/strict";
import { type Completion, completionsAt } from "../../src/language/completion.ts";

const known = {
  names: (kind: string) => (kind === "ConfigMap" ? ["settings", "other"] : []),
  images: () => ["nginx:1.27", "redis:7"],
};

/** What is offered at the mark "|". */
function offered(marked: string): Completion[] {
  const offset = marked.indexOf("|");
  return completionsAt(marked.replace("|", ""), offset, known);
}

const labels = (marked: string): string[] => offered(marked).map(({ label }) => label);

const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n";

describe("completion", () => {
  for (const [claim, text, expected] of [
    ["the kinds of a version", "apiVersion: policy/v1\nkind: |", ["PodDisruptionBudget"]],
    ["the versions of a kind", "kind: CronJob\napiVersion: |", ["batch/v1"]],
    ["the first keys of an empty document", "a|", ["apiVersion", "kind", "metadata", "spec"]],
    ["the choices of an enumeration", `${pod}  restartPolicy: |`, ["Always", "Never", "OnFailure"]],
    ["true and false", `${pod}  hostNetwork: |`, ["true", "false"]],
    [
      "images that are known",
      `${pod}  containers:\n    - name: a\n      image: |`,
      ["nginx:1.27", "redis:7"],
    ],
    [
      "names of objects that exist",
      `${pod}  containers:\n    - name: a\n      envFrom:\n        - configMapRef:\n            name: |`,
      ["settings", "other"],
    ],
    ["nothing in a comment", `${pod}  # rest|`, []],
    ["nothing for an unknown kind", "apiVersion: x.io/v1\nkind: Y\nspec:\n  a|", []],
  ] as const)
    it(`offers ${claim}`, () =>
      assert.deepEqual(labels(text).toSorted(), [...expected].toSorted()));

  for (const [claim, text, wanted, unwanted] of [
    ["of a struct", `${pod}  nod|`, "nodeSelector", "metadata"],
    [
      "of an item of a list",
      `${pod}  containers:\n    - name: a\n      im|`,
      "imagePullPolicy",
      "name",
    ],
    ["behind a dash", `${pod}  containers:\n    - na|`, "name", "containers"],
    ["of a list at its key's column", `${pod}  containers:\n  - name: a\n    im|`, "image", "name"],
    [
      "of a map deep below",
      `${pod}  affinity:\n    podAntiAffinity:\n      req|`,
      "requiredDuringSchedulingIgnoredDuringExecution",
      "nodeAffinity",
    ],
    ["above others that are there", `${pod}  n|\n  containers: []`, "nodeName", "containers"],
    [
      "of the next object of the text",
      `${pod}---\napiVersion: v1\nkind: Service\nspec:\n  s|`,
      "selector",
      "nodeName",
    ],
    ["but not what the server fills in", "apiVersion: v1\nkind: Pod\ns|", "spec", "status"],
  ] as const)
    it(`offers the fields ${claim}`, () => {
      const found = labels(text);
      assert.ok(found.includes(wanted), `${wanted} in ${found}`);
      assert.ok(!found.includes(unwanted), unwanted);
    });

  it("puts a list or block below its key, at the right column", () => {
    const byLabel = new Map(offered(`${pod}  c|`).map((each) => [each.label, each.newText]));
    assert.equal(byLabel.get("containers"), "containers:\n    - ");
    assert.equal(byLabel.get("securityContext"), "securityContext:\n    ");
    assert.equal(byLabel.get("nodeName"), "nodeName: ");
  });
});
