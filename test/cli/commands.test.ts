// The command line as a user meets it: words in, text and an exit code out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "kt-cli-"));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

function run(
  words: readonly string[],
  input = "",
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "src/cli/main.ts", ...words],
    { encoding: "utf8", input },
  );
  return { code: status, out: stdout, err: stderr };
}

const good = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";
const bad = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - nam: c\n";

describe("the command line", function () {
  this.timeout(30_000);
  after(() => rmSync(folder, { recursive: true }));

  it("validate: names file, line and column in the server's words", () => {
    const file = write("bad.yaml", bad);
    const { code, out } = run(["validate", file]);
    assert.equal(code, 1);
    assert.match(
      out,
      /bad\.yaml:7:5: error: unknown field "spec\.containers\[0\]\.nam" \(unknownField\)/,
    );
    assert.match(out, /spec\.containers\[0\]\.name: Required value/);
  });

  it("validate: is silent and content with what the server accepts", () => {
    assert.deepEqual(run(["validate", "-"], good), { code: 0, out: "", err: "" });
  });

  it("validate: SARIF names the rule and the region", () => {
    const { out } = run(["validate", "--output", "sarif", write("bad.yaml", bad)]);
    const [result] = JSON.parse(out).runs[0].results;
    assert.equal(result.ruleId, "unknownField");
    assert.equal(result.locations[0].physicalLocation.region.startLine, 7);
  });

  it("validate: leaves what kustomize patches with to kustomize", () => {
    const patch =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    write("kustomization.yaml", "patches: [{path: patch.yaml}]\n");
    write("patch.yaml", patch);
    write("whole.yaml", patch);
    const { out } = run(["validate", folder]);
    assert.match(out, /whole\.yaml:4:1: error: spec\.selector: Required value/);
    assert.doesNotMatch(out, /patch\.yaml/);
  });

  it("validate: says what cannot be read, and ends with 2", () => {
    const { code, err } = run(["validate", join(folder, "missing.yaml")]);
    assert.equal(code, 2);
    assert.match(err, /missing\.yaml/);
  });

  const cluster = [
    "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nstatus: {allocatable: {cpu: '2', memory: 4Gi, pods: '9'}}",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: old, namespace: default}\nspec: {nodeName: a, containers: [{name: c, image: i, resources: {requests: {cpu: 1500m}}}]}",
  ].join("\n---\n");
  const pod = (cpu: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: new}\nspec: {containers: [{name: c, image: i, resources: {requests: {cpu: ${cpu}}}}]}`;

  it("schedule: names the node, or says why not and what would help", () => {
    const snapshot = write("cluster.yaml", cluster);
    const fitting = run(["schedule", "--snapshot", snapshot, "-"], pod("500m"));
    assert.equal(fitting.code, 0);
    assert.equal(fitting.out.split("\n")[0], "a");
    const failing = run(["schedule", "--snapshot", snapshot, "-"], pod("600m"));
    assert.equal(failing.code, 1);
    assert.match(failing.out, /^0\/1 nodes are available: 1 Insufficient cpu\./);
    assert.match(failing.out, /Lower the cpu request of container c from 600m to 500m/);
  });

  it("schedule: answers in JSON with every node's verdicts", () => {
    const snapshot = write("cluster.yaml", cluster);
    const { out } = run(["schedule", "--snapshot", snapshot, "--output", "json", "-"], pod("1"));
    const answer = JSON.parse(out);
    assert.equal(answer.outcome, "unschedulable");
    assert.equal(answer.nodes[0].rejection.plugin, "NodeResourcesFit");
    assert.ok(answer.remedies.length > 0);
  });

  it("schedule: refuses what is no Pod", () => {
    const snapshot = write("cluster.yaml", cluster);
    const { code, err } = run(["schedule", "--snapshot", snapshot, "-"], good);
    assert.equal(code, 2);
    assert.match(err, /must hold one Pod/);
  });
});
