// Breaking things and mending them again: what is broken of a node is ticked, and ticks can be changed.
import { type QuickPickItem, window } from "vscode";
import { type Fault, faultKey } from "../api/fault.ts";
import { keyText } from "../api/object.ts";
import { l10n } from "../base/localize.ts";
import { minute, second } from "../base/time.ts";
import type { Simulator } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { commands } from "./commandIds.ts";
import type { LiveClusters } from "./liveCluster.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";
import type { TreeElement } from "./treeElements.ts";

interface Choice extends QuickPickItem {
  readonly fault: Fault;
}

/** A node, or what lies around the cluster. */
interface Place extends QuickPickItem {
  readonly choices: readonly Choice[];
}

export function faultCommands(clusters: LiveClusters): CommandHandlers {
  const live = (): { readonly simulator: Simulator; readonly facts: ClusterFacts } => {
    const { cluster, facts } = clusters.live ?? {};
    if (!cluster?.simulator || !facts) throw new Error(l10n.t("The cluster isn't running."));
    return { simulator: cluster.simulator, facts };
  };
  return {
    [commands.breakOrMend]: async (argument) => {
      const { simulator, facts } = live();
      const place = placeOf(argument as TreeElement | undefined) ?? (await pickPlace(facts));
      if (place) await breakOrMend(simulator, place);
    },
    [commands.killContainer]: async (argument) => {
      const { simulator, facts } = live();
      const fault = await pickContainer(argument as TreeElement | undefined, facts);
      if (fault) await simulator.inject(fault);
    },
  };
}

async function breakOrMend(simulator: Simulator, { label, choices }: Place): Promise<void> {
  const { faults } = simulator.status;
  const present = new Set(faults.map(faultKey));
  const isPresent = ({ fault }: Choice): boolean => present.has(faultKey(fault));
  const items = choices.map((choice) => ({ ...choice, picked: isPresent(choice) }));
  const chosen = await window.showQuickPick(items, {
    canPickMany: true,
    matchOnDetail: true,
    title: l10n.t("Break or Mend: {0}", label),
    placeHolder: l10n.t("What is ticked is broken"),
  });
  if (!chosen) return;
  for (const item of items) {
    if (chosen.includes(item)) await simulator.inject(item.fault);
    else if (item.picked) await simulator.heal(item.fault);
  }
}

function placeOf(element: TreeElement | undefined): Place | undefined {
  return element?.type === "node" ? nodePlace(element.name) : undefined;
}

function nodePlace(node: string): Place {
  return { label: node, choices: nodeChoices(node) };
}

async function pickPlace({ nodes }: ClusterFacts): Promise<Place | undefined> {
  const places = [
    ...[...nodes.keys()].sort().map(nodePlace),
    { label: l10n.t("Outside of the cluster"), choices: outsideChoices() },
  ];
  const placeHolder = l10n.t("Where is something to break?");
  return window.showQuickPick(places, { placeHolder });
}

function outsideChoices(): readonly Choice[] {
  return [
    {
      label: l10n.t("Image registries are down"),
      detail: l10n.t("Pods whose image isn't on their node can't start."),
      fault: { type: "stopRegistries" },
    },
  ];
}

function nodeChoices(node: string): readonly Choice[] {
  return [
    {
      label: l10n.t("Powered off"),
      detail: l10n.t("Everything on it is gone, and nobody is told."),
      fault: { type: "powerOff", node },
    },
    {
      label: l10n.t("Cut off the network"),
      detail: l10n.t("Its Pods run on, but the control plane hears nothing of them."),
      fault: { type: "cutOffNode", node },
    },
    {
      label: l10n.t("kubelet stopped"),
      detail: l10n.t("Its containers run on, and nobody looks after them."),
      fault: { type: "stopNodeService", node, service: "kubelet" },
    },
    {
      label: l10n.t("kube-proxy stopped"),
      detail: l10n.t("Its rules stay as they are, whatever becomes of Services."),
      fault: { type: "stopNodeService", node, service: "kube-proxy" },
    },
    {
      label: l10n.t("Every other heartbeat is lost"),
      detail: l10n.t("Leases and status reports often don't arrive."),
      fault: { type: "loseHeartbeats", node, percent: 50 },
    },
    {
      label: l10n.t("Heartbeats arrive a minute late"),
      detail: l10n.t("Longer than the control plane waits before it doubts a node."),
      fault: { type: "delayHeartbeats", node, byMs: minute },
    },
    {
      label: l10n.t("Memory is short"),
      detail: l10n.t("Something takes what is free: the kubelet evicts Pods."),
      fault: { type: "pressure", node, resource: "memory" },
    },
    {
      label: l10n.t("The disk is full"),
      detail: l10n.t("The kubelet removes unused images, then evicts Pods."),
      fault: { type: "pressure", node, resource: "disk" },
    },
    {
      label: l10n.t("Every third packet is lost"),
      detail: l10n.t("Connections of its Pods to other machines become slow or fail."),
      fault: { type: "losePackets", node, percent: 33 },
    },
    {
      label: l10n.t("Its clock is ten minutes ahead"),
      detail: l10n.t("Its reports carry wrong times."),
      fault: { type: "skewClock", node, byMs: 600 * second },
    },
  ];
}

async function pickContainer(
  element: TreeElement | undefined,
  facts: ClusterFacts,
): Promise<Fault | undefined> {
  if (element?.type !== "pod" && element?.type !== "container") return undefined;
  const { namespace, name: pod } = element.key;
  const container =
    element.type === "container"
      ? element.name
      : await pickRunning(element.key, facts.pod(element.key)?.status?.containerStatuses ?? []);
  return container === undefined ? undefined : { type: "killContainer", namespace, pod, container };
}

async function pickRunning(
  key: { readonly namespace: string; readonly name: string },
  statuses: readonly { readonly name: string; readonly state?: { readonly running?: unknown } }[],
): Promise<string | undefined> {
  const names = statuses.filter(({ state }) => state?.running).map(({ name }) => name);
  if (names.length === 0) {
    window.showInformationMessage(l10n.t("No container of {0} is running.", keyText(key)));
    return undefined;
  }
  return names.length === 1
    ? names[0]
    : window.showQuickPick(names, { placeHolder: l10n.t("Choose a container") });
}
