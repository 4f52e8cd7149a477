// Export, import and reset: the cluster as files that people keep and give to each other.
import { Uri, window, workspace } from "vscode";
import { l10n } from "../base/localize.ts";
import { commands } from "./commandIds.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { withProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";

const snapshotExtension = "k8stutor";

export interface ClusterFilesWorld {
  readonly session: Session;
  /** Applies the objects of a manifest. */
  deploy(manifest: Uri): Promise<void>;
}

export function clusterFileCommands({ session, deploy }: ClusterFilesWorld): CommandHandlers {
  return {
    [commands.exportCluster]: async () => {
      const format = await pickFormat();
      const target = format && (await askWhere(format));
      if (!target) return;
      await withProgress(l10n.t("Exporting the cluster"), async () => {
        const { files } = (await session.start()).simulator;
        if (format === "snapshot") await files.exportSnapshot(target.fsPath);
        else await workspace.fs.writeFile(target, await manifestOf(await files.exportObjects()));
      });
      const open = l10n.t("Open");
      const done = l10n.t("The cluster is in {0}.", target.fsPath);
      const more = format === "yaml" ? [open] : [];
      if ((await window.showInformationMessage(done, ...more)) === open)
        await window.showTextDocument(target);
    },
    [commands.importCluster]: async () => {
      const [source] = (await window.showOpenDialog({ filters: filters() })) ?? [];
      if (!source) return;
      if (/\.ya?ml$/i.test(source.path)) await deploy(source);
      else await importSnapshot(session, source);
    },
    [commands.resetCluster]: async () => {
      const reset = l10n.t("Reset");
      const question = l10n.t("Reset the cluster?");
      const detail = l10n.t(
        "Every object and its history is deleted, and a new cluster is started. This cannot be undone.",
      );
      const options = { modal: true, detail };
      if ((await window.showWarningMessage(question, options, reset)) !== reset) return;
      await withProgress(l10n.t("Resetting the cluster"), async () =>
        replaceCluster(session, (files) => files.reset()),
      );
    },
  };
}

type Files = Awaited<ReturnType<Session["start"]>>["simulator"]["files"];

async function importSnapshot(session: Session, source: Uri): Promise<void> {
  const replace = l10n.t("Replace");
  const question = l10n.t("Replace the cluster with the snapshot?");
  const detail = l10n.t("What is in the cluster now is deleted. This cannot be undone.");
  const options = { modal: true, detail };
  if ((await window.showWarningMessage(question, options, replace)) !== replace) return;
  await withProgress(l10n.t("Importing the snapshot"), async () =>
    replaceCluster(session, (files) => files.importSnapshot(source.fsPath)),
  );
}

/** Resolves when the cluster that took the other's place runs. */
export async function replaceCluster(
  session: Session,
  act: (files: Files) => Promise<void>,
): Promise<void> {
  const before = await session.start();
  const running = new Promise<void>((resolve) => {
    const listening = session.onState((state) => {
      const isOver =
        state.phase === "failed" || (state.phase === "running" && state.cluster !== before);
      if (!isOver) return;
      listening.dispose();
      resolve();
    });
  });
  await act(before.simulator.files);
  await running;
}

async function pickFormat(): Promise<"yaml" | "snapshot" | undefined> {
  const items = [
    {
      label: l10n.t("Manifests in YAML"),
      detail: l10n.t("What you made, without what the cluster added. Apply it to any cluster."),
      format: "yaml",
    },
    {
      label: l10n.t("Snapshot"),
      detail: l10n.t("Everything, with its history and the timeline. Import it here again."),
      format: "snapshot",
    },
  ] as const;
  const placeHolder = l10n.t("What should be exported?");
  return (await window.showQuickPick(items, { placeHolder }))?.format;
}

function askWhere(format: "yaml" | "snapshot"): Thenable<Uri | undefined> {
  const [folder] = workspace.workspaceFolders ?? [];
  const name = format === "yaml" ? "cluster.yaml" : `cluster.${snapshotExtension}`;
  return window.showSaveDialog({
    filters: filters(format),
    ...(folder ? { defaultUri: Uri.joinPath(folder.uri, name) } : {}),
  });
}

function filters(format?: "yaml" | "snapshot"): Record<string, string[]> {
  const yaml = { [l10n.t("Manifests in YAML")]: ["yaml", "yml"] };
  const snapshot = { [l10n.t("Snapshot")]: [snapshotExtension] };
  if (format) return format === "yaml" ? yaml : snapshot;
  return { [l10n.t("Clusters")]: ["yaml", "yml", snapshotExtension], ...yaml, ...snapshot };
}

async function manifestOf(objects: Awaited<ReturnType<Files["exportObjects"]>>) {
  const { yamlOf } = await loadLanguage();
  return new TextEncoder().encode(objects.map(yamlOf).join("---\n"));
}
