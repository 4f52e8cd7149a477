// What suites in the extension host share: the extension, its workspace, and waiting for events.
import assert from "node:assert/strict";
import {
  type Diagnostic,
  type Event,
  type Extension,
  extensions,
  languages,
  Range,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";

const eventTimeoutMs = 15_000;

/** The extension under test. */
export function extension(): Extension<unknown> {
  const found = extensions.getExtension("kubernetes-tutor.kubernetes-tutor");
  assert.ok(found, "the extension isn't installed");
  return found;
}

/** What the extension's `activate` returned, activating it first if nothing else has. */
export function activated(): Promise<unknown> {
  return Promise.resolve(extension().activate());
}

/** The address of a file in the workspace, which is a copy of examples/. */
export function example(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, "no folder is open");
  return Uri.joinPath(folder.uri, name);
}

/** Opens an example in an editor. */
export async function openExample(name: string): Promise<TextEditor> {
  return window.showTextDocument(await workspace.openTextDocument(example(name)));
}

/** Replaces the whole text of an editor, as a user who pastes would. */
export async function replaceText(editor: TextEditor, text: string): Promise<void> {
  const all = editor.document.validateRange(new Range(0, 0, editor.document.lineCount, 0));
  assert.ok(await editor.edit((edit) => edit.replace(all, text)), "the edit was refused");
}

/** The diagnostics of a file, as soon as they are as `isExpected` wants them. */
export async function diagnosticsOf(
  uri: Uri,
  isExpected: (diagnostics: readonly Diagnostic[]) => boolean,
): Promise<readonly Diagnostic[]> {
  const read = () => languages.getDiagnostics(uri);
  await until(
    languages.onDidChangeDiagnostics,
    () => isExpected(read()),
    () => `diagnostics of ${uri.path}: ${JSON.stringify(read(), null, 2)}`,
  );
  return read();
}

/**
 * Waits until `isTrue`, which is asked now and after each event.
 * @throws Error with `describe()` after 15 seconds.
 */
export function until<T>(
  event: Event<T>,
  isTrue: () => boolean,
  describe: () => string,
): Promise<void> {
  if (isTrue()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`waited in vain; ${describe()}`));
    }, eventTimeoutMs);
    const subscription = event(() => {
      if (!isTrue()) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    });
  });
}
