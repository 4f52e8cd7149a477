import assert from "node:assert/strict";
import {
  commands,
  type DocumentHighlight,
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  type Location,
  type LocationLink,
  type Position,
  type SelectionRange,
  type SymbolInformation,
  type TextDocument,
  type Uri,
  type WorkspaceEdit,
  workspace,
} from "vscode";
import { commands as ours } from "../../../src/vscode/commandIds.ts";
import { readyCluster } from "../cluster.ts";
import { example, openExample } from "../extension.ts";
import { noticesOf } from "../notices.ts";

const service = `apiVersion: v1
kind: Service
metadata: {name: door, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{port: 80}]
`;

const guest = `{
  "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "guest", "namespace": "shop"},
  "spec": {
    "priorityClassName": "system-node-critical",
    "containers": [{"name": "main", "image": "nginx:1.27",
      "envFrom": [{"configMapRef": {"name": "settings"}}]}]
  }
}
`;

describe("names in manifests", () => {
  let multi: TextDocument;
  const written = [example("door.yaml"), example("guest.json")] as const;
  const [door, guestFile] = written;

  before(async () => {
    await write(door, service);
    await write(guestFile, guest);
    ({ document: multi } = await openExample("multi.yaml"));
  });
  after(async () => {
    for (const file of written) await workspace.fs.delete(file);
  });

  it("lead to where they are made", async () => {
    assert.deepEqual(await definitions(multi, "configMapRef:\n                name: set"), [
      "multi.yaml:9",
    ]);
    assert.deepEqual(await definitions(multi, "selector:\n    app"), ["multi.yaml:27"]);
    const opened = await workspace.openTextDocument(guestFile);
    assert.deepEqual(await definitions(opened, 'configMapRef": {"name": "set'), ["multi.yaml:9"]);
    const shop = await definitions(opened, '"namespace": "sho');
    assert.deepEqual(shop, ["multi.yaml:4"]);
  });

  it("lead to those who use them, in all files", async () => {
    const found = await call<Location[]>("ReferenceProvider", multi, "labels:\n        app: c");
    assert.deepEqual(found.map(shown).sort(), [
      "door.yaml:5",
      "multi.yaml:23",
      "multi.yaml:27",
      "multi.yaml:45",
    ]);
  });

  it("are lit up where they stand in the same file", async () => {
    const found = await call<DocumentHighlight[]>("DocumentHighlights", multi, "name: settin");
    assert.deepEqual(found.map(({ range }) => range.start.line + 1).sort(), [34, 9].sort());
  });

  it("are changed everywhere at once, or the reason is told", async () => {
    const target = await commands.executeCommand<{ placeholder: string }>(
      "vscode.prepareRename",
      multi.uri,
      positionOf(multi, "labels:\n        app: c"),
    );
    assert.equal(target.placeholder, "cart");
    const edit = await rename(multi, "labels:\n        app: c", "basket");
    assert.deepEqual(
      edit.entries().map(([uri, edits]) => [name(uri), edits.map(({ newText }) => newText)]),
      [
        ["multi.yaml", ["basket", "basket", "basket"]],
        ["door.yaml", ["basket"]],
      ],
    );
    await assert.rejects(rename(multi, "labels:\n        app: c", "no good"), /a valid label/);
    await assert.rejects(rename(multi, "image: ngi", "x"), /can be renamed/);
  });

  it("of what lives in the cluster only lead there", async () => {
    await readyCluster();
    const opened = await workspace.openTextDocument(guestFile);
    const [found = ""] = await definitions(opened, '"system-node');
    assert.match(found, /^system-node-critical\.yaml:\d+$/);
    const all = await call<Location[]>("ReferenceProvider", opened, '"system-node');
    assert.ok(all.map(shown).includes("guest.json:4"));
    assert.ok(all.map(shown).includes(found));
    const links = await commands.executeCommand<DocumentLink[]>(
      "vscode.executeLinkProvider",
      guestFile,
    );
    const [link] = links.filter(({ target }) => target?.scheme === "kube");
    assert.ok(link?.target, "no link");
    const live = await workspace.openTextDocument(link.target);
    assert.match(live.getText(), /kind: PriorityClass/);
  });

  it("of what the tree shows lead to its row", async () => {
    await readyCluster();
    const document = await workspace.openTextDocument({
      language: "yaml",
      content: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {nodeName: worker-1}\n",
    });
    const links = await commands.executeCommand<DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
    );
    const target = links.find((link) => link.target?.scheme === "command")?.target;
    assert.equal(target?.path, ours.showInTree);
    const show = (): unknown =>
      commands.executeCommand(target.path, ...(JSON.parse(target.query) as unknown[]));
    assert.deepEqual(await noticesOf(show), []);
  });

  it("are symbols of the workspace", async () => {
    const found = await commands.executeCommand<SymbolInformation[]>(
      "vscode.executeWorkspaceSymbolProvider",
      "servdoor",
    );
    assert.deepEqual(
      found.map(({ name: symbol, location }) => `${symbol} ${shown(location)}`),
      ["Service/door door.yaml:3"],
    );
  });
});

describe("the shape of a manifest", () => {
  it("is its outline", async () => {
    const { document } = await openExample("multi.yaml");
    const symbols = await commands.executeCommand<DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(
      symbols.map((symbol) => symbol.name),
      ["Namespace/shop", "ConfigMap/settings", "Deployment/cart", "Service/cart"],
    );
    assert.deepEqual(
      symbols[3]?.children.map((child) => child.name),
      ["apiVersion", "kind", "metadata", "spec"],
    );
  });

  it("folds by objects and blocks", async () => {
    const { document } = await openExample("multi.yaml");
    const ranges = await commands.executeCommand<FoldingRange[]>(
      "vscode.executeFoldingRangeProvider",
      document.uri,
    );
    const found = ranges.map(({ start, end }) => `${start + 1}-${end + 1}`);
    for (const wanted of ["1-4", "6-12", "14-36"]) assert.ok(found.includes(wanted), String(found));
  });

  it("is selected from the inside out", async () => {
    const { document } = await openExample("multi.yaml");
    const [selection] = await commands.executeCommand<SelectionRange[]>(
      "vscode.executeSelectionRangeProvider",
      document.uri,
      [positionOf(document, "hello from")],
    );
    const texts: string[] = [];
    for (let each = selection; each; each = each.parent) texts.push(document.getText(each.range));
    // VS Code adds words and lines of its own.
    for (const wanted of ["hello from the shop", "GREETING: hello from the shop"])
      assert.ok(texts.includes(wanted), texts.join("\n--\n"));
  });

  it("leaves equal words to VS Code where no name is", async () => {
    const document = await workspace.openTextDocument({
      language: "yaml",
      content: "services:\n  web:\n    image: web\n",
    });
    const found = await call<DocumentHighlight[]>("DocumentHighlights", document, "  we");
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [1, 2],
    );
  });

  it("is left alone where the text is for another tool", async () => {
    const document = await workspace.openTextDocument({
      language: "yaml",
      content:
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - a.yaml\n",
    });
    const symbols = await commands.executeCommand<unknown[] | undefined>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(symbols ?? [], []);
  });
});

async function write(uri: Uri, text: string): Promise<void> {
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Where the end of the words is in the document. */
function positionOf(document: TextDocument, words: string): Position {
  const at = document.getText().indexOf(words);
  assert.ok(at >= 0, words);
  return document.positionAt(at + words.length);
}

function call<T>(provider: string, document: TextDocument, words: string): Promise<T> {
  return Promise.resolve(
    commands.executeCommand<T>(
      `vscode.execute${provider}`,
      document.uri,
      positionOf(document, words),
    ),
  );
}

async function definitions(document: TextDocument, words: string): Promise<string[]> {
  const found = await call<(Location | LocationLink)[]>("DefinitionProvider", document, words);
  return found.map((each) =>
    "targetUri" in each ? shown({ uri: each.targetUri, range: each.targetRange }) : shown(each),
  );
}

function rename(document: TextDocument, words: string, newName: string): Promise<WorkspaceEdit> {
  return Promise.resolve(
    commands.executeCommand<WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      positionOf(document, words),
      newName,
    ),
  );
}

function shown({ uri, range }: Pick<Location, "uri" | "range">): string {
  return `${name(uri)}:${range.start.line + 1}`;
}

function name({ path }: Uri): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
