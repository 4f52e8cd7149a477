// What a kustomization says of the files beside it.
import assert from "node:assert/strict";
import { check } from "../../src/language/diagnostics.ts";
import { isKustomizationFile, readKustomization } from "../../src/language/kustomization.ts";

describe("a kustomization", () => {
  it("tells which files are no whole objects", () => {
    const { fragments } = readKustomization(`resources: [base.yaml]
patches:
- path: replicas.yaml
- patch: |-
    - op: remove
      path: /spec
  target: {kind: Deployment}
patchesStrategicMerge:
- memory.yaml
- |-
  apiVersion: v1
  kind: Pod
replacements: [{path: names.yaml}, {source: {kind: Pod}}]
`);
    assert.deepEqual(fragments, ["replicas.yaml", "memory.yaml", "names.yaml"]);
  });

  it("tells which objects come of none of them, and their keys where they are known", () => {
    const { generated } = readKustomization(`configMapGenerator:
- name: settings
  literals: [color=blue, shape=round=yes]
  files: [conf/app.ini, other=conf/x]
- {name: env, envs: [a.env]}
secretGenerator: [{name: token, namespace: shop, literals: ["key=x"]}]
`);
    assert.deepEqual(
      generated.map(({ kind, namespace, name, keys }) => [kind, namespace, name, keys]),
      [
        ["ConfigMap", "", "settings", ["color", "shape", "app.ini", "other"]],
        ["ConfigMap", "", "env", []],
        ["Secret", "shop", "token", ["key"]],
      ],
    );
  });

  it("says nothing where it cannot be read", () => {
    for (const text of ["", "a: [", "[1]", "patches: 1", "configMapGenerator: [1, {}]"])
      assert.deepEqual(readKustomization(text), { fragments: [], generated: [] });
  });

  it("has one of the names that kustomize looks for", () => {
    const names = ["kustomization.yaml", "kustomization.yml", "Kustomization", "a.yaml"];
    assert.deepEqual(names.map(isKustomizationFile), [true, true, true, false]);
  });
});

describe("a patch with directives", () => {
  it("is no manifest: the rest of the object is elsewhere", () => {
    const patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n";
    assert.ok(check(patch).length > 0);
    assert.deepEqual(check(`${patch}spec:\n  template:\n    $patch: delete\n`), []);
  });
});
