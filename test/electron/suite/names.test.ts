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
  WorkspaceEdit,
  workspace,
} from "vscode";
import { commands as ours } from "../../../src/vscode/commandIds.ts";
import { eventually, readyCluster } from "../cluster.ts";
import { example, openExample } from "../extension.ts";
import { noticesOf } from "../notices.ts";

const service = `apiVersion: v1
kind: Service
metadata: {name: door, namespace: stall}
spec:
  selector: {app: trolley}
  ports: [{port: 80}]
`;

const guest = `{
  "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "guest", "namespace": "stall"},
  "spec": {
    "priorityClassName": "system-node-critical",
    "containers": [{"name": "main", "image": "nginx:1.27",
      "envFrom": [{"configMapRef": {"name": "knobs"}}]}]
  }
}
`;

describe("names in manifests", () => {
  let stall: TextDocument;
  // Names that no other file of the workspace has.
  const written = [example("stall.yaml"), example("door.yaml"), example("guest.json")] as const;
  const [stallFile, door, guestFile] = written;

  before(async () => {
    await write(door, service);
    await write(guestFile, guest);
    const { document } = await openExample("multi.yaml");
    const other: Readonly<Record<string, string>> = {
      cart: "trolley",
      shop: "stall",
      settings: "knobs",
    };
    const text = document.getText().replace(/cart|shop|settings/g, (word) => other[word] ?? word);
    await write(stallFile, text);
    stall = await workspace.openTextDocument(stallFile);
  });
  after(async () => {
    for (const file of written) await workspace.fs.delete(file);
  });

  it("lead to where they are made", async () => {
    assert.deepEqual(await definitions(stall, "configMapRef:\n                name: kno"), [
      "stall.yaml:9",
    ]);
    assert.deepEqual(await definitions(stall, "selector:\n    app"), ["stall.yaml:27"]);
    const opened = await workspace.openTextDocument(guestFile);
    assert.deepEqual(await definitions(opened, 'configMapRef": {"name": "kno'), ["stall.yaml:9"]);
    const place = await definitions(opened, '"namespace": "stal');
    assert.deepEqual(place, ["stall.yaml:4"]);
  });

  it("lead to those who use them, in all files", async () => {
    const found = await call<Location[]>("ReferenceProvider", stall, "labels:\n        app: t");
    assert.deepEqual(found.map(shown).sort(), [
      "door.yaml:5",
      "stall.yaml:23",
      "stall.yaml:27",
      "stall.yaml:45",
    ]);
  });

  it("are lit up where they stand in the same file", async () => {
    const found = await call<DocumentHighlight[]>("DocumentHighlights", stall, "name: knob");
    assert.deepEqual(found.map(({ range }) => range.start.line + 1).sort(), [34, 9].sort());
  });

  it("are changed everywhere at once, or the reason is told", async () => {
    const target = await commands.executeCommand<{ placeholder: string }>(
      "vscode.prepareRename",
      stall.uri,
      positionOf(stall, "labels:\n        app: t"),
    );
    assert.equal(target.placeholder, "trolley");
    const edit = await rename(stall, "labels:\n        app: t", "basket");
    assert.deepEqual(
      edit.entries().map(([uri, edits]) => [name(uri), edits.map(({ newText }) => newText)]),
      [
        ["stall.yaml", ["basket", "basket", "basket"]],
        ["door.yaml", ["basket"]],
      ],
    );
    await assert.rejects(rename(stall, "labels:\n        app: t", "no good"), /a valid label/);
    await assert.rejects(rename(stall, "image: ngi", "x"), /can be renamed/);
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

  it("are forgotten with the file that made them", async () => {
    const symbols = async (): Promise<number> =>
      (
        await commands.executeCommand<unknown[]>(
          "vscode.executeWorkspaceSymbolProvider",
          "Service/fleeting",
        )
      ).length;
    const making = new WorkspaceEdit();
    const contents = new TextEncoder().encode(service.replace("door", "fleeting"));
    making.createFile(example("fleeting.yaml"), { contents });
    await workspace.applyEdit(making);
    await eventually(symbols, (count) => count === 1, "the new file's object");
    const deleting = new WorkspaceEdit();
    deleting.deleteFile(example("fleeting.yaml"));
    await workspace.applyEdit(deleting);
    await eventually(symbols, (count) => count === 0, "nothing of it");
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
