// Add Node and Remove Node: machines come and go while the cluster runs.
import { window } from "vscode";
import type { MachineSpec } from "../api/clusterSpec.ts";
import type { Taint } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { commands } from "./commandIds.ts";
import type { ComponentLogs } from "./componentLogs.ts";
import type { LiveClusters } from "./liveCluster.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";
import { type TreeElement, workersOf } from "./treeElements.ts";

const steps = 4;

export function machineCommands(clusters: LiveClusters, logs: ComponentLogs): CommandHandlers {
  return {
    [commands.addNode]: async () => {
      const { cluster, facts } = await clusters.ready();
      const machine = await askForMachine(facts);
      if (machine) await cluster.simulator.machines.add(machine);
    },
    [commands.removeNode]: async (element) => {
      const { cluster, facts } = await clusters.ready();
      const node = nodeOf(element) ?? (await pickWorker(facts));
      const how = node === undefined ? undefined : await pickHow(node);
      if (node !== undefined && how) await cluster.simulator.machines.remove(node, how);
    },
    [commands.showComponentLog]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type === "component") await logs.openComponent(element.component);
      else if (element?.type === "nodePart" && element.part !== "containerRuntime")
        await logs.openAgent(element.node, element.part === "kubelet" ? "kubelet" : "kube-proxy");
    },
  };
}

async function askForMachine(facts: ClusterFacts): Promise<MachineSpec | undefined> {
  const name = await ask(1, l10n.t("Name of the node"), { value: freeName(facts) });
  if (name === undefined) return undefined;
  const size = await pickSize();
  if (!size) return undefined;
  const zone = await ask(3, l10n.t("Zone and labels, e.g. zone=zone-b,disktype=ssd"));
  if (zone === undefined) return undefined;
  const taints = await ask(4, l10n.t("Taints, e.g. gpu=true:NoSchedule"), { check: taintProblem });
  if (taints === undefined) return undefined;
  const { zone: place, region, ...labels } = pairsOf(zone);
  return {
    name,
    role: "worker",
    ...size,
    ...(place === undefined ? {} : { zone: place }),
    ...(region === undefined ? {} : { region }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(taints === "" ? {} : { taints: taints.split(",").map(taintOf) }),
  };
}

interface Question {
  readonly value?: string;
  check?(text: string): string | undefined;
}

async function ask(
  step: number,
  prompt: string,
  { value = "", check }: Question = {},
): Promise<string | undefined> {
  const text = await window.showInputBox({
    title: titleOf(step),
    prompt,
    value,
    ...(check ? { validateInput: check } : {}),
  });
  return text?.trim();
}

function titleOf(step: number): string {
  return l10n.t("Add Node ({0}/{1})", step, steps);
}

async function pickSize(): Promise<Pick<MachineSpec, "cpu" | "memory"> | undefined> {
  const sizes = [
    { cpu: "1", memory: "2Gi" },
    { cpu: "2", memory: "4Gi" },
    { cpu: "4", memory: "8Gi" },
    { cpu: "8", memory: "16Gi" },
    { cpu: "16", memory: "64Gi" },
  ];
  const other = { label: l10n.t("Another size…"), size: undefined };
  const items = [
    ...sizes.map((size) => ({ label: `${size.cpu} cpu · ${size.memory}`, size })),
    other,
  ];
  const placeHolder = l10n.t("Size of the machine");
  const picked = await window.showQuickPick(items, { title: titleOf(2), placeHolder });
  if (picked !== other) return picked?.size;
  const cpu = await ask(2, l10n.t("Cpu, e.g. 4 or 500m"), { value: "4" });
  const memory = cpu && (await ask(2, l10n.t("Memory, e.g. 8Gi"), { value: "8Gi" }));
  return cpu && memory ? { cpu, memory } : undefined;
}

/** "worker-4" if there are three. */
function freeName(facts: ClusterFacts): string {
  const taken = new Set([
    ...facts.nodes.keys(),
    ...(facts.status?.unregistered ?? []).map(({ name }) => name),
  ]);
  let number = 1;
  while (taken.has(`worker-${number}`)) number++;
  return `worker-${number}`;
}

function pairsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = "", ...value] = pair.trim().split("=");
      return [key, value.join("=")];
    }),
  );
}

const taintPattern = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

function taintProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const wrong = text.split(",").find((taint) => !taintPattern.test(taint.trim()));
  return wrong === undefined
    ? undefined
    : l10n.t("{0} is no taint: KEY=VALUE:NoSchedule, PreferNoSchedule or NoExecute", wrong);
}

function taintOf(text: string): Taint {
  const [, key = "", value, effect = ""] = taintPattern.exec(text.trim()) ?? [];
  return { key, effect: effect as Taint["effect"], ...(value ? { value } : {}) };
}

function nodeOf(argument: unknown): string | undefined {
  const element = argument as TreeElement | undefined;
  return element?.type === "node" ? element.name : undefined;
}

async function pickWorker(facts: ClusterFacts): Promise<string | undefined> {
  const names = workersOf(facts).map(({ metadata }) => metadata.name);
  return window.showQuickPick(names, { placeHolder: l10n.t("Choose a worker node") });
}

async function pickHow(node: string): Promise<"drain" | "pullThePlug" | undefined> {
  const items = [
    {
      label: l10n.t("Drain it first"),
      detail: l10n.t("It takes no more Pods, those that are there leave, and then it goes."),
      how: "drain",
    },
    {
      label: l10n.t("Pull the plug"),
      detail: l10n.t("It is gone at once, with all that runs on it."),
      how: "pullThePlug",
    },
  ] as const;
  const title = l10n.t("Remove {0}", node);
  return (await window.showQuickPick(items, { title }))?.how;
}
