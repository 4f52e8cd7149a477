// The desktop's entry: the editor's layer over a cluster in a worker thread.
import { join } from "node:path";
import { type ExtensionContext, env, Uri, workspace } from "vscode";
import { openNodeCluster } from "./engine/host/nodeCluster.ts";
import { timelineStrings } from "./timelineStrings.ts";
import { activateEditor, type Editor } from "./vscode/activate.ts";
import type { ClusterFactory } from "./vscode/session.ts";

let editor: Editor | undefined;

export function activate(context: ExtensionContext): void {
  editor = activateEditor(context, {
    openCluster: clusterFactory(context.extensionPath),
    timelineStrings: timelineStrings(env.language),
  });
  context.subscriptions.push(editor);
}

export async function deactivate(): Promise<void> {
  await editor?.end();
}

function clusterFactory(extensionPath: string): ClusterFactory {
  return async ({ storage }) => {
    await workspace.fs.createDirectory(storage);
    return openNodeCluster({
      name: "tutor",
      workerPath: join(extensionPath, "dist/worker.cjs"),
      storagePath: Uri.joinPath(storage, "cluster.sqlite").fsPath,
    });
  };
}
