import assert from "node:assert/strict";
import { required } from "../../src/api/fieldError.ts";
import { FieldPath } from "../../src/api/fieldPath.ts";
import { invalidError } from "../../src/api/status.ts";
import { fieldPathFrom, locateFailure } from "../../src/language/failurePlaces.ts";
import { parseManifest } from "../../src/language/manifest.ts";
import { mostBytes, planDeployment } from "../../src/vscode/deployPlan.ts";

const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n";

describe("a deployment's plan", () => {
  for (const [claim, text, refusal] of [
    ["an empty file", "", "empty"],
    ["a file of comments", "# nothing\n---\n# here\n", "empty"],
    ["YAML that is not Kubernetes'", "name: ci\non: push\n", "notKubernetes"],
    ["prose", "Dear reader,\nthis is a letter.\n", "notKubernetes"],
    ["a Helm template", "{{- if .Values.on }}\napiVersion: v1\nkind: Pod\n{{- end }}\n", "helm"],
    ["a Helm template within a value", `${pod}spec:\n  replicas: {{ .Values.count }}\n`, "helm"],
    ["a binary file", "PK\u0003\u0004\u0000\u0000", "binary"],
    ["a file that no server would read", `# ${"x".repeat(mostBytes)}\n${pod}`, "tooLarge"],
  ] as const)
    it(`refuses ${claim}`, () => assert.equal(planDeployment(text), refusal));

  it("takes the objects in the order of the file", () => {
    assert.deepEqual(names(`${pod}---\n${pod.replace("web", "db")}`), ["web", "db"]);
  });

  it("takes JSON, and a List for its items", () => {
    const list = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: ["a", "b"].map((name) => ({ apiVersion: "v1", kind: "Pod", metadata: { name } })),
    });
    assert.deepEqual(names(list), ["a", "b"]);
  });

  it("takes template braces that are data", () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: t\ndata:\n  a: "{{ .X }}"\n';
    assert.deepEqual(names(map), ["t"]);
  });

  for (const [claim, text, message] of [
    [
      "a tab",
      "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: web\n",
      /^error converting YAML to JSON: yaml: line \d+: found character that cannot start any token/,
    ],
    [
      "a missing name",
      "apiVersion: v1\nkind: Pod\nmetadata: {}\n",
      /^resource name may not be empty$/,
    ],
    [
      "a name to be generated",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n",
      /^from a-: cannot use generate name with apply$/,
    ],
    [
      "a missing kind",
      `${pod}---\napiVersion: v1\nmetadata:\n  name: x\n`,
      /Kind.*missing|kind not set/i,
    ],
  ] as const)
    it(`sends nothing for ${claim}, and says why`, () => {
      const plan = planDeployment(text);
      assert.ok(typeof plan !== "string");
      assert.equal(plan.bad.length, 1);
      assert.match(plan.bad[0]?.message ?? "", message);
    });
});

describe("a failure's place", () => {
  const text = `${pod}spec:\n  containers:\n    - name: web\n      poarts: []\n`;
  const [document] = parseManifest(text);
  assert.ok(document);
  const at = (error: Error) =>
    locateFailure(error, document, text).map(({ message, range }) => [
      text.slice(range.start, range.end).split("\n")[0],
      message,
    ]);

  it("is each field that the server names", () => {
    const path = FieldPath.of("spec", "containers").index(0).child("image");
    const error = invalidError({ group: "", kind: "Pod", name: "web" }, [required(path)]);
    assert.deepEqual(at(error), [["name: web", "spec.containers[0].image: Required value"]]);
  });

  it("is the key of a field that the kind does not have", () => {
    const error = new Error('strict decoding error: unknown field "spec.containers[0].poarts"');
    assert.deepEqual(at(error), [["poarts", 'unknown field "spec.containers[0].poarts"']]);
  });

  const refused = `${pod}  namespace: shop
spec:
  serviceAccountName: bot
  containers:
    - name: web
      resources:
        limits: {memory: 2Gi}
        requests: {cpu: "2"}
    - name: log
`;
  for (const [message, under] of [
    ['namespaces "shop" not found', "shop"],
    [
      'pods "web" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=1, limited: requests.cpu=2',
      '"2"',
    ],
    [
      'pods "web" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
      "web",
    ],
    ['pods "web" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi', "2Gi"],
    [
      'pods "web" is forbidden: error looking up service account shop/bot: serviceaccount "bot" not found',
      "bot",
    ],
    [
      'pods "web" is forbidden: violates PodSecurity "baseline:latest": privileged (container "log" must not set securityContext.privileged=true)',
      "name: log",
    ],
    ['admission webhook "x" denied the request: no', "web"],
    ['no matches for kind "Pod" in version "v2"', "apiVersion: v1"],
  ] as const)
    it(`is ${under} where the server says: ${message}`, () => {
      const [document] = parseManifest(refused);
      assert.ok(document);
      const [failure] = locateFailure(new Error(message), document, refused);
      assert.ok(failure);
      const marked = refused.slice(failure.range.start, failure.range.end);
      assert.equal(marked.split("\n")[0], under);
    });

  it("reads the paths that servers write", () => {
    for (const path of ["spec.containers[0].ports[2].name", "metadata.labels[app.kubernetes.io/x]"])
      assert.equal(fieldPathFrom(path).toString(), path);
  });
});

function names(text: string): readonly string[] {
  const plan = planDeployment(text);
  assert.ok(typeof plan !== "string", String(plan));
  return plan.objects.map(({ object }) => object.metadata.name);
}
