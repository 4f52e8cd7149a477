// New Cluster: another cluster in the place of the present one, set up in one of the two ways that people
// have, or as a cluster file describes it.
import { type Uri, window, workspace } from "vscode";
import { type MachineSpec, type NewCluster, usualSize } from "../api/clusterSpec.ts";
import { l10n } from "../base/localize.ts";
import { replaceCluster } from "./clusterFiles.ts";
import { commands } from "./commandIds.ts";
import type { ComponentLogs } from "./componentLogs.ts";
import { loadLanguage } from "./loadLanguage.ts";
import { withProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";

const mostWorkers = 5_000;

export function newClusterCommands(session: Session, logs: ComponentLogs): CommandHandlers {
  const create = async (cluster: NewCluster): Promise<void> => {
    if (!(await isConfirmed())) return;
    await withProgress(l10n.t("Making the cluster"), async () =>
      replaceCluster(session, (files) => files.create(cluster)),
    );
    if (cluster.setUp === "kubeadm") await logs.openKubeadm();
  };
  return {
    [commands.newCluster]: async () => {
      const setUp = await pickWay();
      const machines = setUp && (await pickMachines());
      if (machines) await create({ ...setUp, ...machines });
    },
    [commands.newClusterFromFile]: async (clicked) => {
      const file = (clicked as Uri | undefined) ?? (await askForFile());
      const described = file && (await describedBy(file));
      if (described) await create(described);
    },
  };
}

async function pickWay(): Promise<NewCluster | undefined> {
  const items = [
    {
      label: l10n.t("As kubeadm does"),
      detail: l10n.t(
        "Everything runs: static Pods, kube-proxy, CoreDNS, and workers that joined by a token.",
      ),
      way: { setUp: "kubeadm" },
    },
    {
      label: l10n.t("The hard way"),
      detail: l10n.t(
        "Nothing runs. Start etcd, kube-apiserver and the others from the tree, in any order.",
      ),
      way: { setUp: "byHand", hasDefaultStorage: false, hasMetricsServer: false },
    },
  ] as const;
  const options = { title: l10n.t("New Cluster (1/2)"), placeHolder: l10n.t("How is it set up?") };
  return (await window.showQuickPick(items, options))?.way;
}

async function pickMachines(): Promise<NewCluster | undefined> {
  const title = l10n.t("New Cluster (2/2)");
  const items = [
    {
      label: l10n.t("Three workers that differ"),
      detail: l10n.t("In three zones, of 2, 4 and 8 cpu: the scheduler has a choice."),
      ask: async (): Promise<NewCluster | undefined> => ({}),
    },
    {
      label: l10n.t("Workers that are all alike…"),
      detail: l10n.t("As many as you like, of 4 cpu and 8Gi each."),
      ask: async (): Promise<NewCluster | undefined> => {
        const count = await askForCount(title);
        return count === undefined ? undefined : { machines: machinesOf(count) };
      },
    },
  ];
  const options = { title, placeHolder: l10n.t("Which machines does it have?") };
  return (await window.showQuickPick(items, options))?.ask();
}

async function askForCount(title: string): Promise<number | undefined> {
  const text = await window.showInputBox({
    title,
    value: "3",
    prompt: l10n.t("How many workers?"),
    validateInput: (value) =>
      isCount(value) ? undefined : l10n.t("A number from 0 to {0}", mostWorkers),
  });
  return text === undefined ? undefined : Number(text);
}

function isCount(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= mostWorkers;
}

function machinesOf(workers: number): readonly MachineSpec[] {
  return [
    { name: "control-plane", role: "control-plane", ...usualSize },
    ...Array.from(
      { length: workers },
      (_, i): MachineSpec => ({ name: `worker-${i + 1}`, role: "worker", ...usualSize }),
    ),
  ];
}

async function askForFile(): Promise<Uri | undefined> {
  const filters = { [l10n.t("Cluster files in YAML")]: ["yaml", "yml"] };
  return (await window.showOpenDialog({ filters }))?.[0];
}

/** What the file describes; what is wrong with it is shown, and then there is nothing. */
async function describedBy(file: Uri): Promise<NewCluster | undefined> {
  const { readClusterText } = await loadLanguage();
  const document = await workspace.openTextDocument(file);
  const result = readClusterText(document.getText());
  if ("spec" in result) return result.spec;
  const detail = result.problems.map(({ message }) => message).join("\n");
  await window.showErrorMessage(l10n.t("The cluster file is refused."), { modal: true, detail });
  return undefined;
}

async function isConfirmed(): Promise<boolean> {
  const make = l10n.t("New Cluster");
  const question = l10n.t("Put a new cluster in the place of this one?");
  const detail = l10n.t("What is in the cluster now is deleted. This cannot be undone.");
  const options = { modal: true, detail };
  return (await window.showWarningMessage(question, options, make)) === make;
}
