// The editor's layer over a cluster in a worker thread: all that the desktop's entry loads later.
import { type ExtensionContext, env, type TreeView, Uri, workspace } from "vscode";
import { openNodeCluster } from "./engine/host/nodeCluster.ts";
import { timelineStrings } from "./timelineStrings.ts";
import { activateEditor, type Editor } from "./vscode/activate.ts";
import { settings } from "./vscode/commandIds.ts";
import type { ClusterFactory } from "./vscode/session.ts";
import type { TreeElement } from "./vscode/treeElements.ts";

const megabyte = 1024 * 1024;

export function openEditor(context: ExtensionContext, view: TreeView<TreeElement>): Editor {
  return activateEditor(context, {
    view,
    openCluster: clusterFactory(context.extensionUri),
    timelineStrings: timelineStrings(env.language),
    images: async () => (await import("./engine/node/catalogImageNames.ts")).catalogImageNames(),
  });
}

function clusterFactory(extensionUri: Uri): ClusterFactory {
  return async ({ storage }) => {
    await workspace.fs.createDirectory(storage);
    return openNodeCluster({
      name: "tutor",
      workerPath: Uri.joinPath(extensionUri, "dist/worker.cjs").fsPath,
      storagePath: Uri.joinPath(storage, "cluster.sqlite").fsPath,
      historyBytes: workspace.getConfiguration().get(settings.historyMemory, 512) * megabyte,
    });
  };
}
