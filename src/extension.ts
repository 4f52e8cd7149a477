// The desktop's entry. It stays small, for it is loaded with the first YAML file: what costs is loaded
// when somebody looks at the cluster, calls a command, or opens a manifest.
import {
  type ExtensionContext,
  type TextDocument,
  commands as vscodeCommands,
  window,
  workspace,
} from "vscode";
import type { Editor } from "./vscode/activate.ts";
import { commands, timelineViewType, views } from "./vscode/commandIds.ts";
import { LazyTree } from "./vscode/lazyTree.ts";
import { looksBlank, looksLikeManifest } from "./vscode/manifestSniff.ts";
import type { TreeElement } from "./vscode/treeElements.ts";

let loading: Promise<Editor> | undefined;

/** What `activate` hands out: tests in the extension host read the session and the tree through it. */
export interface ExtensionApi {
  /** Loads the rest of the extension, if nothing has. */
  editor(): Promise<Editor>;
}

export function activate(context: ExtensionContext): ExtensionApi {
  const { subscriptions } = context;
  const load = (): Promise<Editor> => {
    loading ??= open();
    return loading;
  };
  const lazyTree = new LazyTree<TreeElement>(async () => (await load()).tree);
  const view = window.createTreeView(views.cluster, {
    treeDataProvider: lazyTree,
    showCollapseAll: true,
  });
  const open = async (): Promise<Editor> => {
    const { openEditor } = await import("./desktop.ts");
    const editor = openEditor(context, view);
    lazyTree.follow(editor.tree);
    subscriptions.push(editor);
    return editor;
  };
  subscriptions.push(
    view,
    ...Object.values(commands).map((id) =>
      vscodeCommands.registerCommand(id, async (...args) => (await load()).run(id, args)),
    ),
    window.registerWebviewPanelSerializer(timelineViewType, {
      deserializeWebviewPanel: async (panel) => (await load()).adoptTimeline(panel),
    }),
    whenManifestAppears(load),
  );
  return { editor: load };
}

export async function deactivate(): Promise<void> {
  await (await loading)?.end();
}

/** Languages in which manifests are written. */
const languages: readonly string[] = ["yaml", "json", "jsonc"];

/** Calls `found` once a document holds a manifest, or may become one, if it is not open already. */
function whenManifestAppears(found: () => Promise<Editor>): { dispose(): void } {
  const look = (document: TextDocument): boolean => {
    const { languageId } = document;
    const text = document.getText();
    const isOne =
      (languages.includes(languageId) && looksLikeManifest(text)) ||
      (languageId === "yaml" && looksBlank(text));
    if (!isOne) return false;
    for (const listener of listeners) listener.dispose();
    // Not within the activation, which the user waits for.
    setTimeout(found, 0);
    return true;
  };
  const listeners = [
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => look(document)),
  ];
  workspace.textDocuments.some(look);
  return { dispose: () => listeners.forEach((listener) => void listener.dispose()) };
}
