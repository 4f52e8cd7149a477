import assert from "node:assert/strict";
import { check } from "../../src/language/diagnostics.ts";
import { ManifestChecker } from "../../src/language/manifestChecker.ts";
import type { Problem } from "../../src/language/problem.ts";

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: nginx:1.27
`;

/** What is underlined, the stage, and the beginning of the server's words. */
type Row = readonly [under: string, source: Problem["source"], message: string, hint?: string];

function rowsOf(text: string): Row[] {
  return check(text).map(({ start, end, source, message, hint }) =>
    hint
      ? [text.slice(start, end), source, message, [hint.key, ...hint.args].join(" ")]
      : [text.slice(start, end), source, message],
  );
}

function replaced(from: string, to: string): string {
  assert.ok(pod.includes(from));
  return pod.replace(from, to);
}

describe("problems of a manifest", () => {
  const image = "      image: nginx:1.27\n";
  for (const [claim, text, rows] of [
    ["a good Pod has none", pod, []],
    [
      "an unknown field is underlined at its key",
      replaced(image, `${image}      prots: []\n`),
      [["prots", "strict", 'unknown field "spec.containers[0].prots"', "hint.didYouMean ports"]],
    ],
    [
      "a wrong type is underlined at the value",
      replaced(image, `${image}      ports: [{containerPort: "80"}]\n`),
      [
        [
          '"80"',
          "decode",
          "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
          "hint.type string int32",
        ],
      ],
    ],
    [
      "a number where text belongs is to be quoted",
      replaced("name: web", "name: 12"),
      [
        [
          "12",
          "decode",
          "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
          'hint.quote "12"',
        ],
      ],
    ],
    [
      "a zero that the author wrote is not taken for nothing",
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, ports: [{port: 80}]}\n",
      [
        [
          "0",
          "validate",
          "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400",
        ],
      ],
    ],
    [
      "a toleration's value is shown, as the server does",
      replaced(
        "  containers:",
        "  tolerations: [{key: a, operator: Exists, value: b}]\n  containers:",
      ),
      [
        [
          "Exists",
          "validate",
          "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'",
        ],
      ],
    ],
    [
      "a missing field is underlined at the nearest parent",
      replaced(image, ""),
      [["name: app", "validate", "spec.containers[0].image: Required value"]],
    ],
    [
      "a field without a value is underlined at its key",
      replaced("\n  name: web", ""),
      [["metadata", "validate", "metadata.name: Required value: name or generateName is required"]],
    ],
    [
      "unknown fields do not hide what is invalid",
      replaced("  containers:", "  restartpolicy: Never\n  restartPolicy: never\n  containers:"),
      [
        [
          "restartpolicy",
          "strict",
          'unknown field "spec.restartpolicy"',
          "hint.didYouMean restartPolicy",
        ],
        [
          "never",
          "validate",
          'spec.restartPolicy: Unsupported value: "never": supported values: "Always", "OnFailure", "Never"',
        ],
      ],
    ],
    [
      "a wrong type does not show as missing too",
      replaced("image: nginx:1.27", "image: [nginx]"),
      [
        [
          "[nginx]",
          "decode",
          "json: cannot unmarshal array into Go struct field Container.spec.containers.image of type string",
          "hint.type array string",
        ],
      ],
    ],
    [
      "a tab is an error of syntax, with a hint",
      replaced("  name: web", "\tname: web"),
      [
        [
          "\tname: web",
          "yaml",
          "error converting YAML to JSON: yaml: line 4: found character that cannot start any token",
          "hint.tab",
        ],
      ],
    ],
    [
      "a key given twice is underlined where it is given again",
      replaced("  name: web", "  name: web\n  name: web"),
      [["name", "strict", 'yaml: unmarshal errors:\n  line 5: key "name" already set in map']],
    ],
    [
      "a kind in the wrong group has a hint",
      replaced("apiVersion: v1", "apiVersion: apps/v1"),
      [
        [
          "apps/v1",
          "kind",
          'no matches for kind "Pod" in version "apps/v1"',
          "hint.apiVersion Pod v1",
        ],
      ],
    ],
    [
      "a misspelt kind has a hint",
      replaced("kind: Pod", "kind: Pdo"),
      [["Pdo", "kind", 'no matches for kind "Pdo" in version "v1"', "hint.didYouMean Pod"]],
    ],
    [
      "items of a list are checked",
      `apiVersion: v1\nkind: List\nitems:\n- ${replaced("name: web", "name: 12").replaceAll("\n", "\n  ")}`,
      [
        [
          "12",
          "decode",
          "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
          'hint.quote "12"',
        ],
      ],
    ],
    [
      "JSON may be indented by tabs",
      '{\n\t"apiVersion": "v1",\n\t"kind": "Namespace",\n\t"metadata": {"nam": "a", "name": "a"}\n}',
      [['"nam"', "strict", 'unknown field "metadata.nam"', "hint.didYouMean name"]],
    ],
    [
      "Windows line ends and a byte order mark are fine",
      `\uFEFF${pod.replaceAll("\n", "\r\n")}---\r\n${pod.replaceAll("\n", "\r\n").replace("app", "B")}`,
      [
        [
          "B",
          "validate",
          "spec.containers[0].name: Invalid value: \"B\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        ],
      ],
    ],
  ] as const satisfies readonly (readonly [string, string, readonly Row[]])[])
    it(claim, () => assert.deepEqual(rowsOf(text), rows));
});

describe("texts that are no manifests have no problems", () => {
  for (const [what, text] of [
    ["nothing", ""],
    ["comments", "# later\n---\n# more\n"],
    ["other YAML", "name: Build\non: [push]\njobs: {}\n"],
    ["broken other YAML", "a: [\n"],
    [
      "a kustomization",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresorces: []\n",
    ],
    ["a kubeconfig", "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n"],
    ["a custom resource", "apiVersion: example.com/v1\nkind: Thing\nspec: 5\n"],
    ["a Helm template", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n"],
    [
      "a Helm template with conditions",
      "{{- if .Values.a }}\napiVersion: v1\nkind: Pod\n{{- end }}\n",
    ],
    [
      "a quoted Helm template",
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "{{ .Release.Name }}"\n',
    ],
    ["binary data", "\u0000\u0001apiVersion: v1\nkind: Pod\n"],
  ] as const)
    it(what, () => assert.deepEqual(check(text), []));

  it("but templates for others are data of a ConfigMap", () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: "{{ $labels.pod }}"\n';
    assert.equal(check(text)[0]?.path, "metadata.name");
  });
});

describe("a checker that remembers", () => {
  it("finds the same problems, wherever a document moves", () => {
    const checker = new ManifestChecker();
    const broken = replaced("image:", "imag:");
    for (const text of [
      broken,
      `${pod}---\n${broken}`,
      `# more\n${pod}---\n${broken}---\n${broken}`,
      broken,
      `${pod}---\nname: {{ .Values.name }}\n`,
    ])
      assert.deepEqual(checker.check(text), check(text));
  });
});

describe("a text that is new", () => {
  it("is looked at bit by bit, with the same result", () => {
    const text = Array.from({ length: 200 }, (_, i) => pod.replace("web", `web-${i}_`)).join(
      "---\n",
    );
    const checker = new ManifestChecker();
    let shares = 1;
    while (!checker.prepare(text)) shares++;
    assert.ok(shares > 1);
    assert.deepEqual(checker.check(text), check(text));
  });
});
