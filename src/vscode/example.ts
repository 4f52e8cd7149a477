// A manifest to begin with, in an editor of its own.
import { Uri, window, workspace } from "vscode";

/** Opens examples/web.yaml of the extension as a new document, so that one may change and deploy it. */
export async function openExample(extensionUri: Uri): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, "examples/web.yaml"));
  const content = new TextDecoder().decode(bytes);
  const document = await workspace.openTextDocument({ language: "yaml", content });
  await window.showTextDocument(document);
}
