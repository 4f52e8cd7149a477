// Commands on the clock and on what may be broken: the machines' power, and control plane components.
import { window } from "vscode";
import { type Fault, faultKey } from "../api/fault.ts";
import { l10n } from "../base/localize.ts";
import type { Simulator } from "../client/cluster.ts";
import { pickSpeed, showClockActions } from "./clockStatus.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { type CommandId, commands } from "./commandIds.ts";
import { stopOf } from "./componentRows.ts";
import type { LiveClusters } from "./liveCluster.ts";
import { isPoweredOff, serviceOf } from "./nodeRows.ts";
import { type Component, type TreeElement, workersOf } from "./treeElements.ts";

export type CommandHandler = (...args: readonly unknown[]) => Promise<void>;
export type CommandHandlers = Partial<Record<CommandId, CommandHandler>>;

const stoppable: readonly Component[] = [
  "etcd",
  "kube-apiserver",
  "kube-scheduler",
  "kube-controller-manager",
];

export function simulatorCommands(clusters: LiveClusters): CommandHandlers {
  const simulator = async (): Promise<Simulator> => {
    const found = clusters.live?.cluster.simulator;
    if (!found) throw new Error(l10n.t("The cluster isn't running."));
    return found;
  };
  const facts = (): ClusterFacts | undefined => clusters.live?.facts;
  return {
    [commands.pauseClock]: async () => (await simulator()).pause(),
    [commands.resumeClock]: async () => (await simulator()).resume(),
    [commands.stepClock]: async () => (await simulator()).step(),
    [commands.setClockSpeed]: async () => {
      const clock = await simulator();
      const speed = await pickSpeed(clock.status.speed);
      if (speed !== undefined) await clock.setSpeed(speed);
    },
    [commands.showClockActions]: async () => showClockActions((await simulator()).status),
    [commands.powerOffNode]: async (element) => {
      const clock = await simulator();
      const node = nodeOf(element) ?? (await pickNode(facts(), false));
      if (node !== undefined) await clock.inject({ type: "powerOff", node });
    },
    [commands.powerOnNode]: async (element) => {
      const clock = await simulator();
      const node = nodeOf(element) ?? (await pickNode(facts(), true));
      if (node !== undefined) await clock.heal({ type: "powerOff", node });
    },
    [commands.stopComponent]: async (element) => {
      const clock = await simulator();
      const fault = stopAt(element, facts()) ?? (await pickComponent(clock, false));
      if (fault) await clock.inject(fault);
    },
    [commands.startComponent]: async (element) => {
      const clock = await simulator();
      const fault = stopAt(element, facts()) ?? (await pickComponent(clock, true));
      if (fault) await clock.heal(fault);
    },
    [commands.moveManifestAway]: async (element) => {
      const clock = await simulator();
      const fault = stopAt(element, facts()) ?? (await pickComponent(clock, false));
      if (fault) await clock.inject(fault);
    },
    [commands.putManifestBack]: async (element) => {
      const clock = await simulator();
      const fault = stopAt(element, facts()) ?? (await pickComponent(clock, true));
      if (fault) await clock.heal(fault);
    },
  };
}

function nodeOf(argument: unknown): string | undefined {
  const element = argument as TreeElement | undefined;
  return element?.type === "node" ? element.name : undefined;
}

/** What stops the element's process; undefined if it stands for none. */
function stopAt(argument: unknown, facts: ClusterFacts | undefined): Fault | undefined {
  const element = argument as TreeElement | undefined;
  switch (element?.type) {
    case "controller":
      return { type: "stopController", controller: element.name };
    case "component":
      return stopOf(element.component);
    case "pod": {
      const component = stoppable.find((name) => element.key.name.startsWith(`${name}-`));
      return component && stopOf(component);
    }
    case "nodePart": {
      const service = facts && serviceOf(element.part, facts);
      return service && { type: "stopNodeService", node: element.node, service };
    }
    default:
      return undefined;
  }
}

async function pickNode(facts: ClusterFacts | undefined, isOff: boolean) {
  if (!facts) return undefined;
  const names = workersOf(facts)
    .map(({ metadata }) => metadata.name)
    .filter((name) => isPoweredOff(name, facts) === isOff);
  if (names.length === 0) {
    window.showInformationMessage(
      isOff
        ? l10n.t("No worker node is powered off.")
        : l10n.t("All worker nodes are powered off."),
    );
    return undefined;
  }
  return window.showQuickPick(names, { placeHolder: l10n.t("Choose a worker node") });
}

async function pickComponent(
  { status }: Simulator,
  isStopped: boolean,
): Promise<Fault | undefined> {
  const present = new Set(status.faults.map(faultKey));
  const isDown = (component: Component): boolean => present.has(faultKey(stopOf(component)));
  const items = stoppable
    .filter((component) => isDown(component) === isStopped)
    .map((component) => ({ label: component, fault: stopOf(component) }));
  if (items.length === 0) {
    window.showInformationMessage(
      isStopped ? l10n.t("No component is stopped.") : l10n.t("All components are stopped."),
    );
    return undefined;
  }
  const placeHolder = l10n.t("Choose a component of the control plane");
  return (await window.showQuickPick(items, { placeHolder }))?.fault;
}
