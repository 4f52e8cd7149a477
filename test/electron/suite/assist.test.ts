import assert from "node:assert/strict";
import {
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  commands,
  type DocumentSymbol,
  type Hover,
  type MarkdownString,
  NotebookCellData,
  NotebookCellKind,
  NotebookData,
  Range,
  Selection,
  SnippetString,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { eventually, readyCluster } from "../cluster.ts";
import { diagnosticsOf, openExample } from "../extension.ts";

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  restartPolicy: Never
  priorityClassName: x
  con
`;

const json = `{
\t"apiVersion": "v1",
\t"kind": "Service",
\t"metadata": { "name": "web" },
\t"spec": { "type": "Cluster", "ports": [{ "port": 80, "protcol": "TCP" }] }
}
`;

describe("help with writing", () => {
  it("completes keys, values, images, and names of the cluster", async () => {
    await readyCluster();
    const document = await written(pod);
    const fields = await completions(document, "  con");
    const containers = fields.find(({ label }) => label === "containers");
    assert.equal(containers?.insertText, "containers:\n    - ");
    assert.equal(containers?.keepWhitespace, true);
    const values = await completions(document, "restartPolicy: ");
    assert.deepEqual(ours(values), ["Always", "Never", "OnFailure"]);
    const classes = ours(await completions(document, "priorityClassName: "));
    assert.ok(classes.includes("system-node-critical"), String(classes));
    const image = await written(pod.replace("con\n", "containers: [{name: a, image: }]\n"));
    const images = ours(await completions(image, "image: "));
    assert.ok(images.includes("nginx:1.27"), String(images.slice(0, 10)));
  });

  it("begins an empty document", async () => {
    const document = await written("De\n");
    const found = (await completions(document, "De")).find(({ label }) => label === "Deployment");
    assert.ok(found?.insertText instanceof SnippetString, "no snippet");
    assert.match(found.insertText.value, /^apiVersion: apps\/v1\nkind: Deployment\n/);
  });

  for (const [claim, language, text, typed, expected] of [
    [
      "a list, at the right column",
      "yaml",
      "apiVersion: v1\nkind: Pod\nspec:\n  ",
      "containe",
      "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - ",
    ],
    [
      "a value in quotes",
      "yaml",
      'apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: "',
      "Nev",
      'apiVersion: v1\nkind: Pod\nspec:\n  restartPolicy: "Never"',
    ],
    [
      "a field of JSON",
      "json",
      '{"apiVersion": "v1", "kind": "Pod", "spec": {',
      '"nodeN',
      '{"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": ""',
    ],
  ] as const)
    it(`writes what is accepted: ${claim}`, async () => {
      const document = await written(text, language);
      const editor = await window.showTextDocument(document);
      const end = document.positionAt(text.length);
      editor.selection = new Selection(end, end);
      await commands.executeCommand("type", { text: typed });
      await commands.executeCommand("editor.action.triggerSuggest");
      const found = await eventually(
        async () => {
          await commands.executeCommand("acceptSelectedSuggestion");
          return document.getText();
        },
        (now) => now.startsWith(expected),
        "the suggestion is accepted",
      );
      assert.match(found.slice(expected.length), /^["}\]]*$/);
    });

  it("tells what a field is, and what the server makes of it", async () => {
    const document = await written(pod);
    const text = await hover(document, "restartPol");
    assert.match(text, /spec\.restartPolicy/);
    assert.match(text, /Default: `"Always"`/);
    assert.match(text, /Restart policy for all containers/);
  });

  it("mends what is wrong", async () => {
    const { document } = await openExample("broken.yaml");
    await diagnosticsOf(document.uri, ({ length }) => length > 0);
    const at = document.positionAt(document.getText().indexOf("poarts"));
    const actions = await commands.executeCommand<CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      new Range(at, at.translate(0, 6)),
    );
    assert.ok(actions.some(({ title }) => title === "Replace by ports"));
  });

  it("says over a Pod where it would go", async () => {
    await readyCluster();
    const { document } = await openExample("pod.yaml");
    const lenses = await commands.executeCommand<CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      2,
    );
    assert.ok(lenses.some(({ command }) => command?.title.includes("fits")));
  });
});

describe("manifests in JSON", () => {
  it("are checked, explained, completed and outlined", async () => {
    const document = await written(json, "json");
    const problems = await diagnosticsOf(document.uri, (all) =>
      all.some(({ code }) => code === "FieldValueNotSupported"),
    );
    assert.deepEqual(
      problems
        .filter(({ source }) => source === "kubernetes")
        .map(({ range, code }) => `${document.getText(range)} ${String(code)}`)
        .sort(),
      ['"Cluster" FieldValueNotSupported', '"protcol" unknownField'],
    );
    assert.match(await hover(document, '"por'), /spec\.ports/);
    const values = ours(await completions(document, '"type": "Clu'));
    assert.ok(values.includes("ClusterIP"), String(values));
    const symbols = await commands.executeCommand<DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.ok(symbols.some(({ name }) => name === "Service/web"));
  });
});

describe("manifests elsewhere than in files", () => {
  it("are helped with in cells of a notebook", async () => {
    const notebook = await workspace.openNotebookDocument(
      "jupyter-notebook",
      new NotebookData([
        new NotebookCellData(NotebookCellKind.Code, pod.replace("  con\n", ""), "yaml"),
      ]),
    );
    const { document } = notebook.cellAt(0);
    await diagnosticsOf(document.uri, (all) =>
      all.some(({ message }) => message.includes("spec.containers: Required value")),
    );
    assert.deepEqual(ours(await completions(document, "restartPolicy: ")), [
      "Always",
      "Never",
      "OnFailure",
    ]);
  });

  it("are those of unsaved editors with tabs, Windows' line ends and Korean too", async () => {
    const text = `${pod.replace("  con\n", "")}\tcontainers: [] # 컨테이너\n`;
    const document = await written(text.replaceAll("\n", "\r\n"));
    const [problem] = await diagnosticsOf(document.uri, ({ length }) => length > 0);
    assert.match(problem?.message ?? "", /a tab character/);
    assert.deepEqual(ours(await completions(document, "restartPolicy: ")), [
      "Always",
      "Never",
      "OnFailure",
    ]);
  });

  for (const [what, text, at] of [
    ["docker-compose", "services:\n  web:\n    image: nginx\n", "image: "],
    ["a workflow", "on: [push]\njobs:\n  build:\n    runs-on: x\n", "runs-on: "],
    ["OpenAPI", "openapi: 3.0.0\ninfo:\n  title: x\npaths: {}\n", "title: "],
    [
      "a kustomization",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: x\n",
      "namespace: ",
    ],
    [
      "a Helm template",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  restartPolicy: x\n",
      "restartPolicy: ",
    ],
  ] as const)
    it(`leave ${what} alone`, async () => {
      const document = await written(text);
      const found = await completions(document, at);
      assert.deepEqual(ours(found), []);
      assert.equal(await hover(document, at.slice(0, 3)), "");
    });
});

function written(content: string, language = "yaml"): Promise<TextDocument> {
  return Promise.resolve(workspace.openTextDocument({ content, language }));
}

async function completions(document: TextDocument, words: string): Promise<CompletionItem[]> {
  const at = document.getText().indexOf(words);
  assert.ok(at >= 0, words);
  const list = await commands.executeCommand<CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    document.positionAt(at + words.length),
  );
  return list.items;
}

/** Without the words of the text and the snippets that VS Code offers by itself. */
function ours(items: readonly CompletionItem[]): string[] {
  return items
    .filter(({ sortText }) => /^[01]\d{5}$/.test(sortText ?? ""))
    .map(({ label }) => (typeof label === "string" ? label : label.label));
}

async function hover(document: TextDocument, words: string): Promise<string> {
  const at = document.getText().indexOf(words);
  const found = await commands.executeCommand<Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    document.positionAt(at + words.length),
  );
  return found
    .flatMap(({ contents }) => contents as MarkdownString[])
    .map(({ value }) => value)
    .join("\n");
}
