import assert from "node:assert/strict";
import { folds } from "../../src/language/folding.ts";
import { type OutlineSymbol, outline } from "../../src/language/outline.ts";
import { selectionRanges } from "../../src/language/selectionRanges.ts";

const text = `# One.
# Two.
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: main
      args: [a, b]
      command:
        - sh
---
apiVersion: v1
kind: ConfigMap
metadata: {name: 설정}
data:
  text: |
    one
    two
`;

function lines(symbols: readonly OutlineSymbol[], indent = ""): string[] {
  return symbols.flatMap(({ name, detail, children }) => [
    `${indent}${name}${detail === "" ? "" : ` (${detail})`}`,
    ...lines(children, `${indent}  `),
  ]);
}

describe("the outline of a manifest", () => {
  it("has its objects, and the fields of each", () =>
    assert.deepEqual(lines(outline(text)), [
      "Pod/web (shop)",
      "  apiVersion (v1)",
      "  kind (Pod)",
      "  metadata",
      "    name (web)",
      "    namespace (shop)",
      "  spec",
      "    containers",
      "      main",
      "        name (main)",
      "        args",
      "          a",
      "          b",
      "        command",
      "          sh",
      "ConfigMap/설정",
      "  apiVersion (v1)",
      "  kind (ConfigMap)",
      "  metadata",
      "    name (설정)",
      "  data",
      "    text (one)",
    ]));

  it("stays while a word is half typed", () => {
    const typing = text.replace("spec:\n", "spec:\n  nod\n");
    assert.deepEqual(lines(outline(typing)), lines(outline(text)));
  });

  it("has the items of a List, in JSON too", () => {
    const list =
      '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}]}';
    assert.deepEqual(
      outline(list).map(({ name, nameRange: { start, end } }) => [name, list.slice(start, end)]),
      [["Namespace/a", '"a"']],
    );
  });

  it("leaves out what an alias or a merge repeats", () => {
    const merged =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\ndata:\n  <<: *m\n  x: why\n";
    assert.deepEqual(lines(outline(merged)).slice(-2), ["  data", "    x (why)"]);
  });

  for (const [what, other] of [
    [
      "a kustomization",
      "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: []\n",
    ],
    ["a Helm template", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.x }}\n"],
    ["a workflow", "name: Build\non: [push]\njobs: {}\n"],
    ["docker-compose", "services:\n  web:\n    image: nginx\n"],
    ["OpenAPI", "openapi: 3.0.0\ninfo: {title: x}\npaths: {}\n"],
  ] as const)
    it(`is none of ${what}`, () => {
      assert.deepEqual(outline(other), []);
      assert.equal(folds(other), undefined);
      assert.deepEqual(selectionRanges(other, 20), []);
    });
});

describe("folding", () => {
  it("is of documents, blocks and comments, by their lines", () => {
    const line = (offset: number): number => text.slice(0, offset).split("\n").length;
    assert.deepEqual(
      (folds(text) ?? []).map(({ start, end }) => `${line(start)}-${line(end)}`).sort(),
      ["1-2", "3-13", "5-7", "8-13", "9-13", "10-13", "12-13", "15-21", "18-21", "19-21"].sort(),
    );
  });
});

describe("expanding the selection", () => {
  for (const [claim, context, expected] of [
    [
      "from a value",
      "name: m«ain",
      ["main", "name: main", "name: main args: [a, b] command: - sh"],
    ],
    ["from a key", "na«mespace", ["namespace", "namespace: shop"]],
  ] as const)
    it(claim, () => {
      const at = text.indexOf(context.replace("«", "")) + context.indexOf("«");
      const found = selectionRanges(text, at).map(({ start, end }) =>
        text.slice(start, end).replace(/\s+/g, " ").trim(),
      );
      assert.deepEqual(found.slice(0, expected.length), expected);
      assert.ok(found.at(-1)?.startsWith("# One."));
    });
});
